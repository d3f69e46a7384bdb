package input

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/manifest"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// needs are the variables and the files that a manifest takes values from, noted in
// place of what they hold.
type needs struct {
	list      []need
	input     string // that names the manifest
	files     int    // how many there are to take them from
	given     bool   // whether values were handed over by name
	noSecrets string // why this run gets no secrets; "" if it does
}

// need is one of them, of one entry. There may be 100,000.
type need struct {
	kind   *kind
	name   string
	file   string // where it is needed
	line   int
	column int
	key    string
	rare   bool // whether only a new secret needs it, or one that was rotated
}

// kind is what a value is taken from.
type kind struct{ one, many, there, nothing string }

// An ID of a vault is taken from a variable too, but never from values that are handed
// over: it is no secret.
var (
	aVariable = &kind{"variable", "variables", "set", noneGiven}
	aVaultID  = &kind{"variable of a vault's ID", "variables of vaults' IDs", "set", "nor is anything else that it names"}
	aFile     = &kind{"file", "files", "there", noneGiven}
)

const noneGiven = "and no values are given in another way"

// note notes what an entry needs. A variable of which it is not known whether it was
// handed over is none: it is said already why it is not known.
func (r *entryReader) note(entry *manifest.Entry) {
	n := need{kind: aVariable, name: entry.Env, file: r.file, line: entry.Line, column: entry.Column, key: entry.EnvKey + ".env", rare: r.mode(entry).MayLack()}
	if entry.File != "" {
		n.kind, n.name, n.key = aFile, entry.File, entry.EnvKey+".file"
	} else if r.unknown(entry.Env) {
		return
	}
	r.needs.list = append(r.needs.list, n)
}

// lacks returns why a run with these inputs would miss what is needed; "" if it is there.
// A variable that is set but empty counts as there: that is how a secret looks in a run
// that gets none, and an environment that has its name was not forgotten.
func (c *checker) lacks(values givenValues) func(n need) string {
	why := map[*kind]string{aVariable: c.noVariable(), aVaultID: c.own(manifest.NoVariable)}
	return func(n need) string {
		if n.kind == aFile {
			if err := c.notThere(n.name); err != nil {
				return oneLine(err)
			}
			return ""
		}
		_, given := values.texts[n.name]
		if _, set := c.lookup(n.name); set || given && n.kind == aVariable {
			return ""
		}
		return why[n.kind]
	}
}

// noVariable says what to do where a variable is not set.
func (c *checker) noVariable() string {
	return c.own("names a variable that is not set. " + c.dialect("").NoVariable() + "in env_json or values_file")
}

// notThere is why a file cannot be read; nil if it can. Of a file in the working folder
// one byte is read, and dropped; a whole path may be that of a pipe, which is not touched.
func (c *checker) notThere(name string) error {
	if filepath.IsAbs(name) {
		return c.explain(name, c.env.Find(name))
	}
	if _, err := c.env.ReadFile(name, 0); err != nil && !errors.Is(err, env.ErrTooLarge) {
		return c.explain(name, err)
	}
	return nil
}

// found is what there is to say of needs.
type found struct {
	problems, warnings problem.List
	notes              []string
}

// judge says what a run would miss. Where nothing of a kind is there, and neither is
// anything else or the run gets no secrets, this is not the run that would write: then
// it is said that it was not checked, and why. The ID of a vault says nothing of values:
// it is no secret, and a job without any may well have it.
func (n *needs) judge(lacks func(need) string) found {
	of := map[*kind]*census{aVaultID: newCensus(), aVariable: newCensus(), aFile: newCensus()}
	for _, need := range n.list {
		of[need.kind].ask(need, lacks)
	}
	var f found
	noValue := !n.given && of[aVariable].there+of[aFile].there == 0
	for _, kind := range []*kind{aVaultID, aVariable, aFile} {
		c := of[kind]
		if c.skip = c.there == 0 && (noValue || n.noSecrets != ""); c.skip && len(c.asked) > 0 {
			f.notes = append(f.notes, kind.unchecked(len(c.asked), n.noSecrets))
		}
	}
	for _, need := range n.list {
		if c := of[need.kind]; !c.skip && c.asked[need.name] != "" {
			f.tell(n.input, need, c.asked[need.name])
		}
	}
	return f
}

// census is what is known of one kind: of each name why it is not there, and how many
// are.
type census struct {
	asked map[string]string
	there int
	skip  bool // whether nothing is told of what is not there
}

func newCensus() *census { return &census{asked: map[string]string{}} }

// ask asks for each name once.
func (c *census) ask(n need, lacks func(need) string) {
	if _, known := c.asked[n.name]; known {
		return
	}
	why := lacks(n)
	if c.asked[n.name] = why; why == "" {
		c.there++
	}
}

// unchecked says in one line what was not looked at, and why.
func (k *kind) unchecked(n int, noSecrets string) string {
	subject, verb, none := fmt.Sprintf("%d %s", n, k.many), "are", "None of them is"
	if n == 1 {
		subject, verb, none = k.one, "is", "It is not"
	}
	why := ", " + k.nothing
	if noSecrets != "" {
		why = ": " + noSecrets
	}
	return fmt.Sprintf("Not checked: whether the %s that the manifest names %s %s. %s%s.", subject, verb, k.there, none, why)
}

// tell notes what is missing where it is needed.
func (f *found) tell(input string, n need, why string) {
	p := problem.Problem{Input: input, File: n.file, Line: n.line, Column: n.column, Key: n.key, Text: why}
	if n.rare {
		p.Text += ". A run fails only if it must write this value"
		f.warnings = append(f.warnings, p)
		return
	}
	f.problems = append(f.problems, p)
}
