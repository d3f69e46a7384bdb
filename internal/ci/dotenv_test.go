package ci

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/runnertest"
)

// writtenVariables writes variables to a new file, which it names, and returns
// what the log says then.
func writtenVariables(t testing.TB, dir string, variables ...Output) (name, log string) {
	t.Helper()
	name = filepath.Join(dir, "variables")
	if err := os.RemoveAll(name); err != nil {
		t.Fatal(err)
	}
	d := open(name)
	if err := d.Write(nil, variables); err != nil || d.unopened != nil {
		t.Fatal(err, d.unopened)
	}
	return name, d.log.String()
}

// shells are those of this machine, for a file to be sourced in.
func shells(t testing.TB) []string {
	t.Helper()
	var found []string
	for _, name := range []string{"sh", "dash", "bash", "busybox", "zsh", "ksh"} {
		if path, err := exec.LookPath(name); err == nil && runtime.GOOS != "windows" {
			found = append(found, path)
		}
	}
	if len(found) == 0 {
		t.Skip("there is no shell here")
	}
	return found
}

// sourced are variables after a shell has sourced a file. It fails unless nothing
// but assignments came of that.
func sourced(t rapid.TB, shell, file string, names ...string) map[string]string {
	t.Helper()
	script := `set -eu; cd "$(dirname "$1")"; . ./variables; printf '%s\0' *`
	for _, name := range names {
		script += ` "$` + name + `"`
	}
	args := []string{"-c", script, "shell", file}
	if filepath.Base(shell) == "busybox" {
		args = append([]string{"sh"}, args...)
	}
	cmd := exec.Command(shell, args...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=/home", "LC_ALL=C.UTF-8"}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("%s: %v %q", shell, err, &stderr)
	}
	words := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	if len(words) != len(tempting)+len(names) || !slices.Equal(words[:len(tempting)], tempting) {
		t.Fatalf("%s: said or did something: %q", shell, words)
	}
	values := map[string]string{}
	for i, name := range names {
		values[name] = words[len(tempting)+i]
	}
	return values
}

// tempting are the files beside the variables: a shell that took a star for a
// pattern would find them.
var tempting = []string{"FIRST=a.example.com", "a.example.com", "variables"}

func tempt(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range tempting[:2] {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// gitLab reads a file as GitLab does, for a job with secrets of its own.
func gitLab(t rapid.TB, file string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	variables, err := runnertest.ParseVariables(text, map[string]string{"PATH": "/of/the/job", "CI_JOB_TOKEN": "of the job"})
	if err != nil {
		t.Fatalf("GitLab: %v", err)
	}
	return variables
}

// What outputs hold in truth is the same to everything that reads the file.
func TestVariablesArriveAsTheyAre(t *testing.T) {
	t.Parallel()
	shells, dir := shells(t), tempt(t)
	for _, value := range []string{
		"", "sec_01KQ27AQH800XQTQPJZ0DH14SJ", "DATABASE_URL", "2026-04-25T11:45:19.000Z", "true", "[]", "*",
		"db.example.com,*.example.com", "-n", "X_" + mark,
	} {
		want := map[string]string{"FIRST": value, "SECOND": "safe"}
		file, log := writtenVariables(t, dir, Output{"FIRST", value}, Output{"SECOND", "safe"})
		if diff := cmp.Diff(want, gitLab(t, file)); diff != "" || log != "" {
			t.Errorf("GitLab: %s, %s", diff, log)
		}
		for _, shell := range shells {
			if diff := cmp.Diff(want, sourced(t, shell, file, "FIRST", "SECOND")); diff != "" {
				t.Errorf("%s: %s", shell, diff)
			}
		}
	}
}

// mark stands where a secret was.
const mark = "***"

// hostile are pieces of texts with which a server could do something to one who
// reads them.
var hostile = []string{
	"\n", "\r\n", "\r", "\x00", "\ufeff", "\u2028", " ", "\t", "=", "#", ";", "&", "|", "<", ">", "(", ")", "'", `"`, "`", `\`, "~", "!", "?",
	"$(touch owned)", "`touch owned`", "; touch owned #", "\ntouch owned\n", "' ; touch owned ; '", "$PATH", "${PATH}", "%PATH%",
	"$CI_JOB_TOKEN", "~root", "{a,b}", "$'\\x41'", "$((1))", "EVIL=1", "\nEVIL=1", "export", "a", "*", "[]", "[a-z]*", ":~", hidden,
}

// Each character and each piece is by itself either taken alike or left out:
// beside others one that is wrongly taken would not be noticed.
func TestVariablesOfOneCharacter(t *testing.T) {
	t.Parallel()
	shells, dir := shells(t), tempt(t)
	texts := slices.Clone(hostile)
	for c := range rune(unicode.MaxLatin1) {
		texts = append(texts, string(c), "a"+string(c)+"b", string(c)+"root"+string(c)+"b")
	}
	var variables []Output
	var names []string
	want := map[string]string{}
	for i, text := range texts {
		name := fmt.Sprintf("V%d", i)
		variables, names = append(variables, Output{name, text}), append(names, name)
		want[name] = expected(text)
		file, _ := writtenVariables(t, dir, Output{"FIRST", text})
		if got := gitLab(t, file)["FIRST"]; got != want[name] {
			t.Errorf("GitLab reads %q as %q", text, got)
		}
	}
	file, _ := writtenVariables(t, dir, variables...)
	for _, shell := range shells {
		if diff := cmp.Diff(want, sourced(t, shell, file, names...)); diff != "" {
			t.Errorf("%s: %s", shell, diff)
		}
	}
}

// Whatever a server says, a file of variables has as many as were given, a shell
// that sources it does nothing else, and everybody reads the same.
func TestVariablesCannotBeInjected(t *testing.T) {
	t.Parallel()
	shells, dir := shells(t), tempt(t)
	rapid.Check(t, func(r *rapid.T) {
		pieces := rapid.OneOf(rapid.SampledFrom(hostile), rapid.String())
		value := strings.Join(rapid.SliceOf(pieces).Draw(r, "value"), "")
		file, log := writtenVariables(t, dir, Output{"FIRST", value}, Output{"SECOND", "safe"})
		want := map[string]string{"FIRST": expected(value), "SECOND": "safe"}
		if diff := cmp.Diff(want, gitLab(r, file)); diff != "" {
			r.Fatalf("GitLab: %s", diff)
		}
		shell := rapid.SampledFrom(shells).Draw(r, "shell")
		if diff := cmp.Diff(want, sourced(r, shell, file, "FIRST", "SECOND")); diff != "" {
			r.Fatalf("%s: %s", shell, diff)
		}
		if warned := strings.Contains(log, "FIRST"); warned != (want["FIRST"] == "" && value != "") {
			r.Fatalf("warned: %v", warned)
		}
		if strings.Contains(log, hidden) {
			r.Fatal("the log holds the secret")
		}
	})
}

var plainText = regexp.MustCompile(`^[A-Za-z0-9_.:,*-]*$`)

// expected is what arrives of a text.
func expected(value string) string {
	value = sanitize(value)
	if value != "[]" && !plainText.MatchString(value) {
		return ""
	}
	return value
}

func FuzzVariables(f *testing.F) {
	for _, piece := range hostile {
		f.Add(piece)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, value string) {
		file, _ := writtenVariables(t, dir, Output{"FIRST", value}, Output{"SECOND", "safe"})
		want := map[string]string{"FIRST": expected(value), "SECOND": "safe"}
		if len(value) <= maxVariable {
			if diff := cmp.Diff(want, gitLab(t, file)); diff != "" {
				t.Error(diff)
			}
		}
		lines := regexp.MustCompile(`^FIRST=([A-Za-z0-9_.:,*-]*|\[\])\nSECOND=safe\n$`)
		if text := read(t, file); !lines.MatchString(text) {
			t.Errorf("wrote %q", text)
		}
	})
}

// A text that made GitLab refuse the file would take the others with it.
func TestVariablesThatAreTooLong(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for size, kept := range map[int]bool{maxVariable: true, maxVariable + 1: false} {
		value := strings.Repeat("x", size)
		file, log := writtenVariables(t, dir, Output{"FIRST", value})
		if got := gitLab(t, file)["FIRST"]; kept != (got == value) || kept == strings.Contains(log, "FIRST") {
			t.Errorf("%d bytes: %d arrived, and the log has %q", size, len(got), log)
		}
	}
}
