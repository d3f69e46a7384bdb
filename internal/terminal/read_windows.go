package terminal

import (
	"bufio"
	"context"
	"time"

	"golang.org/x/sys/windows"
	"golang.org/x/term"
)

// read shows a prompt and reads a line. A read of a console cannot be ended: it is left
// behind when ctx ends, which is when the program ends. What is left of a text of several
// lines is dropped; Windows Terminal asks before it pastes one
// (https://learn.microsoft.com/windows/terminal/customize-settings/interaction).
func (t *Terminal) read(ctx context.Context, prompt string, hidden bool) (*entry, error) {
	console := windows.Handle(t.in.Fd())
	before, err := term.GetState(int(console))
	if err != nil {
		return new(entry), err
	}
	defer func() {
		_ = windows.FlushConsoleInputBuffer(console)
		_ = term.Restore(int(console), before)
	}()
	_ = windows.FlushConsoleInputBuffer(console)
	t.show(prompt)
	typed := make(chan line, 1)
	go func() { typed <- t.line(hidden) }()
	select {
	case <-ctx.Done():
		return new(entry), ctx.Err()
	case l := <-typed:
		e := l.entry()
		if e.left { // Ctrl-C ends a read, and is told a moment later
			select {
			case <-ctx.Done():
			case <-time.After(afterCtrlC):
			}
		}
		return e, ctx.Err()
	}
}

// line is what a read of the console returned.
type line struct {
	text []byte
	err  error
}

// line reads a line, hidden by the way of golang.org/x/term, which bounds none here.
func (t *Terminal) line(hidden bool) line {
	var l line
	if hidden {
		l.text, l.err = term.ReadPassword(int(t.in.Fd()))
	} else {
		l.text, l.err = bufio.NewReader(t.in).ReadBytes('\n')
	}
	return l
}

// entry is a line as if it had been typed key by key. A part of one is no answer.
func (l line) entry() *entry {
	if l.err != nil {
		return &entry{left: true}
	}
	e := new(entry)
	for _, key := range append(l.text, keyLine) {
		if !e.over {
			e.press(key)
		}
	}
	return e
}

// afterCtrlC is how long a read that has ended waits for the signal that may have ended it.
const afterCtrlC = 200 * time.Millisecond
