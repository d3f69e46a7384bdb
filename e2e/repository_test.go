package e2e

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// everything is the whole of this working tree.
var everything = []string{"."}

// newRepository makes a git repository in dir of paths of this working tree as they
// are, committed or not. Each of the steps may add to it before it is committed: act
// runs only what has a commit.
func newRepository(dir string, paths []string, steps ...func(dir string) error) error {
	root, err := filepath.Abs("..")
	if err != nil {
		return err
	}
	for _, args := range [][]string{
		{"init", "--quiet", "--initial-branch=main", dir},
		// Runners clone it for every job. To make its programs small takes longer than most jobs.
		{"-C", dir, "config", "core.compression", "0"},
		{"-C", dir, "config", "pack.window", "0"},
		append([]string{"--git-dir=" + filepath.Join(dir, ".git"), "--work-tree=" + root, "-C", root, "add", "--all", "--"}, paths...),
		{"-C", dir, "checkout-index", "--all"},
	} {
		if _, err := run(".", "git", args...); err != nil {
			return err
		}
	}
	for _, step := range steps {
		if err := step(dir); err != nil {
			return err
		}
	}
	for _, args := range [][]string{{"add", "--all", "--force"}, {"commit", "--quiet", "--message=e2e", "--no-gpg-sign"}} {
		if _, err := run(dir, "git", args...); err != nil {
			return err
		}
	}
	return nil
}

// userRepository is one of a user, in which there is nothing.
func userRepository(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	output(t, dir, "git", "init", "--quiet", "--initial-branch=main")
	output(t, dir, "git", "commit", "--quiet", "--allow-empty", "--message=e2e", "--no-gpg-sign")
	return dir
}

// output runs a program and returns what it prints.
func output(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	out, err := run(dir, name, args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// run runs a program without the settings of git that are this machine's, or those
// of a hook that runs these tests: GIT_DIR turns every command to this repository.
func run(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = slices.DeleteFunc(os.Environ(), func(pair string) bool { return strings.HasPrefix(pair, "GIT_") })
	cmd.Env = append(cmd.Env, "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull,
		"GIT_AUTHOR_NAME=e2e", "GIT_AUTHOR_EMAIL=e2e@example.com", "GIT_COMMITTER_NAME=e2e", "GIT_COMMITTER_EMAIL=e2e@example.com")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %v: %w\n%s", name, args, err, errs.String())
	}
	return strings.TrimSpace(string(out)), nil
}
