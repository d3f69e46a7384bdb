package e2e

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/runnertest"
)

// composite is the action's step as GitHub's runner starts it: its script in a
// file, run by a bash that reads no settings (actions/runner, ScriptHandler.cs).
// The environment is what is given, and nothing else.
func composite(t *testing.T, folder string, env map[string]string) *exec.Cmd {
	t.Helper()
	action, err := runnertest.LoadAction("../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(t.TempDir(), "step.sh")
	write(t, script, action.Runs.Steps[0].Run+"\n", 0o600)
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(bash, "--noprofile", "--norc", "-e", "-o", "pipefail", script)
	cmd.Env = []string{"GITHUB_ACTIONS=true", "GITHUB_ACTION_PATH=" + folder}
	for name, value := range env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	return cmd
}

// finish runs a command and returns its standard output and exit code. There is
// never anything on standard error.
func finish(t *testing.T, cmd *exec.Cmd) (stdout string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	if errs.Len() > 0 {
		t.Errorf("standard error: %s", errs.String())
	}
	return out.String(), cmd.ProcessState.ExitCode()
}

// actionFolder is a copy of the action with programs that only tell their name
// and process.
func actionFolder(t *testing.T, name string, programs ...string) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), name)
	if err := copyFile("../launch.sh", filepath.Join(folder, "launch.sh")); err != nil {
		t.Fatal(err)
	}
	for _, program := range programs {
		write(t, filepath.Join(folder, "dist", program), "#!/bin/sh\necho "+program+" $# $$\n", 0o755)
	}
	return folder
}

func write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// The runner sends a cancel to the process that it started and to no other
// (actions/runner, ProcessInvoker.cs): that has to be the program. The search
// path is empty, so no other program can be started on the way.
func TestLaunchBecomesTheProgram(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ system, processor, program string }{
		{"Linux", "X64", "vault-secret_linux_amd64"},
		{"Linux", "ARM64", "vault-secret_linux_arm64"},
		{"Linux", "ARM", "vault-secret_linux_arm"},
		{"Linux", "X86", "vault-secret_linux_386"},
		{"macOS", "X64", "vault-secret_darwin_amd64"},
		{"macOS", "ARM64", "vault-secret_darwin_arm64"},
		{"Windows", "X64", "vault-secret_windows_amd64.exe"},
		{"Windows", "ARM64", "vault-secret_windows_arm64.exe"},
	} {
		cmd := composite(t, actionFolder(t, "action", tt.program), map[string]string{
			"PATH": "", "RUNNER_OS": tt.system, "RUNNER_ARCH": tt.processor,
		})
		out, code := finish(t, cmd)
		want := strings.Join([]string{tt.program, "0", strconv.Itoa(cmd.Process.Pid)}, " ") + "\n"
		if out != want || code != 0 {
			t.Errorf("%s %s: exit code %d, %q, want %q", tt.system, tt.processor, code, out, want)
		}
	}
}

func TestLaunchFromOddFolders(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"with spaces", `D:\a\action`, "it's", `$HOME "quoted"`, "*", "-n", "vault-secret@v1"} {
		folder := actionFolder(t, name, programName())
		if out, code := finish(t, composite(t, folder, onThisMachine())); code != 0 || !strings.HasPrefix(out, programName()) {
			t.Errorf("%s: exit code %d, %q", name, code, out)
		}
	}
}

// Outside a runner the machine is asked, and launch.sh is run as a program.
func TestLaunchByHand(t *testing.T) {
	t.Parallel()
	folder := actionFolder(t, "action", programName())
	for _, path := range []string{filepath.Join(folder, "launch.sh"), "./launch.sh"} {
		cmd := exec.Command(path)
		cmd.Dir, cmd.Env = folder, []string{"PATH=" + os.Getenv("PATH")}
		if out, code := finish(t, cmd); code != 0 || !strings.HasPrefix(out, programName()) {
			t.Errorf("%s: exit code %d, %q", path, code, out)
		}
	}
	cmd := exec.Command("bash", "launch.sh")
	cmd.Dir, cmd.Env = folder, []string{"PATH=" + os.Getenv("PATH")}
	if out, code := finish(t, cmd); code != 0 || !strings.HasPrefix(out, programName()) {
		t.Errorf("bash launch.sh: exit code %d, %q", code, out)
	}
}
