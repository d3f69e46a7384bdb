package scripts

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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

// The same commit gives the same release, to the last byte, in a clone of another
// depth and in another environment, and the workflow compares all of it.
func TestReleaseTree(t *testing.T) {
	t.Parallel()
	second := handOver(t, repository{origin}, "--depth=1", "--no-local")
	compare := rebuild(t)
	before(t, second)
	hooks := filepath.Join(t.TempDir(), "hooks")
	was := state(t, second)

	env := []string{"VERSION=v1.2.3", targets(), "HOOKS=" + hooks, "GOFLAGS=-tags=other", "TZ=Asia/Tokyo", "LC_ALL=C.UTF-8",
		"GOOS=plan9", "SOURCE_DATE_EPOCH=1", "GOMAXPROCS=1"}
	if out, err := start(second.dir, env, "bash", "-e", "-c", "umask 077\n"+compare); err != nil {
		t.Fatalf("two releases of one commit differ: %v\n%s", err, out)
	}

	if diff := cmp.Diff(was, state(t, second)); diff != "" {
		t.Errorf("the repository is not as it was:\n%s", diff)
	}
	if hooks, err := os.ReadFile(hooks); err == nil {
		t.Errorf("hooks ran: %s", hooks)
	}
	second.replace(t, "release/dist/sbom.cdx.json", "{}")
	_, last, _ := strings.Cut(compare, "\n")
	if out, err := start(second.dir, env, "bash", "-e", "-c", last); err == nil || !strings.Contains(out, "sbom.cdx.json") {
		t.Errorf("another file to attach passes: %v, %s", err, out)
	}
}

// rebuild is what the workflow does to compare a release with one that it makes anew.
func rebuild(t *testing.T) string {
	t.Helper()
	steps := parse(t, here.read(t, ".github/workflows/release.yml")).Jobs["rebuild"].Steps
	return steps[len(steps)-1].Run
}

// Each of the two commits is HEAD and dist/, with nothing else changed but names of itself,
// and in v1.2.3 what its archive leaves out. What is not in one of them has its sum there.
func TestReleaseCommits(t *testing.T) {
	t.Parallel()
	r := release(t)
	full := programs()
	small := slices.DeleteFunc(programs(), func(name string) bool { return !strings.Contains(name, "_linux_") })
	if len(small) == 0 || len(small) == len(full) {
		t.Fatalf("no difference between %q and %q", small, full)
	}
	checkCommit(t, r, "v1.2.3", small)
	checkCommit(t, r, "v1.2.3-full", full)
	r.refuses(t, "there is a tag v1.2.3 already", "release-tree.sh", "VERSION=v1.2.3", "TAG=1")
	other := clone(t, origin)
	other.git(t, "tag", "v1.2.3-full")
	other.refuses(t, "there is a tag v1.2.3-full already", "release-tree.sh", "VERSION=v1.2.3", "TAG=1")
}

func checkCommit(t *testing.T, r repository, tag string, names []string) {
	t.Helper()
	head := r.git(t, "rev-parse", "HEAD")
	want := head + " github-actions[bot] github-actions[bot] " + r.git(t, "show", "--no-patch", "--format=%ct %ct", "HEAD") +
		" vault-secret " + tag + " Built from " + head + "."
	if got := r.git(t, "show", "--no-patch", "--format=%P %an %cn %at %ct %s %b", tag); strings.TrimSpace(got) != want {
		t.Errorf("commit %q, want %q", got, want)
	}
	called := []string{".github/workflows/vault-check.yml", ".github/workflows/vault-sync.yml"}
	changed := called
	if tag == "v1.2.3" {
		changed = append([]string{".gitattributes"}, called...)
	}
	changes := "M\t" + strings.Join(changed, "\nM\t") + "\nA\tdist/SHA256SUMS\nA\tdist/VERSION\nA\tdist/sbom.cdx.json"
	for _, name := range names {
		changes += "\nA\tdist/" + name
		if mode := r.git(t, "ls-tree", "--format=%(objectmode)", tag, "dist/"+name); mode != "100755" {
			t.Errorf("%s has the mode %s", name, mode)
		}
	}
	if diff := cmp.Diff(changes, r.git(t, "diff", "--name-status", "HEAD", tag)); diff != "" {
		t.Errorf("%s changes:\n%s", tag, diff)
	}
	if version := r.git(t, "show", tag+":dist/VERSION"); version != "v1.2.3" {
		t.Errorf("VERSION is %q", version)
	}
	if diff := cmp.Diff(strings.TrimSpace(r.read(t, "release/dist/SHA256SUMS")), r.git(t, "show", tag+":dist/SHA256SUMS")); diff != "" {
		t.Errorf("SHA256SUMS of %s is not that of the files to attach:\n%s", tag, diff)
	}
	for _, name := range called {
		pinned := strings.ReplaceAll(r.git(t, "show", "HEAD:"+name), "vault-secret@v1\n", "vault-secret@"+tag+"\n")
		if diff := cmp.Diff(pinned, r.git(t, "show", tag+":"+name)); diff != "" || !strings.Contains(pinned, "@"+tag+"\n") {
			t.Errorf("%s, which others call:\n%s", name, diff)
		}
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

	r.refuses(t, "undefined: broken", "release-tree.sh", "VERSION=v1.2.3", "TARGETS=linux/amd64")

	if diff := cmp.Diff(was, state(t, r)); diff != "" {
		t.Errorf("the repository is not as it was:\n%s", diff)
	}
}
