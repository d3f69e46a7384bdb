package scripts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// repository is a clone in a folder of its own.
type repository struct{ dir string }

// here is this working tree, to be read.
var here = repository{".."}

// clone makes a clone of a repository, in a folder of any name.
func clone(t *testing.T, from string, options ...string) repository {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "a [clone]")
	repository{"."}.git(t, append(append([]string{"clone", "--quiet"}, options...), from, dir)...)
	return repository{dir}
}

func (r repository) git(t *testing.T, args ...string) string {
	t.Helper()
	out, err := start(r.dir, nil, "git", args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// script runs one of the scripts, and fails the test if that fails.
func (r repository) script(t *testing.T, name string, env ...string) string {
	t.Helper()
	out, err := start(r.dir, env, "bash", "scripts/"+name)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// refuses checks that a script fails and says why.
func (r repository) refuses(t *testing.T, why, name string, env ...string) {
	t.Helper()
	if _, err := start(r.dir, env, "bash", "scripts/"+name); err == nil || !strings.Contains(err.Error(), why) {
		t.Errorf("%s with %q: %v, want %q", name, env, err, why)
	}
}

func (r repository) write(t *testing.T, name, text string, mode os.FileMode) {
	t.Helper()
	path := filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

func (r repository) read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(r.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
