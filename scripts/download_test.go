package scripts

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What a job downloads: GitHub serves a tag as git archive packs and compresses it. That of
// v1.2.3 holds what a job runs, and that of v1.2.3-full the sources too.
func TestArchive(t *testing.T) {
	t.Parallel()
	r := release(t)
	small, full := downloaded(t, r, "v1.2.3", maxArchive), downloaded(t, r, "v1.2.3-full", 0)
	var names []string
	for _, name := range slices.Concat([]string{"SHA256SUMS", "VERSION", "sbom.cdx.json"}, programs()) {
		if !strings.HasPrefix(name, "vault-secret") || strings.Contains(name, "_linux_") {
			names = append(names, "dist/"+name)
		}
	}
	names = slices.Concat([]string{".gitattributes", ".gitignore", "LICENSE", "action.yml"}, names,
		[]string{"emulator/action.yml", "emulator/bash.js", "emulator/main.js", "emulator/post.js", "emulator/runner.js"},
		[]string{"scripts/launch.sh", "scripts/provide.sh"})
	if diff := cmp.Diff(names, small.files(t)); diff != "" {
		t.Errorf("- wanted, + downloaded:\n%s", diff)
	}
	if _, err := start(full.dir, nil, "go", "list", "-deps", "."); err != nil {
		t.Error(err)
	}
	for folder, want := range map[repository]string{
		small: "no sources to build one from. Use nairi-community/vault-secret@v1.2.3-full", full: "no Go to build one. Run actions/setup-go",
	} {
		out, err := start(folder.dir, []string{"PATH=", "RUNNER_OS=Linux", "RUNNER_ARCH=ARM"}, "bash", "scripts/launch.sh")
		if err == nil || !strings.Contains(out, want) {
			t.Errorf("%v: %q, want %q", err, out, want)
		}
		out, err = start(folder.dir, []string{"PATH=", "RUNNER_OS=Linux", "RUNNER_ARCH=ARM"}, "bash", "scripts/launch.sh", "nairi-emulator")
		if err == nil || !strings.Contains(out, "no sources of the emulator to build one from. Use a released version") {
			t.Errorf("%v: %q", err, out)
		}
	}
}

// downloaded unpacks the archive of a tag into a folder, and checks how big it is.
func downloaded(t *testing.T, r repository, tag string, limit int64) repository {
	t.Helper()
	packed := filepath.Join(t.TempDir(), "archive.tar.gz")
	r.git(t, "archive", "--output", packed, tag)
	info, err := os.Stat(packed)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s has %d bytes as a tarball", tag, info.Size())
	if limit > 0 && info.Size() > limit && !testing.Short() {
		t.Errorf("%s has %d bytes as a tarball, more than %d", tag, info.Size(), limit)
	}
	folder := repository{t.TempDir()}
	if _, err := start(folder.dir, nil, "tar", "-xzf", packed); err != nil {
		t.Fatal(err)
	}
	return folder
}

// files are the names of all that is in a folder.
func (r repository) files(t *testing.T) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(os.DirFS(r.dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
