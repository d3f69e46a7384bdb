package scripts

import (
	"path/filepath"
	"strings"
	"testing"
)

// fakeVerifier is a gh that has the files of a release in $FILES, and a make that
// prints what the release is: TestReleaseTree makes it.
const fakeVerifier = `#!/usr/bin/env bash
echo "${0##*/} $*" >>"$FAKES/calls"
case "${0##*/} $1 $2" in
"gh release download") ln -s "$FILES" dist ;;
"make -C vault-secret") [ "$*" = "-C vault-secret --silent release-tree VERSION=v1.2.3" ] && cd vault-secret &&
	git rev-parse HEAD >>"$FAKES/calls" && git show-ref v1.2.3 v1.2.3-full ;;
esac
`

// What the page says to verify a release by, copied into one shell from top to bottom,
// finds nothing wrong with a release, and something with another.
func TestVerifyPage(t *testing.T) {
	t.Parallel()
	r := release(t)
	var recipe string
	for _, block := range strings.Split(here.read(t, "docs/verify.md"), "\n```sh\n")[1:] {
		block, _, _ = strings.Cut(block, "\n```\n")
		if !strings.Contains(block, "oci://") { // the image has no digest yet
			recipe += block + "\n"
		}
	}
	if strings.Count(recipe, "https://github.com/nairi-community/vault-secret\n") != 1 {
		t.Fatalf("no repository is cloned:\n%s", recipe)
	}
	recipe = strings.ReplaceAll(recipe, "https://github.com/nairi-community/vault-secret\n", "'"+r.dir+"' vault-secret\n")

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
