package nairitest

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Fault is what goes wrong with a request, as ParseFault reads it. The zero
// Fault is none.
type Fault struct {
	on    string // a method or a Kind; "" for any request
	times Times
	text  string // the effects as they were written, apart by single spaces
	hits  [stages][]hit
}

// faultSyntax takes TIMES* and MATCH: off the effects.
var faultSyntax = regexp.MustCompile(`(?s)^(?:([1-9][0-9]{0,5}|always)\*)?(?:([A-Za-z]+):)?(.*)$`)

// ParseFault reads a fault from text of the form
//
//	[TIMES*][MATCH:]EFFECT[=ARGUMENT] [EFFECT[=ARGUMENT] …]
//
// as in "PATCH:reset-after-commit", "3*list:status=503" or
// "always*create:race=value delay-after-commit=2s". TIMES is how many requests
// it is for, up to 999999 or "always", and 1 if left out. MATCH is a method in
// capitals or a Kind; left out, or "any", it is every request. Several effects
// strike the same request, each at its own point. docs/emulator.md has a table
// of the effects; an error says which are known.
func ParseFault(text string) (Fault, error) {
	parts := faultSyntax.FindStringSubmatch(text)
	f := Fault{on: parts[2], times: 1}
	if parts[1] != "" {
		f.times = parseTimes(parts[1])
	}
	if f.on == "any" {
		f.on = ""
	}
	if f.on != "" && !isMatch(f.on) {
		return Fault{}, fmt.Errorf("fault %q: %q is neither a method in capitals nor any, %v", text, f.on, kinds)
	}
	effects := strings.Fields(parts[3])
	if len(effects) == 0 {
		return Fault{}, fmt.Errorf("fault %q: there is no effect", text)
	}
	for _, effect := range effects {
		if err := f.add(effect); err != nil {
			return Fault{}, fmt.Errorf("fault %q: %w", text, err)
		}
	}
	f.text = strings.Join(effects, " ")
	return f, nil
}

// parseTimes reads what faultSyntax has let through.
func parseTimes(text string) Times {
	n, err := strconv.Atoi(text)
	if err != nil {
		return Always
	}
	return Times(n)
}

// add makes one effect of EFFECT[=ARGUMENT].
func (f *Fault) add(text string) error {
	name, argument, _ := strings.Cut(text, "=")
	e, ok := effects[name]
	if !ok {
		return fmt.Errorf("%q is none of %s", name, strings.Join(FaultNames(), ", "))
	}
	h, err := e.make(argument)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	f.hits[e.at] = append(f.hits[e.at], h)
	return nil
}

// String returns the fault in the form that ParseFault reads; "" for none.
func (f Fault) String() string {
	text := f.text
	if f.on != "" {
		text = f.on + ":" + text
	}
	switch {
	case f.times < 0:
		return "always*" + text
	case f.times > 1:
		return strconv.Itoa(int(f.times)) + "*" + text
	}
	return text
}

func (f *Fault) matches(r *Request) bool {
	return f.on == "" || f.on == r.Method || f.on == string(r.Kind)
}

// ParseScript reads several faults, and returns everything that is wrong.
func ParseScript(texts ...string) ([]Fault, error) {
	script := make([]Fault, len(texts))
	var problems []error
	for i, text := range texts {
		var err error
		script[i], err = ParseFault(text)
		problems = append(problems, err)
	}
	return script, errors.Join(problems...)
}

// Script is ParseScript for a test, which ends if something is wrong.
func Script(t testing.TB, texts ...string) []Fault {
	t.Helper()
	script, err := ParseScript(texts...)
	if err != nil {
		t.Fatal(err)
	}
	return script
}

// draw chooses the fault of a request: the first of the script that is for it,
// or else what Faults says.
func (e *Emulator) draw(r *Request) Fault {
	e.mu.Lock()
	defer e.mu.Unlock()
	at := slices.IndexFunc(e.options.Script, func(f Fault) bool { return f.matches(r) })
	if at >= 0 {
		return e.options.takeScripted(at)
	}
	if e.options.Faults == nil {
		return Fault{}
	}
	f, ok := e.options.Faults(*r)
	if !ok {
		return Fault{}
	}
	return f
}

// takeScripted counts a fault of the script down. It changes a copy: the slice
// may be a caller's.
func (o *Options) takeScripted(at int) Fault {
	f := o.Script[at]
	o.Script = slices.Clone(o.Script)
	if o.Script[at].times.take(); o.Script[at].times == 0 {
		o.Script = slices.Delete(o.Script, at, at+1)
	}
	return f
}
