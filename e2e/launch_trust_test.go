package e2e

import (
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// notStarted checks that a launcher that started nothing says so, in outputs and
// with one line of reason, and returns its exit code.
func notStarted(t *testing.T, env map[string]string, folder string, reasons ...string) (code int) {
	t.Helper()
	output := filepath.Join(t.TempDir(), "output")
	env["GITHUB_OUTPUT"] = output
	out, code := finish(t, composite(t, folder, env))
	lacks := func(reason string) bool { return !strings.Contains(out, reason) }
	if code == 0 || strings.Count(out, "::error title=vault-secret: not started::") != 1 || slices.ContainsFunc(reasons, lacks) {
		t.Errorf("exit code %d, %q, want %q", code, out, reasons)
	}
	if told := read(t, output); told != "changed=false\nresult=failed\nerror_code=not_started\n" {
		t.Errorf("outputs:\n%s", told)
	}
	return code
}

// withFakeGo is the environment of a launcher that builds by fakeGo, and the folder
// in which it may.
func withFakeGo(t *testing.T) (env map[string]string, temp string) {
	t.Helper()
	bin, temp := t.TempDir(), t.TempDir()
	write(t, filepath.Join(bin, "go"), fakeGo, 0o755)
	return onThisMachine(map[string]string{
		"PATH":        bin + string(os.PathListSeparator) + os.Getenv("PATH"),
		"RUNNER_TEMP": temp, "INPUT_VALUE": "x",
	}), temp
}

// What an earlier job left in the tool cache, with the ID of the build, was run
// with the key. Now each run has a folder that nobody else can write to.
func TestLaunchRunsOnlyWhatItHasBuilt(t *testing.T) {
	t.Parallel()
	folder := actionFolder(t, "action")
	env, temp := withFakeGo(t)
	env["RUNNER_TOOL_CACHE"], env["XDG_CACHE_HOME"] = t.TempDir(), t.TempDir()
	for _, cache := range []string{env["RUNNER_TOOL_CACHE"], env["XDG_CACHE_HOME"]} {
		write(t, filepath.Join(cache, "vault-secret", folder, programName()), "#!/bin/sh\necho tampered with\n", 0o755)
	}
	seen := map[string]bool{}
	for range 3 {
		out, code := finish(t, composite(t, folder, env))
		_, path, built := strings.Cut(strings.TrimSpace(out), "built x in ")
		if code != 0 || !built || seen[path] || !strings.HasPrefix(path, temp) {
			t.Fatalf("exit code %d, %q", code, out)
		}
		seen[path] = true
		info, err := os.Stat(filepath.Dir(path))
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o700 && runtime.GOOS != "windows" {
			t.Errorf("the folder has the mode %o", mode)
		}
	}
}

// The settings are those that a job before this one left on the machine, and those
// of this job.
func TestLaunchBuildsWithoutTheSettingsOfOthers(t *testing.T) {
	t.Parallel()
	folder := actionFolder(t, "action")
	write(t, filepath.Join(folder, "go.mod"), "module small\n", 0o600)
	write(t, filepath.Join(folder, "main.go"), "package main\n\nfunc main() { print(\"small\\n\") }\n", 0o600)
	spy := filepath.Join(t.TempDir(), "spy")
	write(t, spy, "#!/bin/sh\ntouch \"$0.called\"\nexec \"$@\"\n", 0o755)
	home := goHome(t)
	for _, settings := range []string{".config/go/env", "Library/Application Support/go/env", "AppData/Roaming/go/env"} {
		write(t, filepath.Join(home, settings), "GOFLAGS=-toolexec="+spy+"\n", 0o600)
	}
	env := onThisMachine(map[string]string{
		"HOME": home, "RUNNER_TEMP": t.TempDir(), "GOCACHE": t.TempDir(), "GOPROXY": "off",
		"GOFLAGS": "-toolexec=" + spy, "GOCACHEPROG": spy, "GOAUTH": spy, "GOWORK": spy,
	})
	out, code := finish(t, composite(t, folder, env))
	if out != "small\n" || code != 0 {
		t.Errorf("exit code %d, %q", code, out)
	}
	if _, err := os.Stat(spy + ".called"); err == nil {
		t.Error("a program that the settings name was run")
	}
}

// A step can hand functions on to those after it. None takes the place of what the
// launcher calls.
func TestLaunchCallsNoFunctionOfAnEarlierStep(t *testing.T) {
	t.Parallel()
	built := actionFolder(t, "action")
	released := actionFolder(t, "action", programName())
	for _, folder := range []string{built, released} {
		env, _ := withFakeGo(t)
		for _, name := range []string{
			"builtin", "cd", "command", "echo", "eval", "exec", "exit", "export", "go", "kill", "local", "mkdir", "printf", "pwd", "read", "set", "shift", "shopt", "trap",
			"type", "umask", "uname", "unset", "wait", "[",
		} {
			env["BASH_FUNC_"+name+"%%"] = "() { echo stolen; }"
		}
		out, code := finish(t, composite(t, folder, env))
		if code != 0 || strings.Contains(out, "stolen") || out == "" {
			t.Errorf("%s: exit code %d, %q", folder, code, out)
		}
	}
}

func TestLaunchBuildsInAFolderThatIsNamedRelatively(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"RUNNER_TEMP", "RUNNER_TOOL_CACHE", "TMPDIR"} {
		env, temp := withFakeGo(t)
		if delete(env, "RUNNER_TEMP"); name == "RUNNER_TOOL_CACHE" {
			env["TMPDIR"] = temp
		}
		env[name] = "relative"
		cmd := composite(t, actionFolder(t, "action"), env)
		cmd.Dir = t.TempDir()
		if err := os.Mkdir(filepath.Join(cmd.Dir, "relative"), 0o755); err != nil {
			t.Fatal(err)
		}
		if out, code := finish(t, cmd); code != 0 || !strings.HasPrefix(out, "built x in /") {
			t.Errorf("%s: exit code %d, %q", name, code, out)
		}
	}
}

// otherProcessor is the beginning of a program for a processor that no test runs on
// (EM_S390, big endian), as long as one.
var otherProcessor = "\x7fELF\x02\x02\x01" + strings.Repeat("\x00", 9) + "\x00\x02\x00\x16\x00\x00\x00\x01" + strings.Repeat("\x00", 4096)

// What cannot be executed was 126 or 127 without outputs, and an empty program a
// step that did nothing and was green.
func TestLaunchOfWhatIsNoProgram(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("these are not programs of Linux")
	}
	for name, tt := range map[string]struct {
		text   string
		mode   os.FileMode
		reason string
	}{
		"its x bit is lost":        {"#!/bin/sh\necho started\n", 0o644, "is not executable"},
		"it is empty":              {"", 0o755, "is not a program: it is empty or a text"},
		"empty, without x":         {"", 0o644, "is not executable"},
		"a pointer of git-lfs":     {"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", 0o755, "is not a program"},
		"a page":                   {"<!DOCTYPE html>\n", 0o755, "is not a program"},
		"a page behind a BOM":      {"\ufeffecho started\n", 0o755, "is not a program"},
		"commands":                 {"echo started\n", 0o755, "is not a program"},
		"commands behind a line":   {"\n\techo started\n", 0o755, "is not a program"},
		"of another processor":     {otherProcessor, 0o755, "cannot run on linux"},
		"cut after its first word": {"\x7fELF", 0o755, "cannot run on linux"},
		"cut after its header":     {otherProcessor[:64], 0o755, "cannot run on linux"},
		"of Windows":               {"MZ\x90\x00" + strings.Repeat("\x00", 100), 0o755, "is not a program"},
		"no interpreter":           {"#!/nowhere/sh\n", 0o755, "cannot run on linux"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := actionFolder(t, "action")
			write(t, filepath.Join(folder, "dist", programName()), tt.text, tt.mode)
			if code := notStarted(t, onThisMachine(), folder, tt.reason); code != 1 {
				t.Errorf("exit code %d", code)
			}
		})
	}
	folder := actionFolder(t, "action")
	write(t, filepath.Join(folder, "dist", programName(), "file"), "", 0o644)
	env := onThisMachine(map[string]string{"PATH": ""})
	notStarted(t, env, folder, "There is no binary for")
}

// Every way in which the build can fail.
func TestLaunchBreaksOff(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ fails, reason string }{
		"Go fails":                   {"exit 1", "could not be built"},
		"Go is killed":               {"kill -KILL $$", "could not be built"},
		"Go makes no program":        {"exit 0", "built no program at"},
		"Go makes a folder":          {`while [ "$1" != -o ]; do shift; done; mkdir "$2"; exit 0`, "built no program at"},
		"Go makes an empty program":  {`while [ "$1" != -o ]; do shift; done; : >"$2"; chmod +x "$2"; exit 0`, "is not a program"},
		"Go makes no executable one": {`while [ "$1" != -o ]; do shift; done; echo x >"$2"; exit 0`, "is not executable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env, temp := withFakeGo(t)
			goes, _, _ := strings.Cut(env["PATH"], string(os.PathListSeparator))
			write(t, filepath.Join(goes, "fails"), tt.fails, 0o600)
			if code := notStarted(t, env, actionFolder(t, "action"), tt.reason); code != 1 {
				t.Errorf("exit code %d", code)
			}
			if left, err := os.ReadDir(temp); tt.reason == "could not be built" && (err != nil || len(left) > 0) {
				t.Errorf("left behind: %v %v", left, err)
			}
		})
	}
}

// A signal comes to the launcher alone. It ends what it runs, at once, and says so as
// the program does.
func TestLaunchIsCancelledDuringABuild(t *testing.T) {
	t.Parallel()
	// Where these tests are run by nohup, what they start would not hear of it either.
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	t.Cleanup(func() { signal.Stop(hangups) })
	for _, name := range []string{"INT", "TERM", "HUP"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env, temp := withFakeGo(t)
			bin, _, _ := strings.Cut(env["PATH"], string(os.PathListSeparator))
			write(t, filepath.Join(bin, "fails"), "kill -"+name+" $PPID; exec sleep 1000", 0o600)
			env["GITHUB_OUTPUT"] = filepath.Join(t.TempDir(), "output")
			cancelled(t, composite(t, actionFolder(t, "action"), env), env)
			if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v %v", left, err)
			}
		})
	}
}

// cancelled checks that a launcher ends as the program does when it is cancelled.
func cancelled(t *testing.T, cmd *exec.Cmd, env map[string]string) {
	t.Helper()
	out, code := finish(t, cmd)
	if code != 130 || !strings.Contains(out, "::error title=vault-secret: cancelled::The job was cancelled before vault-secret started.") {
		t.Errorf("exit code %d, %q", code, out)
	}
	if told := read(t, env["GITHUB_OUTPUT"]); told != "changed=false\nresult=failed\nerror_code=cancelled\n" {
		t.Errorf("outputs:\n%s", told)
	}
}

// A file for outputs that cannot be written does not hide the reason. The reason is one
// line, whatever a variable holds.
func TestLaunchSaysWhyWithoutAFileForOutputs(t *testing.T) {
	t.Parallel()
	for _, output := range []string{"", filepath.Join(t.TempDir(), "none", "output"), t.TempDir()} {
		env := onThisMachine(map[string]string{"PATH": "", "RUNNER_OS": "Plan9\r\n::warning::x", "GITHUB_OUTPUT": output, "INPUT_OUTPUT_FILE": output})
		out, code := finish(t, composite(t, actionFolder(t, "action"), env))
		if code != 1 || !strings.HasPrefix(out, "::error title=vault-secret: not started::vault-secret does not run on this system: RUNNER_OS is 'Plan9  ::warning::x'") || strings.Count(out, "\n") != 2 {
			t.Errorf("%q: exit code %d, %q", output, code, out)
		}
	}
	folder := t.TempDir()
	cmd := composite(t, actionFolder(t, "action"), onThisMachine(map[string]string{"PATH": "", "RUNNER_OS": "Plan9", "INPUT_OUTPUT_FILE": "__not_given__"}))
	cmd.Dir = folder
	finish(t, cmd)
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("files %v, %v", left, err)
	}
}
