package terminal

import (
	"context"
	"errors"
	"strings"

	"github.com/nairi-community/vault-secret/internal/secret"
)

// What may be wrong with a secret that was typed. Each says in words what it is.
var (
	ErrNoAnswer = errors.New("was not typed")
	ErrDiffers  = errors.New("was not the same the second time")
	ErrLines    = errors.New("has more than one line, and a prompt takes one")
	ErrOdd      = errors.New("holds a key that is no character, such as an arrow key")
)

// Secret asks for a secret twice, and shows nothing of it. The prompt ends with ctx, and
// leaves the terminal as it was. Nothing that was typed or pasted is left for the program
// that reads the terminal next, which may be a shell.
func (t *Terminal) Secret(ctx context.Context, prompt string) (secret.Value, error) {
	first, err := t.hidden(ctx, prompt+": ")
	if err != nil || first.Reveal() == "" {
		return first, err
	}
	second, err := t.hidden(ctx, "The same once more: ")
	if err == nil && second.Reveal() != first.Reveal() {
		err = ErrDiffers
	}
	if err != nil {
		return secret.Value{}, err
	}
	return first, nil
}

// hidden asks for one line that is not shown.
func (t *Terminal) hidden(ctx context.Context, prompt string) (secret.Value, error) {
	e, err := t.ask(ctx, prompt, true)
	switch {
	case err != nil:
	case e.left:
		err = ErrNoAnswer
	case e.more:
		err = ErrLines
	case e.odd:
		err = ErrOdd
	}
	if err != nil {
		return secret.Value{}, err
	}
	return secret.New(string(e.text)), nil
}

// Agrees asks a question, and reports whether the answer is yes. The end of the input is
// no, and so is what was pasted in several lines.
func (t *Terminal) Agrees(ctx context.Context, question string) (bool, error) {
	e, err := t.ask(ctx, question+" [y/N] ", false)
	if err != nil || e.more || e.odd {
		return false, err
	}
	switch strings.ToLower(strings.TrimSpace(string(e.text))) {
	case "y", "yes":
		return true, nil
	}
	return false, nil
}

// ask asks for a line. What was typed before is no answer.
func (t *Terminal) ask(ctx context.Context, prompt string, hidden bool) (*entry, error) {
	t.Clear()
	e, err := t.read(ctx, prompt, hidden)
	t.show("\n")
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return e, err
}
