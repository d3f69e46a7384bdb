package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// An output_file that was left out by its word names no file, also where there is
// no program yet that would know the word.
func TestLaunchMakesNoFileForAnOutputFileThatIsLeftOut(t *testing.T) {
	t.Parallel()
	folder, here := actionFolder(t, "action"), t.TempDir()
	for _, text := range []string{"__not_given__", ""} {
		cmd := composite(t, folder, map[string]string{"PATH": "", "RUNNER_OS": "Plan9", "INPUT_OUTPUT_FILE": text})
		cmd.Dir = here
		if out, code := finish(t, cmd); code != 1 {
			t.Errorf("%q: exit code %d, %q", text, code, out)
		}
	}
	if _, err := os.Stat(filepath.Join(here, "__not_given__")); err == nil {
		t.Error("there is a file of that name")
	}
}

// To open a pipe that nobody reads waits for ever, also for a launcher that only has
// to say why there is no program.
func TestLaunchDoesNotWaitForAReaderOfItsOutputs(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("it has no pipes with names")
	}
	folder, here := actionFolder(t, "action"), t.TempDir()
	for _, name := range []string{"GITHUB_OUTPUT", "INPUT_OUTPUT_FILE"} {
		pipe := filepath.Join(here, name)
		if out, err := exec.CommandContext(t.Context(), "mkfifo", pipe).CombinedOutput(); err != nil {
			t.Fatalf("%v %s", err, out)
		}
		cmd := composite(t, folder, map[string]string{"PATH": "", "RUNNER_OS": "Plan9", name: pipe})
		if out, code := finish(t, cmd); code != 1 || !strings.Contains(out, "RUNNER_OS is 'Plan9'") {
			t.Errorf("%s: exit code %d, %q", name, code, out)
		}
	}
}
