package e2e

import (
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/runnertest"
)

// onThisMachine is what a runner on this machine says of it, and variables that a
// job sets.
func onThisMachine(variables ...map[string]string) map[string]string {
	env := map[string]string{
		"PATH":        os.Getenv("PATH"),
		"RUNNER_OS":   map[string]string{"linux": "Linux", "darwin": "macOS", "windows": "Windows"}[runtime.GOOS],
		"RUNNER_ARCH": map[string]string{"amd64": "X64", "arm64": "ARM64", "arm": "ARM", "386": "X86"}[runtime.GOARCH],
	}
	for _, more := range variables {
		maps.Copy(env, more)
	}
	return env
}

func TestLaunchRefuses(t *testing.T) {
	t.Parallel()
	bin := t.TempDir()
	write(t, filepath.Join(bin, "go"), fakeGo, 0o755)
	for _, tt := range []struct{ system, processor, path, want string }{
		{"Plan9", "X64", "", "'Plan9'"},
		{"Linux", "S390X", "", "'S390X'"},
		{"Linux", "X64", "", "actions/setup-go"}, // no program, and no Go
		{"Linux", "X64", bin, "Set RUNNER_TEMP"}, // nowhere to build
	} {
		folder := actionFolder(t, "action")
		output, variables := filepath.Join(folder, "output"), filepath.Join(folder, "variables")
		out, code := finish(t, composite(t, folder, map[string]string{
			"PATH": tt.path, "RUNNER_OS": tt.system, "RUNNER_ARCH": tt.processor, "GITHUB_OUTPUT": output,
			"INPUT_OUTPUT_FILE": variables, "RUNNER_TEMP": filepath.Join(folder, "none"),
		}))
		if code != 1 || !strings.HasPrefix(out, "::error title=vault-secret: not started::") || !strings.Contains(out, tt.want) {
			t.Errorf("%s %s: exit code %d, %q, want %s", tt.system, tt.processor, code, out, tt.want)
		}
		told := read(t, output) + read(t, variables)
		const want = "changed=false\nresult=failed\nerror_code=not_started\n"
		if told != want+"NAIRI_CHANGED=false\nNAIRI_RESULT=failed\nNAIRI_ERROR_CODE=not_started\n" {
			t.Errorf("%s %s: outputs and variables:\n%s", tt.system, tt.processor, told)
		}
	}
}

func outputsIn(t *testing.T, path string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	outputs, err := runnertest.ParseOutputs(data)
	if err != nil {
		t.Fatal(err)
	}
	return outputs
}

// fakeGo stands for Go: it keeps its environment beside it, does what the file "fails"
// says, and builds a program that tells its name.
const fakeGo = `#!/bin/sh
env >"${0%/*}/env"
[ ! -f "${0%/*}/fails" ] || . "${0%/*}/fails"
while [ "$1" != -o ]; do shift; done
printf '#!/bin/sh\necho built $INPUT_VALUE in $0\n' >"$2"
chmod +x "$2"
`

// Go gets no secret and no setting that the job has for builds of its own; the
// program gets them all.
func TestLaunchBuilds(t *testing.T) {
	t.Parallel()
	bin := t.TempDir()
	write(t, filepath.Join(bin, "go"), fakeGo, 0o755)
	folder := actionFolder(t, "action")

	out, code := finish(t, composite(t, folder, onThisMachine(map[string]string{
		"PATH":        bin + string(os.PathListSeparator) + os.Getenv("PATH"),
		"RUNNER_TEMP": bin, "CHOSEN_BY_VALUE_ENV": "made-up-value",
		"INPUT_VALUE": "made-up-value", "INPUT_API_KEY": "made-up-key", "PLUGIN_VALUE": "made-up-value", "NAIRI_API_KEY": "made-up-key",
		"GOOS": "plan9", "GOARCH": "mips", "GOFLAGS": "-mod=vendor", "GOPROXY": "off", "GOCACHE": bin,
		"GOCACHEPROG": "/bin/false", "GOAUTH": "/bin/false", "GOSUMDB": "off", "GOROOT": bin, "GOTOOLCHAIN": "path", "GOENV": bin,
		"root": "made-up-value", "LAUNCH_KEY": "made-up-key", "launch_key": "made-up-key", // root is a local variable of the launcher
		"GOEXPERIMENT": "x", "BASH_ENV": "/dev/null", "GONEW": "x",
	})))

	if !strings.HasPrefix(out, "built made-up-value in "+bin) || code != 0 {
		t.Errorf("exit code %d, %q", code, out)
	}
	var given []string
	for line := range strings.Lines(read(t, filepath.Join(bin, "env"))) {
		if strings.HasPrefix(line, "GO") || strings.HasPrefix(line, "CGO") || strings.Contains(line, "made-up") || strings.HasPrefix(line, "BASH") {
			given = append(given, strings.TrimSpace(line))
		}
	}
	slices.Sort(given)
	if d := cmp.Diff([]string{"CGO_ENABLED=0", "GOCACHE=" + bin, "GOENV=off", "GOPROXY=off", "GOWORK=off"}, given); d != "" {
		t.Errorf("Go was given (-want +got):\n%s", d)
	}
}

// The commit of a release may lack the program of a platform, and what is downloaded of it
// the sources too. The message says what has both, and what to do there.
func TestLaunchBuildsOnlyFromSources(t *testing.T) {
	t.Parallel()
	bin := t.TempDir()
	write(t, filepath.Join(bin, "go"), fakeGo, 0o755)
	for _, tt := range []struct{ module, path, want string }{
		{"", bin, "no sources to build one from. Use nairi-community/vault-secret@v1.2.3-full, which has them, and run actions/setup-go before that step. [not_started]\n"},
		{"", "", "no sources to build one from. Use nairi-community/vault-secret@v1.2.3-full"},
		{"module m\n", "", "no Go to build one. Run actions/setup-go before this step. [not_started]\n"},
		{"module m\n", bin + string(os.PathListSeparator) + os.Getenv("PATH"), "built made-up-value in " + bin},
	} {
		folder := actionFolder(t, "action", "vault-secret_linux_amd64")
		write(t, filepath.Join(folder, "dist", "VERSION"), "v1.2.3\n", 0o600)
		write(t, filepath.Join(folder, "dist", "SHA256SUMS"), strings.Repeat("0", 64)+"  vault-secret_linux_amd64\n", 0o600)
		if tt.module != "" {
			write(t, filepath.Join(folder, "go.mod"), tt.module, 0o600)
		}
		out, code := finish(t, composite(t, folder, map[string]string{
			"PATH": tt.path, "RUNNER_OS": "Linux", "RUNNER_ARCH": "ARM", "RUNNER_TEMP": bin, "INPUT_VALUE": "made-up-value",
		}))
		if (code == 0) != strings.HasPrefix(tt.want, "built") || !strings.Contains(out, tt.want) {
			t.Errorf("%q, %q: exit code %d, %q, want %q", tt.module, tt.path, code, out, tt.want)
		}
	}
}

func TestLaunchBuildFails(t *testing.T) {
	t.Parallel()
	folder := actionFolder(t, "action")
	write(t, filepath.Join(folder, "go.mod"), "module broken\n", 0o600)
	write(t, filepath.Join(folder, "main.go"), "package main\n\nfunc main() { broken() }\n", 0o600)
	env := onThisMachine(map[string]string{"HOME": goHome(t), "GOPROXY": "off"})
	for _, name := range []string{"GOCACHE", "GOMODCACHE"} {
		_, env[name], _ = strings.Cut(goEnv(t, name), "=")
	}

	out, code := finish(t, composite(t, folder, env))

	if code != 1 || !strings.Contains(out, "undefined: broken") || !strings.Contains(out, "::error title=vault-secret: not started::") {
		t.Errorf("exit code %d, %q", code, out)
	}
}

// goHome is a home folder in which Go keeps no telemetry: it would write there
// after the test has ended.
func goHome(t *testing.T) string {
	t.Helper()
	home := t.TempDir()
	for _, settings := range []string{".config", "Library/Application Support", "AppData/Roaming"} {
		folder := filepath.Join(home, settings, "go", "telemetry")
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(folder, "mode"), "off\n", 0o600)
	}
	return home
}
