// Package cli is the command line: verbs and flags, laid over the inputs. The flags are
// those of the one table of inputs.
package cli

import (
	"fmt"
	"io"
	"slices"

	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/report"
)

// Command is a command line that asks for a run.
type Command struct {
	Verb  string      // as in plan
	Flags input.Flags // what the verb, the flags and the operands say
	JSON  bool        // whether standard output gets one object with the outputs
	Quiet bool        // whether only errors are printed
	Yes   bool        // whether nothing is asked
}

// Reply is what the program says without a run, and its exit code.
type Reply struct {
	Text string
	Code int
}

// Print prints a reply: what was asked for to stdout, what is wrong to stderr. It returns the
// exit code, which is not that of a success if nobody gets what was asked for.
func (r *Reply) Print(stdout, stderr io.Writer) int {
	w := stdout
	if r.Code != report.ExitDone {
		w = stderr
	}
	if _, err := io.WriteString(w, r.Text); err != nil && r.Code == report.ExitDone {
		_, _ = io.WriteString(stderr, "error: Standard output is closed, or has no room.\n")
		return report.ExitFailed
	}
	return r.Code
}

// Parse understands the arguments of the program, at least one: what to run, or else what
// to reply. What was given is repeated only if it is a known word, or next to one: anything
// else may be a secret that went astray.
func Parse(arguments []string, build Build) (*Command, *Reply) {
	v := verbNamed(alias(arguments[0]))
	if v == nil {
		return nil, noVerb(arguments[0]).reply("")
	}
	rest := arguments[1:]
	if asksForHelp(rest) {
		return nil, explain(v)
	}
	l := newLine(v)
	switch l.read(rest); {
	case l.wrong != nil:
		return nil, l.wrong.reply(v.Name)
	case v.runs():
		return l.command, nil
	case v.Operand == aShell:
		return nil, completion(l.operands[0])
	case v.Operand == aVerb:
		return nil, help(l.operands)
	}
	return nil, &Reply{Text: fmt.Sprintf("vault-secret %s (commit %s)\n", build.Version, build.Commit)}
}

// alias is the verb that other programs know as a flag.
func alias(first string) string {
	switch first {
	case "-h", "-help", "--help":
		return "help"
	case "-v", "-V", "-version", "--version":
		return "version"
	}
	return first
}

// Bare is what is said to somebody at a terminal who gave no arguments and set no inputs:
// as a step it would fail.
func Bare() *Reply {
	reply := overview()
	reply.Code = report.ExitBadInput
	return reply
}

// asksForHelp reports whether there is a flag for help among arguments. Whoever asks for it
// gets it, whatever else is wrong.
func asksForHelp(arguments []string) bool {
	if end := slices.Index(arguments, endOfFlags); end >= 0 {
		arguments = arguments[:end]
	}
	return slices.ContainsFunc(arguments, func(text string) bool {
		return isFlag(text) && (spelled(text) == helpFlag || spelled(text) == helpFlag[:1])
	})
}

// help explains the program, or the verb that it is asked about.
func help(about []string) *Reply {
	if len(about) == 0 {
		return overview()
	}
	v := verbNamed(alias(about[0]))
	if v == nil {
		return noVerb(about[0]).reply("")
	}
	return explain(v)
}
