//go:build unix

package action

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/nairi-community/vault-secret/internal/manifest"
	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/report"
)

// pipe is one to which nobody writes, and from which nobody reads.
func pipe(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// What never ends is read for no longer than the step may take, and what was read
// then is named. An event is a file, or none.
func TestAPipeAsAnInputEndsWithTheTimeout(t *testing.T) {
	t.Parallel()
	tests := map[string]inputs{
		"value_file": {"secret_id": tokenID, "timeout": "1s"},
		"ca_cert":    {"secret_id": tokenID, "value": value, "timeout": "1s"},
		"manifest":   {"operation": "sync", "vault_id": "", "timeout": "1s"},
	}
	atOnce(t, tests, func(t *testing.T, with inputs) {
		s := newStage(t)
		input := filepath.Base(t.Name())
		with[input] = pipe(t)
		e := s.start(with).wait()
		if e.code != report.ExitFailed || e.outputs["error_code"] != "timeout" || len(e.requests) > 0 {
			t.Errorf("exit code %d, outputs %v", e.code, e.outputs)
		}
		e.says(t, "The time for the run is over while reading what "+input+" names")
	})
}

// The kernel's log is a regular file by its kind, and waits for the next line.
func TestAFileWithoutAnEndEndsWithTheTimeout(t *testing.T) {
	t.Parallel()
	const kmsg = "/proc/kmsg"
	f, err := os.OpenFile(kmsg, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Skip(err)
	}
	_ = f.Close()
	s := newStage(t)
	e := s.start(inputs{"secret_id": tokenID, "value_file": kmsg, "timeout": "1s"}).wait()
	if e.code == report.ExitDone || len(e.requests) > 0 {
		t.Errorf("exit code %d, outputs %v", e.code, e.outputs)
	}
}

func TestAPipeInTheEventsPlaceStopsNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.env["GITHUB_EVENT_PATH"] = pipe(t)
	e := s.start(inputs{"secret_id": tokenID, "value": value}).ends(report.ExitDone, "updated", "")
	if !strings.Contains(e.log, "GITHUB_EVENT_PATH names a pipe, not a file.") {
		t.Error(e.log)
	}
}

// A pipe in the place of an outputs file is told of before anything is sent, and
// one in that of the summary afterwards; nobody waits for its other end.
func TestAPipeForOutputsIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	const why = " cannot be opened for writing: it is not a regular file, and nothing may ever read from it"
	for _, source := range []string{"GITHUB_OUTPUT", "DRONE_OUTPUT", "INPUT_OUTPUT_FILE", "GITHUB_STEP_SUMMARY"} {
		t.Run(source, func(t *testing.T) {
			s := newStage(t)
			s.env[source] = pipe(t)
			code, named := report.ExitBadInput, source+" names a file that"
			switch source {
			case "GITHUB_STEP_SUMMARY":
				code, named = report.ExitDone, "the file that GITHUB_STEP_SUMMARY names"
			case "INPUT_OUTPUT_FILE":
				named = "output_file names a file that"
			}
			e := s.start(inputs{"secret_id": tokenID, "value": value}).wait()
			if e.code != code || !strings.Contains(e.log, named+why) {
				t.Errorf("exit code %d: %s", e.code, e.log)
			}
			if wrote := len(e.requests) > 0; wrote != (code == report.ExitDone) {
				t.Errorf("requests %q", e.requests)
			}
		})
	}
}

// shell runs a script in which $PROGRAM is the program, outside of any CI, and
// returns its exit code and what it printed.
func (s *stage) shell(script string, with inputs) (code int, printed string) {
	s.t.Helper()
	path, err := program()
	if err != nil {
		s.t.Fatal(err)
	}
	a := s.attempt(with)
	cmd := exec.CommandContext(s.t.Context(), "bash", "-c", script)
	cmd.Dir = a.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "PROGRAM=" + path, "SECRET=" + value}
	for name, text := range a.vars {
		if _, set := s.env[name]; set || strings.HasPrefix(name, "INPUT_") {
			cmd.Env = append(cmd.Env, name+"="+text)
		}
	}
	out, err := cmd.Output()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		code = exit.ExitCode()
	case err != nil:
		s.t.Skip(err)
	}
	if strings.Contains(string(out), value) {
		s.t.Error("the value shows")
	}
	return code, string(out)
}

// A shell hands a value over by a pipe, or a program by a file that is gone by
// then: it is a name like another.
func TestAValueComesThroughAPipe(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"standard input":          `printf '%s\n' "$SECRET" | INPUT_VALUE_FILE=/dev/stdin "$PROGRAM"`,
		"standard input, slowly":  `(sleep 0.3; printf '%s' "${SECRET:0:5}"; sleep 0.3; printf '%s\n' "${SECRET:5}") | INPUT_VALUE_FILE=/dev/stdin "$PROGRAM"`,
		"standard input, a file":  `printf '%s\n' "$SECRET" > value; INPUT_VALUE_FILE=/dev/stdin "$PROGRAM" < value`,
		"a here string":           `INPUT_VALUE_FILE=/dev/stdin "$PROGRAM" <<< "$SECRET"`,
		"a command":               `INPUT_VALUE_FILE=<(printf '%s\n' "$SECRET") "$PROGRAM"`,
		"a pipe with a name":      `mkfifo p; printf '%s\n' "$SECRET" > p & INPUT_VALUE_FILE=$PWD/p "$PROGRAM"`,
		"a pipe, base64":          `printf '%s' "$SECRET" | base64 | INPUT_VALUE_ENCODING=base64 INPUT_VALUE_FILE=/dev/stdin "$PROGRAM"`,
		"a file that is gone":     `printf '%s\n' "$SECRET" > value; exec 9< value; rm value; INPUT_VALUE_FILE=/dev/fd/9 "$PROGRAM"`,
		"a descriptor of its own": `exec 9< <(printf '%s\n' "$SECRET"); INPUT_VALUE_FILE=/proc/self/fd/9 "$PROGRAM"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if runtime.GOOS != "linux" && strings.Contains(script, "/proc/") {
				t.Skip("Linux alone has /proc")
			}
			s := newStage(t)
			s.on("a shell")
			code, printed := s.shell(script, inputs{"secret_id": tokenID})
			if code != report.ExitDone {
				t.Errorf("exit code %d: %s", code, printed)
			}
			same(t, "the vault", []string{rotated}, s.stored())
		})
	}
}

// Outputs that nobody gets are no success: 3 if something was written, 1 if not.
func TestLostStandardOutputIsNoSuccess(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("/dev/full is Linux's, and so is to see that standard output was closed")
	}
	plan := inputs{"secret_id": tokenID, "value": value, "dry_run": "true"}
	for name, script := range map[string]string{
		"closed":           `"$PROGRAM" >&-`,
		"full":             `"$PROGRAM" > /dev/full`,
		"a broken pipe":    `{ "$PROGRAM"; echo $? > code; } | :; exit "$(cat code)"`,
		"closed, with all": `"$PROGRAM" <&- >&- 2>&-`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.on("a shell")
			if code, _ := s.shell(script, plan); code != report.ExitFailed {
				t.Errorf("of a dry run: exit code %d", code)
			}
			if code, _ := s.shell(script, rotation); code != report.ExitUnknown {
				t.Errorf("of a write: exit code %d", code)
			}
			same(t, "the vault", []string{rotated}, s.stored())
			// A file that has the outputs is their place, and standard output is not.
			with := inputs{"secret_id": tokenID, "value": value, "output_file": filepath.Join(t.TempDir(), "nairi.env")}
			if code, _ := s.shell(script, with); code != report.ExitDone {
				t.Errorf("with a file for the outputs: exit code %d", code)
			}
		})
	}
	s := newStage(t)
	s.on("a shell")
	if code, _ := s.shell(`"$PROGRAM" > /dev/null`, rotation); code != report.ExitDone {
		t.Errorf("who sends the outputs to /dev/null wants none: exit code %d", code)
	}
}

// A disk that fills up in the middle of an output leaves the file as it was: half
// a heredoc would fail the step of a runner, with what is whole in it.
func TestADiskThatFillsUpLeavesNoHalfAnOutput(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := newStage(t)
	for _, source := range []string{"GITHUB_OUTPUT", "INPUT_OUTPUT_FILE"} {
		before := strings.Repeat("before=1\n", 50)
		s.env = inputs{source: filepath.Join(dir, source)}
		if err := os.WriteFile(s.env[source], []byte(before), 0o600); err != nil {
			t.Fatal(err)
		}
		code, printed := s.shell(`ulimit -f 1; exec "$PROGRAM"`, inputs{
			"env_key": "TOKEN", "value": value, "allowed_domains": longDomains(),
		})
		if code != report.ExitUnknown || !strings.Contains(printed, "The outputs cannot be written to the file that") {
			t.Errorf("%s: exit code %d: %s", source, code, printed)
		}
		same(t, source, before, string(contents(s.env[source])))
	}
}

// longDomains are enough hosts for more than the kilobyte that a file may have.
func longDomains() string {
	var list strings.Builder
	for _, letter := range "bcdefghijklmnopqrstuvwxyz" {
		list.WriteString(strings.Repeat(string(letter), 30) + ".example.com\n")
	}
	return list.String()
}

// A name of standard output is no second way to the same file.
func TestOutputsOnStandardOutputAreWhole(t *testing.T) {
	t.Parallel()
	for _, script := range []string{
		`GITHUB_OUTPUT=/dev/stdout "$PROGRAM"`, `GITHUB_OUTPUT=/dev/stdout "$PROGRAM" > log; c=$?; cat log; exit $c`,
		`GITHUB_OUTPUT=$PWD/log "$PROGRAM" > log; c=$?; cat log; exit $c`, `GITHUB_OUTPUT=/dev/fd/1 "$PROGRAM" | cat`,
	} {
		s := newStage(t)
		s.on("a shell")
		code, printed := s.shell(script, inputs{"secret_id": tokenID, "value": value})
		if code != report.ExitDone || !strings.HasPrefix(printed, "vault-secret ") ||
			!strings.Contains(printed, "\nresult<<") || !strings.Contains(printed, "\nUpdated TOKEN") {
			t.Errorf("%s: exit code %d: %s", script, code, printed)
		}
	}
}

// checkoutOf is a working folder that a pull request made, with a manifest that
// stores one file of it, and the folder's token of the runner beside it.
func checkoutOf(t *testing.T, file string, links map[string]string) string {
	t.Helper()
	parent := t.TempDir()
	folder := filepath.Join(parent, "checkout")
	for name, text := range map[string]string{
		filepath.Join(parent, "runner", "token"):   "token-of-the-runner",
		filepath.Join(folder, ".git", "config"):    "token-of-the-job",
		filepath.Join(folder, "secrets", "stripe"): value,
		filepath.Join(folder, manifest.Default):    "vaults:\n- vault_id: " + vaultID + "\n  secrets:\n    TOKEN: {file: " + file + "}\n",
	} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range links {
		if err := os.Symlink(to, filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// A link that somebody committed stores no secret of the runner, and nothing of
// .git, whether a manifest names it or an input does.
func TestACommittedLinkStoresNoSecretOfTheRunner(t *testing.T) {
	t.Parallel()
	const outside, git = "outside the working folder", "in .git"
	for file, tt := range map[string]struct {
		links map[string]string
		why   string
	}{
		"secrets/link":    {map[string]string{"secrets/link": "../../runner/token"}, outside},
		"folder/token":    {map[string]string{"folder": "../runner"}, outside},
		"secrets/dotgit":  {map[string]string{"secrets/dotgit": "../.git/config"}, git},
		"harmless/config": {map[string]string{"harmless": ".git"}, git},
		".git/config":     {nil, git},
		"inside":          {map[string]string{"inside": "secrets/stripe"}, ""},
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.AddVaultWithID(vaultID, "default")
			s.AddSecret(vaultID, nairitest.Stored{ID: otherID, EnvKey: "TOKEN", Value: former})
			s.env = inputs{"FOLDER": checkoutOf(t, file, tt.links)}
			for _, with := range []inputs{{"operation": "sync", "vault_id": ""}, {"secret_id": tokenID, "value_file": file}} {
				code, printed := s.shell(`cd "$FOLDER" && exec "$PROGRAM"`, with)
				if code != map[bool]int{true: report.ExitDone, false: report.ExitBadInput}[tt.why == ""] || !strings.Contains(printed, tt.why) {
					t.Errorf("exit code %d: %s", code, printed)
				}
			}
		})
	}
}
