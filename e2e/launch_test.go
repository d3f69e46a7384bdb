package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
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
	for _, script := range []string{"launch.sh", "provide.sh"} {
		write(t, filepath.Join(folder, "scripts", script), read(t, "../scripts/"+script), 0o755)
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
// path is empty, so no other program can be started on the way. A folder may have
// any name.
func TestLaunchBecomesTheProgram(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ folder, system, processor, program string }{
		{"action", "Linux", "X64", "vault-secret_linux_amd64"},
		{"action", "Linux", "ARM64", "vault-secret_linux_arm64"},
		{"action", "Linux", "ARM", "vault-secret_linux_arm"},
		{"action", "Linux", "X86", "vault-secret_linux_386"},
		{"action", "macOS", "X64", "vault-secret_darwin_amd64"},
		{"action", "macOS", "ARM64", "vault-secret_darwin_arm64"},
		{"action", "linux", "amd64", "vault-secret_linux_amd64"}, // as Gitea's runner writes them
		{"action", "linux", "arm", "vault-secret_linux_arm"},
		{"action", "linux", "386", "vault-secret_linux_386"},
		{"action", "darwin", "arm64", "vault-secret_darwin_arm64"},
		{"action", "windows", "amd64", "vault-secret_windows_amd64.exe"},
		{`D:\a\action`, "Windows", "X64", "vault-secret_windows_amd64.exe"},
		{"with spaces", "Windows", "ARM64", "vault-secret_windows_arm64.exe"},
		{"it's", "Linux", "X64", "vault-secret_linux_amd64"},
		{`$HOME "quoted"`, "Linux", "X64", "vault-secret_linux_amd64"},
		{"*", "Linux", "X64", "vault-secret_linux_amd64"},
		{"-n", "Linux", "X64", "vault-secret_linux_amd64"},
		{"vault-secret@v1", "Linux", "X64", "vault-secret_linux_amd64"},
	} {
		cmd := composite(t, actionFolder(t, tt.folder, tt.program), map[string]string{
			"PATH": "", "RUNNER_OS": tt.system, "RUNNER_ARCH": tt.processor,
		})
		out, code := finish(t, cmd)
		if want := fmt.Sprintf("%s 0 %d\n", tt.program, cmd.Process.Pid); out != want || code != 0 {
			t.Errorf("%s %s in %s: exit code %d, %q, want %q", tt.system, tt.processor, tt.folder, code, out, want)
		}
	}
}

// Outside a runner the machine is asked, and the script may be run from any folder.
func TestLaunchByHand(t *testing.T) {
	t.Parallel()
	folder := actionFolder(t, "action", programName())
	for _, tt := range []struct{ in, line string }{
		{".", `exec "$PWD/scripts/launch.sh"`},
		{".", "exec ./scripts/launch.sh"},
		{"scripts", "exec ./launch.sh"},
		{"scripts", "exec bash launch.sh"}, // no slash in its name
		{"scripts", ". ./launch.sh"},
	} {
		cmd := exec.Command("bash", "-c", tt.line)
		cmd.Dir, cmd.Env = filepath.Join(folder, tt.in), []string{"PATH=" + os.Getenv("PATH")}
		if out, code := finish(t, cmd); code != 0 || !strings.HasPrefix(out, programName()) {
			t.Errorf("%s: exit code %d, %q", tt.line, code, out)
		}
	}
}
