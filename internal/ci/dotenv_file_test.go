package ci

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Both files are written, after what is there already, and a new one is for its
// owner alone.
func TestVariableFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ours, drone := filepath.Join(dir, "ours"), filepath.Join(dir, "drone")
	if err := os.WriteFile(drone, []byte("BEFORE=1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	c, log := console(inShell)
	files := &Files{console: c}
	if unopened := files.OpenVariables(env("DRONE_OUTPUT="+drone), ours); len(unopened) > 0 {
		t.Fatal(unopened)
	}
	if info, err := os.Stat(ours); err != nil || runtime.GOOS != "windows" && info.Mode() != fileMode {
		t.Errorf("before it is written: %v, %v", info, err)
	}
	if err := files.WriteVariables([]Output{{"NAIRI_RESULT", "updated"}}); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{ours: "NAIRI_RESULT=updated\n", drone: "BEFORE=1\nNAIRI_RESULT=updated\n"}
	if diff := cmp.Diff(want, map[string]string{ours: read(t, ours), drone: read(t, drone)}); diff != "" || log.Len() > 0 {
		t.Errorf("%s, and the log has %q", diff, log)
	}
}

func TestVariableFilesThatCannotBeOpened(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	nowhere, ours := filepath.Join(dir, hidden, "variables"), filepath.Join(dir, "ours")
	for name, tt := range map[string]struct {
		drone, ours string
		want        []FileError
	}{
		"none":  {"", "", nil},
		"ours":  {"", nowhere, []FileError{{"output_file"}}},
		"both":  {nowhere, nowhere, []FileError{{"output_file"}, {"DRONE_OUTPUT"}}},
		"drone": {nowhere, ours, []FileError{{"DRONE_OUTPUT"}}},
		"a dir": {"", dir, []FileError{{"output_file"}}},
	} {
		c, _ := console(inShell)
		files := &Files{console: c}
		unopened := files.OpenVariables(env("DRONE_OUTPUT="+tt.drone), tt.ours)
		if diff := cmp.Diff(tt.want, unopened); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		for _, err := range unopened {
			if strings.Contains(err.Error(), hidden) {
				t.Errorf("%s: the error repeats the file's name", name)
			}
		}
		// What is known goes to the others all the same.
		if err := files.WriteVariables([]Output{{"NAIRI_RESULT", "failed"}}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := read(t, ours); got != "NAIRI_RESULT=failed\n" {
		t.Errorf("wrote %q", got)
	}
}

func TestVariablesThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("/dev/full is Linux's")
	}
	ours := filepath.Join(t.TempDir(), "ours")
	c, _ := console(inShell)
	files := &Files{console: c}
	if unopened := files.OpenVariables(env("DRONE_OUTPUT="+ours), "/dev/full"); len(unopened) > 0 {
		t.Fatal(unopened)
	}
	err := files.WriteVariables([]Output{{"NAIRI_RESULT", "updated"}})
	if err == nil || !strings.Contains(err.Error(), "output_file") {
		t.Errorf("a full disk: %v", err)
	}
	if got := read(t, ours); got != "NAIRI_RESULT=updated\n" {
		t.Errorf("the other file has %q", got)
	}
}
