package plan

import "fmt"

// Refusal is why nothing is planned: an error of a kind, in a sentence of its own.
type Refusal struct {
	kind error
	text string // our words, with a place for each argument
	// args that are strings came from outside; others are our own, or IDs.
	args []any
	// Hint is what to do, if more is known of that than by the kind; may be empty.
	Hint string
}

// refuse makes an error of a kind.
func refuse(kind error, text string, args ...any) *Refusal {
	return &Refusal{kind: kind, text: text, args: args}
}

// advise is the error with what to do.
func (e *Refusal) advise(hint string) *Refusal {
	e.Hint = hint
	return e
}

// Error implements error.
func (e *Refusal) Error() string { return fmt.Sprintf(e.text, e.args...) }

// Unwrap gives the kind.
func (e *Refusal) Unwrap() error { return e.kind }

// Spelled is the error with our own words and what came from outside in other spellings.
func (e *Refusal) Spelled(own, outside func(string) string) string {
	args := make([]any, len(e.args))
	for i, arg := range e.args {
		if text, is := arg.(string); is {
			arg = outside(text)
		}
		args[i] = arg
	}
	return fmt.Sprintf(own(e.text), args...)
}

// words are a part of a sentence that did not come from outside.
type words string
