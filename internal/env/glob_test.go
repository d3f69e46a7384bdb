package env_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/env"
)

// vaults is a working folder with manifests, as a pull request may make it. What
// ends in / is a folder.
const vaults = `
.github/vaults/billing.yml
.github/vaults/search.yml
.github/vaults/search.yaml
.github/vaults/.hidden.yml
.github/vaults/folder.yml/
.github/vaults/deep/er.yml
.git/vaults.yml
a[1].yml
b.yml
é.yml
link.yml -> b.yml
dangling.yml -> none
folder -> .github/vaults
out -> ../outside
out.txt -> ../outside/token.yml
`

// patterns, and the files that each takes, or why it takes none.
var patterns = []struct{ pattern, want string }{
	{".github/vaults/*.yml", ".github/vaults/billing.yml .github/vaults/search.yml"},
	{"./.github//vaults/../vaults/*.yml", ".github/vaults/billing.yml .github/vaults/search.yml"},
	{".github/vaults/*.y*ml", ".github/vaults/billing.yml .github/vaults/search.yaml .github/vaults/search.yml"},
	{".github/vaults/.*.yml", ".github/vaults/.hidden.yml"},
	{".github/*/*.yml", ".github/vaults/billing.yml .github/vaults/search.yml"},
	{".github/*/*/e?.yml", ".github/vaults/deep/er.yml"},
	{".github/vaults/[a-c]*", ".github/vaults/billing.yml"},
	{".github/vaults/[^b]*.yml", ".github/vaults/search.yml"},
	{"*.yml", "a[1].yml b.yml link.yml é.yml"},
	{"*", "! names a file outside the working folder, through .. or a link"},
	{"?.yml", "b.yml é.yml"},
	{"*/vaults.yml", "! names a file outside the working folder, through .. or a link"},
	{"fo*/vaults.yml", ""},
	{".*/vaults.yml", ".git/vaults.yml"}, // which is not read then
	{"folder/*.yml", "folder/billing.yml folder/search.yml"},
	{"*.json", ""},
	{"none/*.yml", ""},
	{"b.yml/*", ""},
	{"b.yml", "b.yml"},
	{"none", ""},
	{"[.yml", "! has a [ that is never closed"},
	{"out/*.yml", "! names a file outside the working folder, through .. or a link"},
	{"*.txt", "! names a file outside the working folder, through .. or a link"},
	{"../*.yml", "! names a file outside the working folder, through .. or a link"},
	{"a/../../*.yml", "! names a file outside the working folder, through .. or a link"},
	{"/tmp/*", "! names a file outside the working folder, through .. or a link"},
}

func TestPatternsTakeFilesOfTheWorkingFolder(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a link needs a privilege there")
	}
	at := t.TempDir()
	makeFiles(t, filepath.Join(at, "work"), vaults)
	makeFiles(t, at, "outside/token.yml\n")
	t.Chdir(filepath.Join(at, "work"))
	glob := env.Process().Glob
	for _, test := range patterns {
		names, err := glob(test.pattern, 10)
		got := strings.Join(names, " ")
		if err != nil {
			got = "! " + err.Error()
		}
		if got != test.want {
			t.Errorf("%s takes %q, want %q", test.pattern, got, test.want)
		}
	}
}

// makeFiles makes what the lines name: a file, a folder, or a link.
func makeFiles(t *testing.T, folder, lines string) {
	t.Helper()
	for line := range strings.Lines(strings.TrimSpace(lines)) {
		name, target, link := strings.Cut(strings.TrimSpace(line), " -> ")
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		switch {
		case link:
			err = os.Symlink(target, path)
		case strings.HasSuffix(name, "/"):
			err = os.MkdirAll(path, 0o755)
		default:
			err = os.WriteFile(path, nil, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestAPatternOfTooManyFilesIsRefused(t *testing.T) {
	at := t.TempDir()
	t.Chdir(at)
	var lines strings.Builder
	for i := range 20 {
		fmt.Fprintf(&lines, "%02d.yml\n", i)
	}
	makeFiles(t, at, lines.String())
	if names, err := env.Process().Glob("*.yml", 20); err != nil || len(names) != 20 || !slices.IsSorted(names) {
		t.Errorf("%v, %v", names, err)
	}
	if names, err := env.Process().Glob("*.yml", 19); !errors.Is(err, env.ErrManyMatches) || names != nil || err.Error() != "matches too many files: more than 19" {
		t.Errorf("%v, %v", names, err)
	}
}

func TestWhatIsAPattern(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"a.yml": false, "*.yml": true, "a?.yml": true, "[ab].yml": true, "a b/c-d_e": false} {
		if env.IsPattern(name) != want {
			t.Errorf("%s: %t", name, !want)
		}
	}
}
