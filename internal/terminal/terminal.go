// Package terminal is what a person's terminal offers: a hidden prompt, a question, a line
// that is written over, and its width.
package terminal

import (
	"os"
)

// Terminal is a terminal at which somebody sits: its keyboard, and where they see what is
// no result. Only one goroutine at a time may use it.
type Terminal struct {
	in, out *os.File
	shown   int // how many characters the line has that is written over
}

// Of returns the terminal that standard input and standard error are; nil if one of them
// is none, so that nobody may be there to answer.
func Of(in, out *os.File) *Terminal {
	if !Is(in) || !Is(out) {
		return nil
	}
	return &Terminal{in: in, out: out}
}

// show writes to the terminal. One that is gone shows nothing, and is noticed when it is read.
func (t *Terminal) show(text string) { _, _ = t.out.WriteString(text) }
