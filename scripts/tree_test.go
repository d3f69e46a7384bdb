package scripts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const oneTarget = "TARGETS=linux/amd64"

// before gives a repository what the commit of a release must not depend on: the
// settings, hooks and branches of whoever makes it.
func before(t *testing.T, r repository) {
	t.Helper()
	r.git(t, "config", "user.name", "someone")
	r.git(t, "config", "i18n.commitEncoding", "ISO-8859-1")
	r.git(t, "config", "core.fileMode", "false") // as on Windows
	r.git(t, "checkout", "--quiet", "-b", "feature")
	for _, hook := range []string{"post-checkout", "pre-commit", "commit-msg", "reference-transaction"} {
		r.write(t, filepath.Join(".git/hooks", hook), "#!/bin/sh\necho hook >>\"$HOOKS\"\n", 0o755)
	}
}

// state is all of a repository that its owner sees.
func state(t *testing.T, r repository) string {
	t.Helper()
	var seen []string
	for _, args := range [][]string{
		{"for-each-ref"}, {"symbolic-ref", "HEAD"}, {"status", "--porcelain", "--ignored"}, {"worktree", "list"}, {"stash", "list"},
	} {
		seen = append(seen, r.git(t, args...))
	}
	return strings.Join(seen, "\n")
}

func TestReleaseTree(t *testing.T) {
	t.Parallel()
	first, second := clone(t, origin), clone(t, origin)
	before(t, second)
	hooks := "HOOKS=" + filepath.Join(t.TempDir(), "hooks")
	was := state(t, second)

	commit := first.script(t, "release-tree.sh", "VERSION=v1.2.3", oneTarget)
	again := second.script(t, "release-tree.sh", "VERSION=v1.2.3", oneTarget, hooks)

	if commit != again {
		t.Errorf("the same release is %q here and %q there", commit, again)
	}
	if diff := cmp.Diff(was, state(t, second)); diff != "" {
		t.Errorf("the repository is not as it was:\n%s", diff)
	}
	if hooks, err := os.ReadFile(strings.TrimPrefix(hooks, "HOOKS=")); err == nil {
		t.Errorf("hooks ran: %s", hooks)
	}
	checkRelease(t, second, commit)
}

// checkRelease checks that a commit is HEAD and dist/, with nothing else changed.
func checkRelease(t *testing.T, r repository, commit string) {
	t.Helper()
	head := r.git(t, "rev-parse", "HEAD")
	want := head + " github-actions[bot] github-actions[bot] " + r.git(t, "show", "--no-patch", "--format=%ct %ct", "HEAD") +
		" vault-secret v1.2.3 Built from " + head + "."
	if got := r.git(t, "show", "--no-patch", "--format=%P %an %cn %at %ct %s %b", commit); strings.TrimSpace(got) != want {
		t.Errorf("commit %q, want %q", got, want)
	}
	const called = ".github/workflows/vault-sync.yml"
	changes := strings.Join([]string{
		"M\t" + called,
		"A\tdist/SHA256SUMS", "A\tdist/sbom.cdx.json", "A\tdist/vault-secret_linux_amd64",
	}, "\n")
	if diff := cmp.Diff(changes, r.git(t, "diff", "--name-status", "HEAD", commit)); diff != "" {
		t.Errorf("the commit changes:\n%s", diff)
	}
	pinned := strings.ReplaceAll(r.git(t, "show", "HEAD:"+called), "vault-secret@v1\n", "vault-secret@v1.2.3\n")
	if diff := cmp.Diff(pinned, r.git(t, "show", commit+":"+called)); diff != "" || !strings.Contains(pinned, "@v1.2.3\n") {
		t.Errorf("the workflow that others call:\n%s", diff)
	}
	if mode := r.git(t, "ls-tree", "--format=%(objectmode)", commit, "dist/vault-secret_linux_amd64"); mode != "100755" {
		t.Errorf("the program has the mode %s", mode)
	}
}

// What is not committed is refused. A build that fails leaves no scratch folder of
// git's behind.
func TestReleaseTreeRefuses(t *testing.T) {
	t.Parallel()
	r := clone(t, origin)
	r.write(t, "new.go", "package main\n\nvar _ = broken()\n", 0o600)
	r.refuses(t, "not in HEAD", "release-tree.sh", "VERSION=v1.2.3")
	r.git(t, "add", "new.go")
	r.refuses(t, "not in HEAD", "release-tree.sh", "VERSION=v1.2.3")
	r.git(t, "commit", "--quiet", "--message=broken")
	was := state(t, r)

	r.refuses(t, "undefined: broken", "release-tree.sh", "VERSION=v1.2.3", oneTarget)

	if diff := cmp.Diff(was, state(t, r)); diff != "" {
		t.Errorf("the repository is not as it was:\n%s", diff)
	}
}
