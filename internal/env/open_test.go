package env_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/env"
)

// checkout is a working folder as a pull request may make it: each line is a
// file, or a link and what it leads to. Beside it are an outside file and folder.
const checkout = `
secrets/stripe
secrets/deep/er
.git/config
.git/hooks/x
sub/.git/config
sub/.GIT/config
gitfile/.git
.gitignore
.github/nairi-vault.yml
..hidden
-
~
inside -> secrets/stripe
chain -> inside
up -> secrets/../secrets/stripe
folder -> secrets
dangling -> secrets/none
around -> around
out -> ../outside/token
out-whole -> {outside}/token
out-folder -> ../outside
out-chain -> out
out-and-back -> ../{base}/secrets/stripe
to-git -> .git/config
to-git-folder -> .git
to-proc -> /proc/self/environ
to-nothing-outside -> ../outside/none
`

// namesInCheckout are names as an input gives them, from within checkout, and why they are
// not read; nothing for those that are.
const namesInCheckout = `
secrets/stripe
./secrets/stripe
secrets//deep/../stripe
secrets/deep/er
.gitignore
.github/nairi-vault.yml
..hidden
-
~
inside
chain
up
folder/stripe
folder/deep/../stripe
{checkout}/secrets/stripe
{outside}/token
{checkout}/.git/config
{checkout}/out

! none                      names a file that does not exist
! secrets/none              names a file that does not exist
! dangling                  names a file that does not exist
! secrets\stripe            names a file that does not exist
! secrets                   names a folder, not a file
! .                         names a folder, not a file
! folder                    names a folder, not a file
! {checkout}/secrets        names a folder, not a file
! secrets/stripe/more       has a file in its path where a folder must be
! around                    names links that lead in a circle
! ../outside/token          names a file outside the working folder, through .. or a link
! ..                        names a file outside the working folder, through .. or a link
! secrets/../../outside/token  names a file outside the working folder, through .. or a link
! ../{base}/secrets/stripe  names a file outside the working folder, through .. or a link
! out                       names a file outside the working folder, through .. or a link
! out-whole                 names a file outside the working folder, through .. or a link
! out-folder/token          names a file outside the working folder, through .. or a link
! out-chain                 names a file outside the working folder, through .. or a link
! out-and-back              names a file outside the working folder, through .. or a link
! to-proc                   names a file outside the working folder, through .. or a link
! to-nothing-outside        names a file that does not exist
! .git/config               names a file in .git, where a checkout may keep a token
! ./.git/config             names a file in .git, where a checkout may keep a token
! secrets/../.git/config    names a file in .git, where a checkout may keep a token
! .git/hooks/x              names a file in .git, where a checkout may keep a token
! sub/.git/config           names a file in .git, where a checkout may keep a token
! sub/.GIT/config           names a file in .git, where a checkout may keep a token
! gitfile/.git              names a file in .git, where a checkout may keep a token
! to-git                    names a file in .git, where a checkout may keep a token
! to-git-folder/config      names a file in .git, where a checkout may keep a token
`

// set makes the files of a checkout, and returns what stands for its own and the
// outside folder's names.
func set(t *testing.T) *strings.Replacer {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege there")
	}
	parent := t.TempDir()
	folder, outside := filepath.Join(parent, "checkout"), filepath.Join(parent, "outside")
	names := strings.NewReplacer("{checkout}", folder, "{outside}", outside, "{base}", "checkout")
	put(t, filepath.Join(outside, "token"))
	for line := range strings.Lines(checkout) {
		name, to, link := strings.Cut(strings.TrimSuffix(names.Replace(line), "\n"), " -> ")
		if name = filepath.Join(folder, name); name == folder {
			continue
		}
		if !link {
			put(t, name)
		} else if err := os.Symlink(to, name); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(folder)
	return names
}

func put(t *testing.T, name string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte("text"), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// A link that somebody committed, .. and .git lead to no secret of the runner; a
// whole path is the word of whoever wrote the workflow.
func TestACommittedLinkLeadsToNoSecretOfTheRunner(t *testing.T) {
	names := set(t)
	for line := range strings.Lines(namesInCheckout) {
		name, why, _ := strings.Cut(strings.TrimPrefix(names.Replace(strings.TrimSpace(line)), "! "), "  ")
		if name == "" {
			continue
		}
		text, err := env.Process().Until(t.Context()).ReadFile(name, limit)
		switch why = strings.TrimSpace(why); {
		case why == "" && (err != nil || string(text) != "text"):
			t.Errorf("%s: %q, %v", name, text, err)
		case why != "" && (err == nil || err.Error() != why || len(text) > 0):
			t.Errorf("%s: %q, %v; want %s", name, text, err, why)
		}
	}
}
