package scripts

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var link = regexp.MustCompile(`\]\(([^)#\s]+)[^)]*\)`)

// fakeVerifier is a gh that has the files of a release in $FILES, and a make that
// prints what the release is: TestReleaseTree makes it.
const fakeVerifier = `#!/usr/bin/env bash
echo "${0##*/} $*" >>"$FAKES/calls"
case "${0##*/} $1 $2" in
"gh release download") ln -s "$FILES" dist ;;
"make --silent release-tree") [ "$3" = VERSION=v1.2.3 ] && git rev-parse HEAD >>"$FAKES/calls" && git show-ref v1.2.3 v1.2.3-full ;;
esac
`

// What the page says to check a release by, one block after the other, finds
// nothing wrong with a release, and something with another.
func TestReleasingPage(t *testing.T) {
	t.Parallel()
	r := release(t)
	_, page, _ := strings.Cut(here.read(t, "docs/releasing.md"), "## Checking one")
	page, _, _ = strings.Cut(page, "## Making one")
	var recipe string
	for _, block := range strings.Split(page, "\n```sh\n")[1:] {
		block, _, _ = strings.Cut(block, "\n```\n")
		if !strings.Contains(block, "oci://") { // the image has no digest yet
			recipe += "(\n" + block + "\n)\n"
		}
	}
	if strings.Count(recipe, "https://github.com/nairi-community/vault-secret\n") != 1 {
		t.Fatalf("no repository is cloned:\n%s", recipe)
	}
	recipe = "set -euo pipefail\n" + strings.ReplaceAll(recipe, "https://github.com/nairi-community/vault-secret\n", "'"+r.dir+"' vault-secret\n")

	f := newFakes(t)
	f.write(t, "gh", fakeVerifier, 0o755)
	f.write(t, "make", fakeVerifier, 0o755)
	dist := filepath.Join(r.dir, "release", "dist")
	if _, err := start(t.TempDir(), f.env("FILES="+dist), "bash", "-c", recipe); err != nil {
		t.Error(err)
	}
	head := r.git(t, "rev-parse", "HEAD")
	if calls := f.calls(t); len(calls) < 2 || calls[len(calls)-1] != head {
		t.Errorf("it is not built from %s: %q", head, calls)
	}
	sums := r.read(t, "release/dist/SHA256SUMS")
	for name, text := range map[string]string{"sbom.cdx.json": "{}", "SHA256SUMS": sums[:strings.Index(sums, "\n")+1]} {
		spoilt := handOver(t, r)
		spoilt.replace(t, "release/dist/"+name, text)
		if _, err := start(t.TempDir(), f.env("FILES="+filepath.Join(spoilt.dir, "release", "dist")), "bash", "-c", recipe); err == nil {
			t.Errorf("another %s passes", name)
		}
	}
}

// The index of the documentation names every page, and nothing that is not there.
func TestIndexOfDocs(t *testing.T) {
	t.Parallel()
	root := os.DirFS(here.dir)
	var linked, pages []string
	for _, match := range link.FindAllStringSubmatch(here.read(t, "docs/README.md"), -1) {
		target := path.Join("docs", match[1])
		if _, err := fs.Stat(root, target); err != nil {
			t.Error(err)
		}
		if strings.HasPrefix(target, "docs/") {
			linked = append(linked, target)
		}
	}
	err := fs.WalkDir(root, "docs", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && name != "docs/README.md" {
			pages = append(pages, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(linked)
	if diff := cmp.Diff(pages, slices.Compact(linked)); diff != "" {
		t.Errorf("- in docs, + linked from docs/README.md:\n%s", diff)
	}
}
