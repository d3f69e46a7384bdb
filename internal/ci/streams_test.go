package ci

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/mask"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// nowhere is no workspace.
var nowhere = WorkspaceOf(env.Env{Lookup: func(string) (string, bool) { return "", false }})

// printedBy is what a command line prints that says one of each.
func printedBy(streams Streams) (results, log string) {
	var out, err bytes.Buffer
	streams.Results, streams.Log = &out, &err
	c := ForCommand(streams)
	c.Mask(mask.OfAll([]secret.Value{secret.New("swordfish-of-the-day")}, mask.Options{}))
	c.WarnOfWords()
	c.Print("a line with swordfish-of-the-day")
	c.Warn("a doubt")
	c.Doubts(problem.List{{Text: "odd"}}, nowhere)
	c.Result("created: A", "\x1b[31m swordfish-of-the-day")
	c.ResultOf([]Piece{{Text: "B  "}, {Text: "any host", Loud: true}})
	c.Findings(problem.List{{File: "vault.yml", Line: 2, Text: "off"}}, nowhere)
	c.Problems(problem.List{{File: "vault.yml", Line: 3, Text: "wrong"}}, nowhere)
	c.Object([]byte("{}\n"))
	c.Error("failed: C")
	c.Fail(problem.Failure{What: "it failed", Hint: "do this"})
	return out.String(), err.String()
}

func TestCommandLineKeepsResultsApart(t *testing.T) {
	t.Parallel()
	const failure = "failed: C\nerror: it failed\nhint: do this\n"
	const problems = "vault.yml:3:1: wrong.\n"
	const lines = "created: A\n [31m ***\nB  any host\nvault.yml:2:1: warning: off.\n" + problems
	const told = "a line with ***\nwarning: a doubt\nwarning: odd.\n"
	tests := []struct {
		streams      Streams
		results, log string
	}{
		{Streams{}, lines + "{}\n", told + failure},
		{Streams{Object: true}, "{}\n", told + problems + failure},
		{Streams{Quiet: true}, "{}\n", problems + failure},
		{Streams{Quiet: true, Object: true}, "{}\n", problems + failure},
		{Streams{Colour: true}, strings.Replace(lines, "any host", "\x1b[1;33many host\x1b[0m", 1) + "{}\n", told + failure},
	}
	for _, tt := range tests {
		results, log := printedBy(tt.streams)
		if d := cmp.Diff([]string{tt.results, tt.log}, []string{results, log}); d != "" {
			t.Errorf("%+v: %s", tt.streams, d)
		}
	}
}

// A line of which a piece is a secret, or of which the pieces make one, has no colour.
func TestColourComesAfterCleaning(t *testing.T) {
	t.Parallel()
	for _, pieces := range [][]Piece{
		{{Text: "swordfish-of-the-day", Loud: true}, {Text: " x"}},
		{{Text: "swordfish-"}, {Text: "of-the-day", Loud: true}, {Text: " x"}},
	} {
		var out bytes.Buffer
		c := ForCommand(Streams{Results: &out, Log: io.Discard, Colour: true})
		c.Mask(mask.OfAll([]secret.Value{secret.New("swordfish-of-the-day")}, mask.Options{}))
		if c.ResultOf(pieces); out.String() != "*** x\n" {
			t.Errorf("%v: printed %q", pieces, out.String())
		}
	}
}

func TestColourIsForTerminals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		terminal  bool
		variables map[string]string
		want      bool
	}{
		{true, nil, true},
		{false, nil, false},
		{true, map[string]string{"NO_COLOR": "1"}, false},
		{true, map[string]string{"NO_COLOR": ""}, true},
		{true, map[string]string{"TERM": "dumb"}, false},
		{false, map[string]string{"CLICOLOR_FORCE": "1"}, true},
		{false, map[string]string{"CLICOLOR_FORCE": "0"}, false},
		{true, map[string]string{"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, false},
	}
	for _, tt := range tests {
		lookup := func(name string) (string, bool) { text, found := tt.variables[name]; return text, found }
		if got := ShowsColour(tt.terminal, lookup); got != tt.want {
			t.Errorf("terminal %v, %v: %v", tt.terminal, tt.variables, got)
		}
	}
}

// erased notes that a line was cleared.
type erased struct{ *strings.Builder }

func (e erased) Clear() { e.WriteString("(cleared)") }

func TestLiveLineIsClearedBeforeAnythingIsPrinted(t *testing.T) {
	t.Parallel()
	var both strings.Builder
	c := ForCommand(Streams{Results: &both, Log: &both})
	c.Print("a")
	c.Keep(erased{&both})
	c.Print("b")
	c.Result("c")
	c.Object([]byte("{}"))
	if want := "a\n(cleared)b\n(cleared)c\n(cleared){}"; both.String() != want {
		t.Errorf("printed %q, want %q", both.String(), want)
	}
}

// failing is a stream that takes nothing.
type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestLostResultsAreKnown(t *testing.T) {
	t.Parallel()
	tests := []struct {
		err  error
		gone bool
	}{{syscall.ENOSPC, false}, {os.ErrClosed, false}, {&os.PathError{Err: goneError}, true}}
	for _, tt := range tests {
		c := ForCommand(Streams{Results: failing{tt.err}, Log: io.Discard})
		if c.Print("a"); c.Lost() != nil {
			t.Errorf("%v: a line of the log counts as a result", tt.err)
		}
		if c.Result("a"); c.Lost() == nil || errors.Is(c.Lost(), ErrGone) != tt.gone {
			t.Errorf("%v: lost %v", tt.err, c.Lost())
		}
	}
}

// What of a lint is printed as errors is no result, and is not missed.
func TestLostErrorsAreNoLostResults(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	for _, streams := range []Streams{{Quiet: true}, {Object: true}} {
		streams.Results, streams.Log = &out, failing{syscall.ENOSPC}
		c := ForCommand(streams)
		if c.Problems(problem.List{{Text: "wrong"}}, nowhere); c.Lost() != nil {
			t.Errorf("%+v: %v", streams, c.Lost())
		}
	}
}

// Without a command line, all goes to one stream, in its order.
func TestStepHasOneStream(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	c := NewConsole(&out, func(string) (string, bool) { return "", false })
	c.Print("a")
	c.Result("b")
	c.Error("c")
	c.Problems(problem.List{{Text: "d"}}, nowhere)
	c.Findings(problem.List{{Text: "e"}}, nowhere)
	if want := "a\nb\nc\nerror: d.\nwarning: e.\n"; out.String() != want {
		t.Errorf("printed %q, want %q", out.String(), want)
	}
}

// A file that is standard output is written to as that.
func TestCommandLineKnowsItsStandardOutput(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "out")
	out, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = out.Close() }()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if !ForCommand(Streams{Results: out, Log: io.Discard}).printsTo(info) || ForCommand(Streams{Results: io.Discard, Log: out}).printsTo(info) {
		t.Error("it is not told by standard output")
	}
}
