package nairitest

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Fault is what goes wrong with a request, as ParseScript reads it. The zero
// Fault is none.
type Fault struct {
	on    string // a method or a Kind; "" for any request
	times int    // how many requests it is still for; always for no end
	text  string // the effects as they were written, apart by single spaces
	hits  [stages][]hit
}

// always is a count that does not end.
const always = -1

// faultSyntax takes TIMES* and MATCH: off the effects.
var faultSyntax = regexp.MustCompile(`(?s)^(?:([1-9][0-9]{0,5}|always)\*)?(?:([A-Za-z]+):)?(.*)$`)

// parseFault reads one fault of a script.
func parseFault(text string) (Fault, error) {
	parts := faultSyntax.FindStringSubmatch(text)
	f := Fault{on: parts[2], times: 1}
	switch parts[1] {
	case "":
	case "always":
		f.times = always
	default:
		f.times, _ = strconv.Atoi(parts[1]) // faultSyntax lets nothing else through
	}
	if f.on == "any" {
		f.on = ""
	}
	if f.on != "" && !isMatch(f.on) {
		return Fault{}, fmt.Errorf("fault %q: %q is neither a method in capitals nor one of any, %s", text, f.on, inWords(kinds))
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

// add makes one effect of EFFECT[=ARGUMENT].
func (f *Fault) add(text string) error {
	name, argument, _ := strings.Cut(text, "=")
	e, ok := effects[name]
	if !ok {
		return fmt.Errorf("%q is none of %s", name, strings.Join(effectNames(), ", "))
	}
	h, err := e.make(argument)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	f.hits[e.at] = append(f.hits[e.at], h)
	return nil
}

// String returns the fault in the form that parseFault reads; "" for none.
func (f Fault) String() string {
	text := f.text
	if f.on != "" {
		text = f.on + ":" + text
	}
	switch {
	case f.times == always:
		return "always*" + text
	case f.times > 1:
		return strconv.Itoa(f.times) + "*" + text
	}
	return text
}

// matches reports whether a fault is for a request. A client asks for the names of
// vaults beside something else, so a fault for any request is not for that one: it
// would take it from what it was meant for.
func (f *Fault) matches(r *Request) bool {
	return f.on == "" && r.Kind != KindNames || f.on == r.Method || f.on == string(r.Kind)
}

// ParseScript reads faults, each from text of the form
//
//	[TIMES*][MATCH:]EFFECT[=ARGUMENT] [EFFECT[=ARGUMENT] …]
//
// as in "PATCH:reset-after-commit", "3*list:status=503" or
// "always*create:race=value delay-after-commit=2s". TIMES is how many requests
// it is for, up to 999999 or "always"; left out, it is 1. MATCH is a method in
// capitals or a Kind; left out, or "any", it is every request but KindNames. Several effects
// strike the same request, each at its own point. docs/emulator.md has a table
// of the effects. An error says everything that is wrong, and what is known.
func ParseScript(texts ...string) ([]Fault, error) {
	script := make([]Fault, len(texts))
	var problems []error
	for i, text := range texts {
		var err error
		script[i], err = parseFault(text)
		problems = append(problems, err)
	}
	return script, errors.Join(problems...)
}

// Script is ParseScript for a test, which ends if something is wrong.
func Script(t TB, texts ...string) []Fault {
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
	switch f.times {
	case always:
	case 1:
		o.Script = slices.Delete(o.Script, at, at+1)
	default:
		o.Script[at].times--
	}
	return f
}

// inWords are kinds in a sentence.
func inWords(kinds []Kind) string {
	var words []string
	for _, kind := range kinds {
		words = append(words, string(kind))
	}
	return strings.Join(words, ", ")
}
