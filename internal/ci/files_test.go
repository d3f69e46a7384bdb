package ci

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/mask"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/runnertest"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// desk is a step with its files, and its log without the masks.
type desk struct {
	*Files
	log      *bytes.Buffer
	unopened problem.List
}

// open opens the files that an environment and output_file name.
func open(outputFile string, pairs ...string) desk {
	lookup := vars(pairs...)
	c, log := console(lookup)
	log.Reset()
	d := desk{Files: c.Files(env.Env{Lookup: lookup, Open: env.Process().Open}, entropy{}), log: log}
	d.unopened = append(d.Open(), d.OpenVariables(outputFile)...)
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

// read returns the content of a file; "" for one that is not there.
func read(t rapid.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return string(text)
}

func write(t rapid.TB, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// readers are the ways in which runners read the outputs.
var readers = map[string]func([]byte) (map[string]string, error){
	"GitHub":            runnertest.ParseOutputs,
	"GitHub on Windows": runnertest.ParseOutputsWindows,
	"act":               runnertest.ParseOutputsAct,
	"Forgejo":           runnertest.ParseOutputsForgejo,
}

// readAlike checks that every runner reads the same outputs.
func readAlike(t rapid.TB, file string, want map[string]string) {
	t.Helper()
	for reader, parse := range readers {
		got, err := parse([]byte(file))
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Fatalf("%s: %v %s", reader, err, diff)
		}
	}
}

// Other programs of the step may have written before, and left a line without its
// end: that stays one, and ours begin after it.
func TestOutputsArriveAsTheyAreAfterOthers(t *testing.T) {
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
	for _, before := range []string{"", "before=1", "before=1\n"} {
		name := filepath.Join(t.TempDir(), "output")
		write(t, name, before)
		want := map[string]string{}
		if before != "" {
			want["before"] = "1"
		}
		for _, output := range outputs {
			want[output.Name] = output.Value
		}
		d := open("", "GITHUB_OUTPUT="+name)
		if err := d.Write(outputs, nil); err != nil || d.unopened != nil || d.log.Len() > 0 {
			t.Errorf("%v, %v, the log has %q", d.unopened, err, d.log)
		}
		readAlike(t, read(t, name), want)
		if begin := strings.TrimSuffix(before, "\n"); !strings.HasPrefix(strings.TrimPrefix(read(t, name), begin+"\n"), "empty<<") && before != "" {
			t.Errorf("after %q: %q", before, read(t, name))
		}
	}
}

// Whatever is in the values, there are as many outputs as were given, under
// their names, and on every runner the same.
func TestOutputsCannotBeInjected(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "output")
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.OneOf(rapid.SampledFrom([]string{
			"\n", "\r\n", "\r", "<<", "=", "EOF", "evil=1", "evil<<x", "vault_secret_", "ghadelimiter_", "\u2028", "::set-output name=evil::1",
			"_GitHubActionsFileCommandDelimeter_", "\x00", "\ufeff",
		}), rapid.String())
		value := strings.Join(rapid.SliceOf(pieces).Draw(t, "value"), "")
		write(t, name, "")
		outputs := []Output{{"first", value}, {"second", "safe"}}
		if err := open("", "GITHUB_OUTPUT="+name).Write(outputs, nil); err != nil || outputs[0].Value != value {
			t.Fatalf("%v, and what was given is now %q", err, outputs)
		}
		readAlike(t, read(t, name), map[string]string{"first": sanitize(value), "second": "safe"})
	})
}

// Outputs are for machines: whatever the secret is, they are written as they were
// formed, in a file as in the log.
func TestOutputsAreWholeWhateverTheSecretIs(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "output")
	outputs := []Output{{"result", "updated"}, {"results", `[{"changed":true}]`}}
	for _, file := range []string{name, ""} {
		d := open("", "GITHUB_OUTPUT="+file, "GITHUB_ACTIONS=true")
		d.console.Mask(mask.OfAll([]secret.Value{secret.New("updated"), secret.New("true"), secret.New(`[{"changed`)}, mask.Options{}))
		d.log.Reset()
		if err := d.Write(outputs, nil); err != nil {
			t.Fatal(err)
		}
		if log := d.log.String(); file == "" && !strings.HasSuffix(log, "\nresult=updated\nresults=[{\"changed\":true}]\n") {
			t.Error(log)
		}
	}
	readAlike(t, read(t, name), map[string]string{"result": "updated", "results": `[{"changed":true}]`})
}

func TestOutputsArePrintedWhereThereIsNoFile(t *testing.T) {
	t.Parallel()
	for _, pair := range []string{"OTHER=", "GITHUB_OUTPUT="} {
		d := open("", pair)
		err := d.Write([]Output{{"result", "updated"}, {"env_key", "X\ny=z"}}, nil)
		if diff := cmp.Diff("result=updated\nenv_key=X y=z\n", d.log.String()); diff != "" || err != nil {
			t.Errorf("%s: %v %s", pair, err, diff)
		}
	}
}

// Later steps find no outputs where the runner names no file for them. A shell has
// no later steps, and a file that cannot be opened is told of by itself.
func TestARunnerWithoutAFileForOutputsIsToldOfInOneLine(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		vars []string
		told bool
	}{
		{[]string{"GITHUB_ACTIONS=true"}, true},
		{[]string{"GITHUB_ACTIONS=true", "GITHUB_OUTPUT="}, true},
		{[]string{"GITEA_ACTIONS=true"}, true},
		{[]string{"GITHUB_ACTIONS=true", "FORGEJO_ACTIONS=true"}, true},
		{[]string{"ACT=true"}, true},
		{[]string{"GITHUB_ACTIONS=true", "GITHUB_OUTPUT=" + filepath.Join(t.TempDir(), "output")}, false},
		{[]string{"GITHUB_ACTIONS=true", "GITHUB_OUTPUT=" + filepath.Join(t.TempDir(), "missing", "output")}, false},
		{[]string{"CI=woodpecker"}, false},
		{nil, false},
	} {
		d := open("", test.vars...)
		if err := d.Write([]Output{{"result", "updated"}}, nil); err != nil {
			t.Errorf("%q: %v", test.vars, err)
		}
		if lines := strings.Count(d.log.String(), "This runner names no file for outputs in GITHUB_OUTPUT, so later steps cannot read them.\n"); lines > 1 || (lines == 1) != test.told {
			t.Errorf("%q: %d lines: %s", test.vars, lines, d.log)
		}
	}
}

// Every file gets the variables, after what is there
// already; a new one is for its owner alone.
func TestVariablesGoToEveryFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ours, drone := filepath.Join(dir, "ours"), filepath.Join(dir, "drone")
	write(t, drone, "BEFORE=1")
	d := open(ours, "DRONE_OUTPUT="+drone)
	if info, err := os.Stat(ours); err != nil || runtime.GOOS != "windows" && info.Mode() != fileMode {
		t.Errorf("before it is written: %v, %v", info, err)
	}
	err := d.Write(nil, []Output{{"NAIRI_RESULT", "updated"}, {"NAIRI_ENV_KEY", "X_***"}})
	const want = "NAIRI_RESULT=updated\nNAIRI_ENV_KEY=X_***\n"
	got := []string{read(t, ours), read(t, drone), d.log.String()}
	if diff := cmp.Diff([]string{want, "BEFORE=1\n" + want, ""}, got); diff != "" || err != nil {
		t.Errorf("%v %v %s", d.unopened, err, diff)
	}
}

// Each file that cannot be opened is a problem with a hint of its own, which does
// not repeat the file's name: that may be a secret in the wrong place. What is
// known goes to the others all the same, and outputs to the log.
func TestEachFileThatCannotBeOpenedIsNamed(t *testing.T) {
	t.Parallel()
	for _, bad := range [][]string{
		nil, {"GITHUB_OUTPUT"}, {"DRONE_OUTPUT"}, {"output_file"}, {"DRONE_OUTPUT", "output_file"}, {"GITHUB_OUTPUT", "DRONE_OUTPUT", "output_file"},
	} {
		dir := t.TempDir()
		name := func(source string) string {
			if slices.Contains(bad, source) {
				return filepath.Join(dir, hidden, source)
			}
			return filepath.Join(dir, source)
		}
		d := open(name("output_file"), "GITHUB_OUTPUT="+name("GITHUB_OUTPUT"), "DRONE_OUTPUT="+name("DRONE_OUTPUT"))
		var want problem.List
		for _, source := range bad {
			want = append(want, problem.Problem{
				Input: source, Text: "names a file that cannot be opened for writing: its folder does not exist",
				Hint: "Nothing was sent. Make sure that this run can write to that file.",
			})
		}
		if diff := cmp.Diff(want, d.unopened); diff != "" {
			t.Errorf("%v: %s", bad, diff)
		}
		if err := d.Write([]Output{{"result", "failed"}}, []Output{{"NAIRI_RESULT", "failed"}}); err != nil {
			t.Errorf("%v: %v", bad, err)
		}
		for _, source := range []string{"DRONE_OUTPUT", "output_file"} {
			if written := read(t, filepath.Join(dir, source)) == "NAIRI_RESULT=failed\n"; written == slices.Contains(bad, source) {
				t.Errorf("%v: the file of %s is written: %t", bad, source, written)
			}
		}
		if printed := d.log.String() == "result=failed\n"; printed != slices.Contains(bad, "GITHUB_OUTPUT") {
			t.Errorf("%v: the log has %q", bad, d.log)
		}
	}
	if got := open(t.TempDir()).unopened.Error(); got != "output_file names a file that cannot be opened for writing: it is a folder." {
		t.Errorf("a folder: %v", got)
	}
}

// full is a file on a disk without room, which says so at once or on closing.
type full struct{ late, closed bool }

func (f *full) Write(p []byte) (int, error) {
	if f.late {
		return len(p), nil
	}
	return 0, errors.New("no space left for " + hidden)
}

func (f *full) Close() error {
	f.closed = true
	if f.late {
		return errors.New("no space left for " + hidden)
	}
	return nil
}

// Whenever a disk says that it is full, that is an error which names what named
// the file, and nothing more; the other files are written, and all are closed.
func TestEachFileOnAFullDiskIsAnError(t *testing.T) {
	t.Parallel()
	for _, late := range []bool{false, true} {
		for _, on := range [][]string{{"GITHUB_OUTPUT"}, {"DRONE_OUTPUT"}, {"output_file"}, {"GITHUB_OUTPUT", "DRONE_OUTPUT", "output_file"}} {
			opened := map[string]*full{}
			place := func(source string) *file {
				opened[source] = &full{late: late}
				return &file{WriteCloser: opened[source], source: source}
			}
			ours := filepath.Join(t.TempDir(), "ours")
			d := open(ours)
			var want []string
			for _, source := range on {
				want = append(want, "The outputs cannot be written to the file that "+source+" names")
				if source == "GITHUB_OUTPUT" {
					d.outputs = place(source)
				} else {
					d.variables = append(d.variables, place(source))
				}
			}
			err := d.Write([]Output{{"result", "updated"}}, []Output{{"NAIRI_RESULT", "updated"}})
			if diff := cmp.Diff(strings.Join(want, "\n"), fmt.Sprint(err)); diff != "" {
				t.Error(diff)
			}
			if got := read(t, ours); got != "NAIRI_RESULT=updated\n" {
				t.Errorf("%v on full disks: the other file has %q", on, got)
			}
			for source, f := range opened {
				if !f.closed {
					t.Errorf("the file of %s is left open", source)
				}
			}
		}
	}
}

// Not even one who could read our randomness sets another output: without a
// delimiter that ends it nothing is written, and half of one is none.
func TestNothingIsWrittenWithoutADelimiter(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		random io.Reader
		value  string
	}{{entropy{}, "x\n" + delimiter + "\nevil=1"}, {io.LimitReader(entropy{}, 8), "x"}} {
		name := filepath.Join(t.TempDir(), "output")
		d := open("", "GITHUB_OUTPUT="+name)
		d.random = tt.random
		if err := d.Write([]Output{{"first", tt.value}}, nil); err == nil || read(t, name) != "" {
			t.Errorf("%v, and the file has %q", err, read(t, name))
		}
	}
}

// A summary is added to that of others, and clean. One that is too long or cannot
// be written is a warning, without the file's name; one that no place is for is
// nothing to speak of.
func TestSummaryIsWrittenOrWarnedOf(t *testing.T) {
	t.Parallel()
	const unwritten = "warning: The summary of this step could not be written: "
	dir := t.TempDir()
	good := filepath.Join(dir, "summary")
	for _, tt := range []struct{ name, text, want, log string }{
		{good, "### Title\n\n| a |\n| --- |\n| " + hidden + " |\n::error::x\x1b[0m\n", "others\n### Title\n\n| a |\n| --- |\n| *** |\n: :error::x [0m\n", ""},
		{good, strings.Repeat("x", maxSummary), "others\n" + strings.Repeat("x", maxSummary), ""},
		{good, strings.Repeat("x", maxSummary+1), "others\n", unwritten + "it is longer than 64 KiB.\n"},
		{filepath.Join(dir, hidden, "summary"), "text", "others\n", unwritten + "the file that GITHUB_STEP_SUMMARY names cannot be opened for writing: its folder does not exist.\n"},
		{"/dev/full", "text", "others\n", unwritten + "the file that GITHUB_STEP_SUMMARY names cannot be written.\n"},
		{"", "text", "others\n", ""},
	} {
		if _, err := os.Stat("/dev/full"); err != nil && tt.name == "/dev/full" {
			continue
		}
		write(t, good, "others\n")
		d := open("", "GITHUB_STEP_SUMMARY="+tt.name)
		d.WriteSummary(tt.text)
		if diff := cmp.Diff([]string{tt.want, tt.log}, []string{read(t, good), d.log.String()}); diff != "" {
			t.Errorf("%.30q in %.20q: %.600s", tt.text, filepath.Base(tt.name), diff)
		}
	}
}

// The plan has its lines where a file can hold them, and is one line among others
// where outputs are printed.
func TestThePlanKeepsItsLines(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "output")
	for name, want := range map[string]string{file: "plan 1\n[1]\n: :error::[2]", "": ""} {
		d := open("", "GITHUB_OUTPUT="+name)
		if err := d.Write([]Output{{"plan", "plan 1\n[1]\n::error::[2]"}, {"other", "a\nb"}}, nil); err != nil {
			t.Fatal(err)
		}
		if name == "" {
			if got := d.log.String(); !strings.Contains(got, "plan=plan 1 [1] ::error::[2]\nother=a b\n") {
				t.Errorf("the log is %q", got)
			}
			continue
		}
		outputs, err := runnertest.ParseOutputs([]byte(read(t, name)))
		if err != nil || outputs["plan"] != want || outputs["other"] != "a b" {
			t.Errorf("%v %q", err, outputs)
		}
	}
}
