package ci

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/mask"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/runnertest"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// desktop is a step on GitHub with a folder for temporary files, which it returns.
func desktop(t *testing.T, pairs ...string) (*Files, string) {
	t.Helper()
	folder := t.TempDir()
	lookup := vars(append(pairs, "GITHUB_ACTIONS=true", "RUNNER_TEMP="+folder, "GITHUB_ENV="+filepath.Join(folder, "env"))...)
	c, _ := console(lookup)
	return c.Files(env.Env{Lookup: lookup, Open: env.Process().Open}, entropy{}), folder
}

// handOver opens a handover that nothing is wrong with.
func handOver(t *testing.T, f *Files, wanted Wanted) *Handover {
	t.Helper()
	h, problems := f.HandOver(wanted)
	t.Cleanup(h.Close)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return h
}

// made is what is handed over in these tests.
const made = "made-Value.of~these_tests"

// The file has the value before the vault does, and later steps have it when that is done.
func TestAGeneratedValueIsInItsFileFirst(t *testing.T) {
	t.Parallel()
	f, folder := desktop(t)
	name, variables := filepath.Join(folder, "new"), filepath.Join(folder, "env")
	write(t, variables, "EARLIER=1")
	h := handOver(t, f, Wanted{File: "new", Variable: "NEW"})
	if read(t, name) != "" || !h.IsIdle() {
		t.Error("there is a value before one was made")
	}
	if err := h.Keep(secret.New(made)); err != nil || read(t, name) != made || read(t, variables) != "EARLIER=1" || h.IsIdle() {
		t.Errorf("%v, or the value is not in the file alone", err)
	}
	for range 2 { // of which the second does nothing
		if err := h.Set(); err != nil {
			t.Error(err)
		}
	}
	if got, err := runnertest.ParseOutputs([]byte(read(t, variables))); err != nil || len(got) != 2 || got["NEW"] != made || got["EARLIER"] != "1" {
		t.Errorf("%v, and %d variables", err, len(got))
	}
}

// Nobody needs a value that nothing has: its file goes, and no variable comes.
func TestADroppedValueLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, kept := range []bool{false, true} {
		f, folder := desktop(t)
		h := handOver(t, f, Wanted{File: "new", Variable: "NEW"})
		if kept {
			if err := h.Keep(secret.New(made)); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(h.Drop(), h.Drop()); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(filepath.Join(folder, "new")); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the file is there: %v", err)
		}
		if read(t, filepath.Join(folder, "env")) != "" {
			t.Error("a variable is set")
		}
	}
}

// A value that cannot be kept is not sent anywhere.
func TestAValueThatCannotBeKeptIsAnError(t *testing.T) {
	t.Parallel()
	f, folder := desktop(t)
	h := handOver(t, f, Wanted{File: "new"})
	_ = h.file.Close()
	if err := h.Keep(secret.New(made)); !errors.Is(err, ErrNotReplaced) || strings.Contains(err.Error(), "new/") {
		t.Errorf("the error is %v", err)
	}
	if err := h.Drop(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(folder, "new")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is there: %v", err)
	}
}

// What is wrong is said before anything is sent, in a dry run too, and nothing is left.
func TestWhatAGeneratedValueCannotGoTo(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"there":       "names a file that exists already. To store its value again",
		"empty":       "names a file that exists already, and is empty. Remove it",
		"folder":      "names a file that exists already",
		"link":        "names a file that exists already",
		"no/new":      "its folder does not exist",
		"../new":      "must be in the folder that RUNNER_TEMP names",
		"folder/../x": "",
		"folder/x":    "",
	} {
		for _, dryRun := range []bool{true, false} {
			f, folder := desktop(t)
			write(t, filepath.Join(folder, "there"), "theirs")
			write(t, filepath.Join(folder, "empty"), "")
			if err := os.Mkdir(filepath.Join(folder, "folder"), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink("nothing", filepath.Join(folder, "link")); err != nil {
				t.Skip(err)
			}
			for _, spelled := range []string{name, filepath.Join(folder, name)} {
				h, problems := f.HandOver(Wanted{File: spelled, Variable: "NEW", DryRun: dryRun})
				if !saysOnly(problems, want) {
					t.Errorf("%s: %v, want %q", name, problems, want)
				}
				if h.Drop() != nil || read(t, filepath.Join(folder, "there")) != "theirs" {
					t.Errorf("%s: a file that was there is changed", name)
				}
				if _, err := os.Stat(filepath.Join(folder, "folder", "x")); err == nil {
					t.Errorf("%s: a file is left", name)
				}
			}
		}
	}
}

func saysOnly(problems problem.List, want string) bool {
	if want == "" || len(problems) != 1 {
		return want == "" && len(problems) == 0
	}
	return strings.Contains(problems[0].Text, want) && problems[0].Input == generatedFile
}

// A runner without a file for variables cannot have any.
func TestAVariableNeedsTheFileOfARunner(t *testing.T) {
	t.Parallel()
	for _, dryRun := range []bool{true, false} {
		f, _ := desktop(t, "GITHUB_ENV=")
		if _, problems := f.HandOver(Wanted{Variable: "NEW", DryRun: dryRun}); len(problems) != 1 || problems[0].Input != generatedEnv {
			t.Errorf("the problems are %v", problems)
		}
	}
}

// A folder for temporary files may be spelled with links, and so may the file.
func TestTheFolderOfARunnerMayBeBehindALink(t *testing.T) {
	t.Parallel()
	real, folder := t.TempDir(), filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(real, folder); err != nil {
		t.Skip(err)
	}
	for i, name := range []string{filepath.Join(real, "a"), filepath.Join(folder, "b"), "c"} {
		f, _ := desktop(t, "RUNNER_TEMP="+folder)
		h := handOver(t, f, Wanted{File: name})
		if err := errors.Join(h.Keep(secret.New(made)), h.Set()); err != nil || read(t, filepath.Join(real, string("abc"[i]))) != made {
			t.Errorf("%s: %v, or it is elsewhere", name, err)
		}
	}
}

// What is masked later is hidden as well, also by who prints meanwhile, and no mask is told
// twice.
func TestMasksCanBeAdded(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	c := NewConsole(&out, onGitHub)
	c.Mask(mask.Of(secret.New(hidden), mask.Options{}))
	var printing sync.WaitGroup
	for i := range 4 {
		printing.Go(func() { c.Print(fmt.Sprintf("%d: ", i) + hidden) })
	}
	c.Mask(mask.Of(secret.New(made), mask.Options{}))
	printing.Wait()
	told := map[string]bool{}
	for line := range strings.Lines(out.String()) {
		if told[line] {
			t.Errorf("%q is told twice", line)
		}
		told[line] = true
		if !strings.HasPrefix(line, "::add-mask::") && strings.Contains(line, hidden) {
			t.Error("a value that was masked before shows")
		}
	}
	for _, value := range []string{hidden, made} {
		if got := c.Clean("a " + value + " b"); got != "a *** b" || !told["::add-mask::"+value+"\n"] {
			t.Errorf("a value shows, or is not told")
		}
	}
}

// What was to be set and could not be is not needed: the file goes as well.
func TestAValueThatCannotBeSetCanBeDropped(t *testing.T) {
	t.Parallel()
	f, folder := desktop(t)
	h := handOver(t, f, Wanted{File: "new", Variable: "NEW"})
	_ = h.exported.Close()
	if err := h.Keep(secret.New(made)); err != nil {
		t.Fatal(err)
	}
	if err := h.Set(); err == nil {
		t.Error("nothing is wrong with a file that is closed")
	}
	if err := h.Drop(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(folder, "new")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is there: %v", err)
	}
}
