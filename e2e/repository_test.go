package e2e

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// newRepository makes a git repository in dir of this working tree as it is,
// committed or not. Each of the steps may add to it before it is committed: act
// runs only what has a commit.
func newRepository(dir string, steps ...func(dir string) error) error {
	files, err := workingTree()
	if err != nil {
		return err
	}
	for _, name := range files {
		if err := copyFile(filepath.Join("..", name), filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	for _, step := range steps {
		if err := step(dir); err != nil {
			return err
		}
	}
	return commit(dir)
}

// workingTree lists the files that git has or would add, from the root.
func workingTree() ([]string, error) {
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
	list.Dir = ".."
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("git ls-files: %w", err)
	}
	return strings.FieldsFunc(string(out), func(r rune) bool { return r == 0 }), nil
}

// copyFile leaves out a file that is gone since it was added to git.
func copyFile(from, to string) error {
	info, err := os.Stat(from)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, data, info.Mode().Perm())
}

func commit(dir string) error {
	identity := []string{"-c", "user.name=e2e", "-c", "user.email=e2e@example.com"}
	for _, args := range [][]string{
		{"init", "--quiet", "--initial-branch=main"},
		{"add", "--all", "--force"},
		append(identity, "commit", "--quiet", "--message=e2e", "--no-gpg-sign"),
	} {
		git := exec.Command("git", args...)
		git.Dir = dir
		git.Env = append(cleanEnviron(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
		if out, err := git.CombinedOutput(); err != nil {
			return fmt.Errorf("git %v: %w\n%s", args, err, bytes.TrimSpace(out))
		}
	}
	return nil
}

// cleanEnviron is the environment without what git sets for its hooks, such as
// GIT_DIR, which would turn every command to this repository.
func cleanEnviron() []string {
	var env []string
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "GIT_") {
			env = append(env, pair)
		}
	}
	return env
}
