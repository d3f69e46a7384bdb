package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// releaseOf makes a release of this working tree by make release-tree, for this
// machine alone, and returns what GitHub's runner downloads of it.
func releaseOf(t *testing.T, version string) string {
	t.Helper()
	source, downloaded := filepath.Join(t.TempDir(), "source"), filepath.Join(t.TempDir(), "release")
	if err := newRepository(source, everything); err != nil {
		t.Fatal(err)
	}
	targets, tag := runtime.GOOS+"/"+runtime.GOARCH, version
	if runtime.GOOS != "linux" { // the tag itself holds programs for Linux alone
		targets, tag = targets+" linux/amd64", version+"-full"
	}
	output(t, source, "make", "release-tree", "VERSION="+version, "TARGETS="+targets, "TAG=1")
	if err := os.Mkdir(downloaded, 0o755); err != nil {
		t.Fatal(err)
	}
	output(t, source, "git", "archive", "--output=release.tar", tag)
	output(t, source, "tar", "-xf", "release.tar", "-C", downloaded)
	return downloaded
}

// withoutGo is a folder of the few programs that a runner has to have.
func withoutGo(t *testing.T) string {
	t.Helper()
	bin := t.TempDir()
	for _, name := range []string{"bash", "cat", "env", "git"} {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	return bin
}

// The repository of a user, whose workflow names the release by its tag, on a
// runner without Go and without a network.
func TestRelease(t *testing.T) {
	t.Parallel()
	s := readStory(t, "testdata/rotate.yml")
	s.job.text = strings.ReplaceAll(s.job.text, "uses: ./", "uses: nairi-community/vault-secret@v1.2.3")
	s.job.repository = userRepository(t)
	s.job.options = []string{"--local-repository", "nairi-community/vault-secret@v1.2.3=" + releaseOf(t, "v1.2.3")}
	s.job.environ = []string{"PATH=" + withoutGo(t)}

	if log := s.check(t); !strings.Contains(log, "vault-secret v1.2.3\n") {
		t.Error("the step does not name its version")
	}
}
