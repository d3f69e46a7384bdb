package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// releaseOf makes a release of this working tree by make release-tree, for this
// machine alone, and returns a checkout of its commit.
func releaseOf(t *testing.T, version string) string {
	t.Helper()
	source, checkout := filepath.Join(t.TempDir(), "source"), filepath.Join(t.TempDir(), "release")
	if err := newRepository(source); err != nil {
		t.Fatal(err)
	}
	commit := output(t, source, "make", "--silent", "--no-print-directory", "release-tree", "VERSION="+version, "TARGETS="+runtime.GOOS+"/"+runtime.GOARCH)
	output(t, source, "git", "worktree", "add", "--quiet", "--detach", checkout, commit)
	return checkout
}

// output runs a program and returns what it prints.
func output(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(cleanEnviron(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, errs.String())
	}
	return strings.TrimSpace(string(out))
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
	if testing.Short() {
		t.Skip("runs a workflow in act")
	}
	v := newVault(t)
	id := v.hold(held{"DATABASE_URL", oldValue, []string{"db.example.com"}})
	user, home := t.TempDir(), t.TempDir()
	workflow := strings.ReplaceAll(read(t, "testdata/rotate.yml"), "uses: ./", "uses: nairi-community/vault-secret@v1.2.3")
	write(t, filepath.Join(user, "rotate.yml"), workflow, 0o600)
	if err := commit(user); err != nil {
		t.Fatal(err)
	}
	j := job{
		workflow: "rotate.yml", vault: v, repository: user,
		secrets: map[string]string{"VALUE": freshValue}, vars: map[string]string{"SECRET_ID": id},
	}
	seen := filepath.Join(home, "seen.json")
	args := append(j.args(t, home, seen), "--local-repository", "nairi-community/vault-secret@v1.2.3="+releaseOf(t, "v1.2.3"))
	act := exec.Command(tool(t, findAct), args...)
	act.Dir = user
	act.Env = append(j.environ(t, home), "PATH="+withoutGo(t))
	log, err := act.CombinedOutput()
	got := outcome{log: string(log), failed: err != nil, steps: readSteps(t, seen)}

	got.succeeded(t)
	got.saw(t, "write", v.outputs(t, "updated", "true"))
	got.hides(t, freshValue)
	v.holds(t, held{"DATABASE_URL", freshValue, []string{"db.example.com"}})
	if !strings.Contains(got.log, "vault-secret v1.2.3\n") {
		t.Error("the step does not name its version")
	}
	if t.Failed() {
		t.Log(got.log)
	}
}
