package scripts

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// origin is a repository of this working tree as it is, committed or not, with the
// changelog of the tests. The tests clone it.
var origin string

func TestMain(m *testing.M) {
	code, err := runTests(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "scripts:", err)
		code = 1
	}
	os.Exit(code)
}

func runTests(m *testing.M) (int, error) {
	dir, err := os.MkdirTemp("", "vault-secret-scripts")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	origin = filepath.Join(dir, "origin")
	root, err := filepath.Abs("..")
	if err != nil {
		return 0, err
	}
	for _, args := range [][]string{
		{"init", "--quiet", "--initial-branch=main", origin},
		{"--git-dir=" + filepath.Join(origin, ".git"), "--work-tree=" + root, "add", "--all"},
		{"-C", origin, "checkout-index", "--all"},
	} {
		if _, err := start(dir, nil, "git", args...); err != nil {
			return 0, err
		}
	}
	if err := os.WriteFile(filepath.Join(origin, "CHANGELOG.md"), []byte(changelog), 0o600); err != nil {
		return 0, err
	}
	if _, err := start(origin, nil, "git", "commit", "--quiet", "--all", "--message=as it is"); err != nil {
		return 0, err
	}
	return m.Run(), nil
}

// start runs a program, without any settings of git that are of this machine or
// of a hook that runs these tests, and returns its standard output.
func start(dir string, env []string, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "GIT_") && !strings.HasPrefix(pair, "GITHUB_") {
			cmd.Env = append(cmd.Env, pair)
		}
	}
	cmd.Env = append(cmd.Env,
		"GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull,
		"GIT_AUTHOR_NAME=test", "GIT_AUTHOR_EMAIL=test@example.com",
		"GIT_COMMITTER_NAME=test", "GIT_COMMITTER_EMAIL=test@example.com",
	)
	cmd.Env = append(cmd.Env, env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		err = fmt.Errorf("%s %v: exit code %d\n%s", name, args, ended.ExitCode(), errs.String())
	}
	return strings.TrimSpace(out.String()), err
}
