package ci

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/runnertest"
)

// desk is a step with a place for its outputs and its summary.
type desk struct {
	files            *Files
	log              *bytes.Buffer
	outputs, summary string // names of files
}

func open(t *testing.T, pairs ...string) desk {
	t.Helper()
	dir := t.TempDir()
	d := desk{outputs: filepath.Join(dir, "output"), summary: filepath.Join(dir, "summary")}
	pairs = append(pairs, "GITHUB_OUTPUT="+d.outputs, "GITHUB_STEP_SUMMARY="+d.summary, "GITHUB_ACTIONS=true")
	var c *Console
	c, d.log = console(env(pairs...))
	d.log.Reset()
	var err error
	if d.files, err = c.OpenFiles(env(pairs...), entropy{}); err != nil {
		t.Fatal(err)
	}
	return d
}

// entropy is random enough for a test, and always the same.
type entropy struct{}

func (entropy) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 0xa5
	}
	return len(p), nil
}

// delimiter is what entropy makes: the one guess that an attacker must not have.
var delimiter = "vault_secret_" + strings.Repeat("a5", 16)

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestOutputsArriveAsTheyAre(t *testing.T) {
	t.Parallel()
	outputs := []Output{
		{"empty", ""},
		{"json", `["api.example.com","*.example.com"]`},
		{"equals", "a=b<<c"},
		{"spaces", "  two  "},
		{"unicode", "Ünïcode ✓"},
		{"like_a_block", "x<<EOF"},
		{"percent", "%0A%25"},
	}
	want := map[string]string{}
	for _, output := range outputs {
		want[output.Name] = output.Value
	}
	d := open(t)
	if err := d.files.WriteOutputs(outputs); err != nil {
		t.Fatal(err)
	}
	for reader, parse := range readers {
		got, err := parse([]byte(read(t, d.outputs)))
		if err != nil {
			t.Errorf("%s: %v", reader, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", reader, diff)
		}
	}
	if d.log.Len() > 0 {
		t.Errorf("the log has %q", d.log)
	}
}

// readers are the ways in which runners read the outputs.
var readers = map[string]func([]byte) (map[string]string, error){
	"GitHub":            runnertest.ParseOutputs,
	"GitHub on Windows": runnertest.ParseOutputsWindows,
	"act":               runnertest.ParseOutputsAct,
	"Forgejo":           runnertest.ParseOutputsForgejo,
}

// Whatever is in the values, there are as many outputs as were given, under
// their names, and on every runner the same.
func TestOutputsCannotBeInjected(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c, _ := console(inShell)
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.OneOf(rapid.SampledFrom([]string{
			"\n", "\r\n", "\r", "<<", "=", "EOF", "evil=1", "evil<<x", "vault_secret_", "ghadelimiter_", "\u2028", "::set-output name=evil::1",
			"_GitHubActionsFileCommandDelimeter_", "\x00", "\ufeff",
		}), rapid.String())
		value := strings.Join(rapid.SliceOf(pieces).Draw(t, "value"), "")
		name := filepath.Join(dir, "output")
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		files, err := c.OpenFiles(env("GITHUB_OUTPUT="+name), entropy{})
		if err != nil {
			t.Fatal(err)
		}
		if err := files.WriteOutputs([]Output{{"first", value}, {"second", "safe"}}); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{"first": sanitize(value), "second": "safe"}
		for reader, parse := range readers {
			got, err := parse(text)
			if err != nil {
				t.Fatalf("%s: %v", reader, err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%s: %s", reader, diff)
			}
		}
	})
}

// Not even one who could read our randomness sets another output.
func TestOutputWithTheDelimiterInIt(t *testing.T) {
	t.Parallel()
	d := open(t)
	err := d.files.WriteOutputs([]Output{{"first", "x\n" + delimiter + "\nevil=1"}})
	if err == nil {
		t.Error("no error")
	}
	if got := read(t, d.outputs); got != "" {
		t.Errorf("wrote %q", got)
	}
}

// A runner would drop an output that a mask cuts and say nothing that helps, so
// the one that is hidden is named, without its value.
func TestOutputsAreRedacted(t *testing.T) {
	t.Parallel()
	d := open(t)
	if err := d.files.WriteOutputs([]Output{{"env_key", "X_" + hidden}, {"result", "updated"}}); err != nil {
		t.Fatal(err)
	}
	got, err := runnertest.ParseOutputs([]byte(read(t, d.outputs)))
	if diff := cmp.Diff(map[string]string{"env_key": "X_***", "result": "updated"}, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	lines := strings.Split(strings.TrimSpace(d.log.String()), "\n")
	if len(lines) != 1 || !strings.HasPrefix(lines[0], "::warning ") || !strings.Contains(lines[0], "env_key") {
		t.Errorf("want one warning that names env_key, got %q", lines)
	}
	if strings.Contains(d.log.String(), hidden) {
		t.Error("the log holds the secret")
	}
}

func TestWriteOutputsLeavesItsArgumentAlone(t *testing.T) {
	t.Parallel()
	d := open(t)
	outputs := []Output{{"env_key", "two\nlines"}}
	if err := d.files.WriteOutputs(outputs); err != nil {
		t.Fatal(err)
	}
	if outputs[0].Value != "two\nlines" {
		t.Errorf("it now holds %q", outputs[0].Value)
	}
}

// Another program of the same step may have written outputs before.
func TestOutputsAreAppended(t *testing.T) {
	t.Parallel()
	d := open(t)
	if err := os.WriteFile(d.outputs, []byte("before=1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := d.files.WriteOutputs([]Output{{"after", "2"}}); err != nil {
		t.Fatal(err)
	}
	got, err := runnertest.ParseOutputs([]byte(read(t, d.outputs)))
	if diff := cmp.Diff(map[string]string{"before": "1", "after": "2"}, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
}

// A line that somebody left without its end stays one, and ours begins after it.
func TestOutputsBeginALine(t *testing.T) {
	t.Parallel()
	for before, want := range map[string]string{"": "", "OTHER=x": "OTHER=x\n", "OTHER=x\n": "OTHER=x\n"} {
		name := filepath.Join(t.TempDir(), "output")
		if err := os.WriteFile(name, []byte(before), 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := appendTo(name)
		if err != nil {
			t.Fatal(err)
		}
		_ = file.Close()
		if got, _ := os.ReadFile(name); string(got) != want {
			t.Errorf("%q becomes %q, want %q", before, got, want)
		}
	}
}

func TestOutputsArePrintedWhereThereIsNoFile(t *testing.T) {
	t.Parallel()
	for name, lookup := range map[string]Lookup{"unset": inShell, "empty": env("GITHUB_OUTPUT=")} {
		c, log := console(lookup)
		files, err := c.OpenFiles(lookup, entropy{})
		if err != nil {
			t.Fatal(err)
		}
		if err := files.WriteOutputs([]Output{{"result", "updated"}, {"env_key", "X\ny=z"}}); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff("result=updated\nenv_key=X y=z\n", log.String()); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestOpenFilesWhereItCannot(t *testing.T) {
	t.Parallel()
	lookup := env("GITHUB_OUTPUT=" + filepath.Join(t.TempDir(), hidden, "output"))
	c, log := console(lookup)
	files, err := c.OpenFiles(lookup, entropy{})
	if err == nil {
		t.Fatal("no error")
	}
	if strings.Contains(err.Error(), hidden) {
		t.Error("the error repeats the file's name")
	}
	// What is known is to be told all the same.
	if err := files.WriteOutputs([]Output{{"result", "failed"}}); err != nil {
		t.Error(err)
	}
	if got := log.String(); got != "result=failed\n" {
		t.Errorf("the log has %q", got)
	}
}

func TestOutputsThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("/dev/full is Linux's")
	}
	c, _ := console(inShell)
	files, err := c.OpenFiles(env("GITHUB_OUTPUT=/dev/full"), entropy{})
	if err != nil {
		t.Fatal(err)
	}
	if files.WriteOutputs([]Output{{"result", "updated"}}) == nil {
		t.Error("a full disk is no error")
	}
}

func TestOutputsWithoutRandomness(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.files.random = io.LimitReader(entropy{}, 8)
	if d.files.WriteOutputs([]Output{{"result", "updated"}}) == nil {
		t.Error("half a delimiter is no error")
	}
	if got := read(t, d.outputs); got != "" {
		t.Errorf("wrote %q", got)
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	d := open(t)
	if err := os.WriteFile(d.summary, []byte("of another step\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.files.WriteSummary("### Title\n\n| a |\n| --- |\n| " + hidden + " |\n::error::x\x1b[0m\n")
	want := "of another step\n### Title\n\n| a |\n| --- |\n| *** |\n: :error::x [0m\n"
	if diff := cmp.Diff(want, read(t, d.summary)); diff != "" {
		t.Error(diff)
	}
}

func TestSummaryOfTooMuchIsLeftOut(t *testing.T) {
	t.Parallel()
	for size, written := range map[int]bool{maxSummary: true, maxSummary + 1: false} {
		d := open(t)
		d.files.WriteSummary(strings.Repeat("x", size))
		info, err := os.Stat(d.summary)
		switch {
		case written && (err != nil || info.Size() != int64(size)):
			t.Errorf("%d bytes: not written: %v", size, err)
		case !written && !errors.Is(err, os.ErrNotExist):
			t.Errorf("%d bytes: written", size)
		}
	}
}

// A summary that cannot be written is nothing to speak of.
func TestSummaryFailsQuietly(t *testing.T) {
	t.Parallel()
	nowhere := filepath.Join(t.TempDir(), "missing", "summary")
	for _, lookup := range []Lookup{inShell, env("GITHUB_STEP_SUMMARY="), env("GITHUB_STEP_SUMMARY=" + nowhere)} {
		c, log := console(lookup)
		files, err := c.OpenFiles(lookup, entropy{})
		if err != nil {
			t.Fatal(err)
		}
		files.WriteSummary("text")
		if log.Len() > 0 {
			t.Errorf("the log has %q", log)
		}
	}
}
