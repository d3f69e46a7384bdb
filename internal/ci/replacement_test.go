package ci

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/env"
)

// filesHere are the files of a step in a working folder of its own.
func filesHere(t *testing.T) *Files {
	t.Helper()
	t.Chdir(t.TempDir())
	var out bytes.Buffer
	console := NewConsole(&out, func(string) (string, bool) { return "", false })
	return console.Files(env.Env{Lookup: func(string) (string, bool) { return "", false }}, strings.NewReader(strings.Repeat("12345678", 100)))
}

func put(t *testing.T, name, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

func holds(t *testing.T, name, want string) {
	t.Helper()
	if text, err := os.ReadFile(name); string(text) != want || err != nil {
		t.Errorf("%s holds %q, %v, want %q", name, text, err, want)
	}
}

// left are the files of a folder that nobody asked for.
func left(t *testing.T, folder string) {
	t.Helper()
	if names, _ := filepath.Glob(filepath.Join(folder, ".*.tmp")); len(names) > 0 {
		t.Errorf("left behind: %s", names)
	}
}

// A file takes the place of another as a whole, with its permissions, also behind a
// link; one that is discarded leaves nothing.
func TestAReplacementTakesThePlaceOfTheFile(t *testing.T) {
	f := filesHere(t)
	if err := os.Mkdir("in", 0o755); err != nil {
		t.Fatal(err)
	}
	put(t, "in/old.yml", "old", 0o640)
	links := runtime.GOOS != "windows"
	if links {
		if err := os.Symlink("in/old.yml", "link.yml"); err != nil {
			t.Fatal(err)
		}
	}
	outside := filepath.Join(t.TempDir(), "whole.yml")
	for name, there := range map[string]string{"new.yml": "new.yml", "in/old.yml": "in/old.yml", "link.yml": "in/old.yml", outside: outside} {
		if name == "link.yml" && !links {
			continue
		}
		r, problems := f.Replace("export_file", name, true)
		if problems != nil {
			t.Fatal(problems)
		}
		r.Discard()
		r.Discard()
		left(t, filepath.Dir(there))
		if r, problems = f.Replace("export_file", name, true); problems != nil {
			t.Fatal(problems)
		}
		if err := r.Write([]byte(name)); err != nil {
			t.Fatal(err)
		}
		holds(t, there, name)
		left(t, filepath.Dir(there))
	}
	if info, err := os.Stat("in/old.yml"); err != nil || links && info.Mode().Perm() != 0o640 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if info, err := os.Lstat("link.yml"); links && (err != nil || info.Mode()&os.ModeSymlink == 0) {
		t.Error("the link is gone")
	}
}

// What somebody else made or changed while the run lasted stays as it is.
func TestAReplacementIsNotOfWhatWasMadeMeanwhile(t *testing.T) {
	f := filesHere(t)
	put(t, "edited.yml", "before", 0o600)
	put(t, "gone.yml", "before", 0o600)
	put(t, "other.yml", "before", 0o600)
	for name, meanwhile := range map[string]struct {
		do  func() error
		why string
	}{
		"new.yml":    {func() error { return os.WriteFile("new.yml", []byte("theirs"), 0o600) }, ": it was not there when this run began, and is now. Run it again"},
		"edited.yml": {func() error { return os.WriteFile("edited.yml", []byte("theirs"), 0o600) }, ": it was changed while this run lasted. Run it again"},
		"other.yml": {func() error {
			return errors.Join(os.WriteFile("moved", []byte("theirs"), 0o600), os.Rename("moved", "other.yml"))
		}, ": it was changed while this run lasted. Run it again"},
	} {
		r, problems := f.Replace("export_file", name, true)
		if problems != nil {
			t.Fatal(problems)
		}
		if name == "edited.yml" { // where a clock of files is coarse
			if err := os.Chtimes(name, time.Time{}, time.Now().Add(-time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		if err := meanwhile.do(); err != nil {
			t.Fatal(err)
		}
		if err := r.Write([]byte("ours")); !errors.Is(err, ErrNotReplaced) || !strings.HasSuffix(err.Error(), "export_file names a file that cannot be written"+meanwhile.why) {
			t.Errorf("%s: %v", name, err)
		}
		holds(t, name, "theirs")
	}
	r, problems := f.Replace("export_file", "gone.yml", true)
	if problems != nil {
		t.Fatal(problems)
	}
	if err := os.Remove("gone.yml"); err != nil {
		t.Fatal(err)
	}
	if err := r.Write([]byte("ours")); !errors.Is(err, ErrNotReplaced) {
		t.Errorf("a file that was removed: %v", err)
	}
	left(t, ".")
}

// What must not be written is refused at once, by its reason and without its name.
func TestAReplacementIsRefused(t *testing.T) {
	f := filesHere(t)
	for _, folder := range []string{"in", ".git"} {
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	put(t, "there.yml", "there", 0o600)
	put(t, "outputs", "", 0o600)
	if problems := f.OpenVariables("outputs"); problems != nil {
		t.Fatal(problems)
	}
	for name, c := range map[string]struct {
		overwrite bool
		why       string
	}{
		"there.yml":     {false, "it exists already"},
		"outputs":       {true, "the outputs are added to it"},
		"in":            {true, "names a folder, not a file"},
		"none/x.yml":    {false, "its folder does not exist"},
		"../x.yml":      {false, "names a file outside the working folder, through .. or a link"},
		".git/x.yml":    {true, "names a file in .git, where a checkout may keep a token"},
		"in/../../x":    {false, "names a file outside the working folder, through .. or a link"},
		"there.yml/x":   {false, "has a file in its path where a folder must be"},
		os.DevNull:      {true, "names a device, not a file"},
		"out/x.yml":     {true, "names a file outside the working folder, through .. or a link"},
		"dangling.yml":  {true, "its folder does not exist"},
		"to-git/config": {true, "names a file in .git, where a checkout may keep a token"},
	} {
		if runtime.GOOS == "windows" && (name == os.DevNull || strings.ContainsAny(name, "-") || name == "out/x.yml" || name == "there.yml/x" || name == "dangling.yml") {
			continue
		}
		for link, to := range map[string]string{"out": t.TempDir(), "to-git": ".git", "dangling.yml": "nowhere.yml"} {
			_ = os.Symlink(to, link)
		}
		r, problems := f.Replace("export_file", name, c.overwrite)
		if len(problems) != 1 || problems[0].Input != "export_file" || !strings.HasSuffix(problems[0].Text, c.why) {
			t.Errorf("%s: %v, want %s", name, problems, c.why)
			r.Discard()
		}
	}
	holds(t, "there.yml", "there")
	left(t, ".")
}

// A folder that is gone when the text is there is an error, and the old file stays.
func TestAReplacementThatFailsIsAnError(t *testing.T) {
	f := filesHere(t)
	if err := os.Mkdir("in", 0o755); err != nil {
		t.Fatal(err)
	}
	r, problems := f.Replace("export_file", "in/new.yml", false)
	if problems != nil {
		t.Fatal(problems)
	}
	if err := os.RemoveAll("in"); err != nil {
		t.Skip(err) // Windows keeps what is open
	}
	if err := r.Write([]byte("new")); err == nil || err.Error() != "export_file names a file that cannot be written: its folder does not exist" {
		t.Error(err)
	}
}
