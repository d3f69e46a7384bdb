package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// systems and processors are what runners call them, and uname, by what Go does.
var (
	systems = map[string]string{
		"linux":   "Linux linux LINUX",
		"darwin":  "macOS darwin Darwin MACOS",
		"windows": "Windows windows WINDOWS MINGW64_NT-10.0-20348 MSYS_NT-10.0-26100-ARM64 CYGWIN_NT-10.0 UCRT64_NT-10.0-22631 Windows_NT",
	}
	processors = map[string]string{
		"amd64": "X64 x64 amd64 AMD64 x86_64",
		"arm64": "ARM64 arm64 Arm64 aarch64",
		"arm":   "ARM arm armv6l armv7l armv8l",
		"386":   "X86 x86 386 i386 i586 i686",
	}
)

// launchAll runs the launcher once for each line, by the variables that it sets, in
// one bash. No other program can be found.
func launchAll(t *testing.T, folder string, lines []string) []string {
	t.Helper()
	var script strings.Builder
	for _, line := range lines {
		fmt.Fprintf(&script, "(export %s; . scripts/launch.sh)\n", line)
	}
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(bash, "--noprofile", "--norc", "-c", script.String())
	cmd.Dir, cmd.Env = folder, []string{"PATH="}
	out, _ := finish(t, cmd)
	return strings.Split(strings.TrimSpace(out), "\n")
}

// Every spelling of a runner in use starts the program of its platform, and nothing else.
func TestLaunchKnowsEverySpelling(t *testing.T) {
	t.Parallel()
	folder := actionFolder(t, "action")
	var lines, want []string
	add := func(system, processor, line string) {
		name := "vault-secret_" + system + "_" + processor
		if system == "windows" {
			name += ".exe"
		}
		write(t, filepath.Join(folder, "dist", name), "#!/bin/sh\necho "+name+"\n", 0o755)
		lines, want = append(lines, line), append(want, name)
	}
	for system, spellings := range systems {
		for spelling := range strings.FieldsSeq(spellings) {
			add(system, "amd64", "RUNNER_OS="+spelling+" RUNNER_ARCH=X64")
		}
	}
	for processor, spellings := range processors {
		for spelling := range strings.FieldsSeq(spellings) {
			add("linux", processor, "RUNNER_OS=Linux RUNNER_ARCH="+spelling)
		}
	}
	if d := cmp.Diff(want, launchAll(t, folder, lines)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// fakeUname is a folder with a uname that prints a given text, and fails if it gets any
// variable besides those that a shell sets.
func fakeUname(t *testing.T, system, processor string) string {
	t.Helper()
	bin := t.TempDir()
	write(t, filepath.Join(bin, "uname"), "#!/bin/sh\n"+
		"[ -z \"${INPUT_VALUE:-}${RUNNER_OS:-}\" ] || exit 1\n"+
		"case $1 in -s) echo "+system+" ;; -m) echo "+processor+" ;; esac\n", 0o755)
	return bin
}

// What a variable does not say, uname does; what neither knows is refused, with both.
func TestLaunchAsksUname(t *testing.T) {
	t.Parallel()
	linux := fakeUname(t, "Linux", "x86_64")
	folder := actionFolder(t, "action", "vault-secret_linux_amd64", "vault-secret_linux_arm64", "vault-secret_darwin_amd64")
	for _, tt := range []struct{ path, system, processor, want string }{
		{linux, "", "", "vault-secret_linux_amd64"},
		{linux, "Plan9", "X64", "vault-secret_linux_amd64"},
		{linux, "Linux", "vax", "vault-secret_linux_amd64"},
		{linux, "", "ARM64", "vault-secret_linux_arm64"},
		{linux, "macOS", "riscv64", "vault-secret_darwin_amd64"},
		{fakeUname(t, "FreeBSD", "amd64"), "freebsd", "amd64", "this system: RUNNER_OS is 'freebsd', and uname says 'FreeBSD'. Use a runner with Linux"},
		{fakeUname(t, "Linux", "s390x"), "Linux", "", "this processor: RUNNER_ARCH is '', and uname says 's390x'."},
		{"", "Linux", "s390x", "RUNNER_ARCH is 's390x', and uname says 'nothing'"},
	} {
		out, _ := finish(t, composite(t, folder, map[string]string{
			"PATH": tt.path, "RUNNER_OS": tt.system, "RUNNER_ARCH": tt.processor, "INPUT_VALUE": "made-up-value",
		}))
		if !strings.Contains(out, tt.want) {
			t.Errorf("%q %q: %q, want %s", tt.system, tt.processor, out, tt.want)
		}
	}
}

// A variable of a job can have any name, also one that a script would like to use.
func TestLaunchLeavesTheVariablesOfTheJob(t *testing.T) {
	t.Parallel()
	const show = "#!/bin/sh\nenv\n"
	env, _ := withFakeGo(t)
	goes, _, _ := strings.Cut(env["PATH"], string(os.PathListSeparator))
	write(t, filepath.Join(goes, "fails"), `while [ "$1" != -o ]; do shift; done; printf '#!/bin/sh\nenv\n' >"$2"; chmod +x "$2"; exit 0`, 0o600)
	for _, name := range []string{"address", "cached", "code", "name", "names", "own", "platform", "program", "reasons", "root", "said", "start", "sum", "temp", "version"} {
		env[name] = "of the job"
	}
	released := actionFolder(t, "action")
	write(t, filepath.Join(released, "dist", programName()), show, 0o755)
	fetched, variables := unreleased(t, show, nil)
	for name, text := range env {
		if name != "RUNNER_OS" && name != "RUNNER_ARCH" {
			variables[name] = text
		}
	}
	for folder, env := range map[string]map[string]string{released: env, actionFolder(t, "action"): env, fetched: variables} {
		out, code := finish(t, composite(t, folder, env))
		if got := strings.Count(out, "=of the job\n"); got != 15 || code != 0 {
			t.Errorf("%s: %d are as they were, exit code %d:\n%s", folder, got, code, out)
		}
	}
}
