package ci

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/env"
)

func json(text string) func() []byte { return func() []byte { return []byte(text) } }

// only fails unless a folder has these files and no others.
func only(t *testing.T, folder string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, entry := range entries {
		got = append(got, entry.Name())
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("%q are there, want %q", got, want)
	}
}

// A reader sees the file of the run before, or the whole of this one's.
func TestResultsAreReplacedAsAWhole(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "results.json")
	for _, run := range []string{"[1]\n", "[2, 2]\n", "[]\n"} {
		before := read(t, name)
		d := open("")
		if problems := d.OpenResults(name); problems != nil {
			t.Fatal(problems)
		}
		if got := read(t, name); got != before {
			t.Errorf("%q before anything was written, %q then", got, before)
		}
		if err := d.WriteResults(json(run)); err != nil {
			t.Fatal(err)
		}
		if got := read(t, name); got != run {
			t.Errorf("got %q, want %q", got, run)
		}
		only(t, dir, "results.json")
	}
	d := open("")
	if err := errors.Join(d.WriteResults(json("[]"))); err != nil || d.OpenResults("") != nil {
		t.Errorf("without a file: %v", err)
	}
}

// What the run reads, and what outputs are added to, stays what it is.
func TestResultsReplaceNothingThatTheRunNeeds(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := func(of string) string { return filepath.Join(dir, of) }
	for _, file := range []string{"manifest", "outputs", "summary", "variables"} {
		write(t, name(file), file)
	}
	if err := os.Symlink("manifest", name("link")); err != nil {
		t.Skip(err)
	}
	if err := os.Mkdir(name("folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(name("manifest"))
	if err != nil {
		t.Fatal(err)
	}
	for file, why := range map[string]string{
		"manifest":       "it is the file that manifest names, and would be replaced",
		"link":           "it is the file that manifest names, and would be replaced",
		"outputs":        "the outputs are added to it",
		"variables":      "the outputs are added to it",
		"summary":        "the outputs are added to it",
		"folder":         "names a folder, not a file",
		"nowhere/x.json": "its folder does not exist",
	} {
		d := open(name("variables"), "GITHUB_OUTPUT="+name("outputs"), "GITHUB_STEP_SUMMARY="+name("summary"))
		d.Spare([]env.Named{{Input: "manifest", Info: info}})
		problems := d.OpenResults(name(file))
		if want := why; len(problems) != 1 || !strings.HasSuffix(problems[0].Text, want) {
			t.Errorf("%s: %v, want %s", file, problems, want)
		}
		if err := d.WriteResults(json("[]")); err != nil {
			t.Error(err)
		}
	}
	only(t, dir, "folder", "link", "manifest", "outputs", "summary", "variables")
	for _, file := range []string{"manifest", "outputs", "variables"} {
		if got := read(t, name(file)); got != file {
			t.Errorf("%s is %q now", file, got)
		}
	}
}

// What could not be written leaves the file of the run before.
func TestResultsThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "folder")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	d := open("")
	if problems := d.OpenResults(filepath.Join(dir, "results.json")); problems != nil {
		t.Fatal(problems)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Skip(err) // where an open file cannot be removed
	}
	if err := d.WriteResults(json("[]")); !errors.Is(err, ErrNotReplaced) || !strings.Contains(err.Error(), "results_file") {
		t.Errorf("%v", err)
	}
}

// A panic while the results are made leaves no file beside theirs.
func TestResultsThatCannotBeMade(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := open("")
	if problems := d.OpenResults(filepath.Join(dir, "results.json")); problems != nil {
		t.Fatal(problems)
	}
	func() {
		defer func() { _ = recover() }()
		_ = d.WriteResults(func() []byte { panic("a slip") })
	}()
	only(t, dir)
}
