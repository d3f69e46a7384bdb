package terminal

import (
	"unicode/utf8"

	"github.com/nairi-community/vault-secret/internal/secret"
)

// entry is a line as it is typed, key by key.
type entry struct {
	text []byte
	over bool // whether it has come to its end
	left bool // whether that end was that of the input, as Ctrl-D says
	more bool // whether something came after its end
	odd  bool // whether a key was pressed that stands for no character
}

// Keys that are no characters, as a terminal sends them (stty -a shows those of the system).
const (
	keyLeave     = 0x04 // Ctrl-D
	keyBackspace = 0x08
	keyTab       = 0x09
	keyLine      = 0x0a
	keyReturn    = 0x0d
	keyKill      = 0x15 // Ctrl-U, which takes back the whole line
	keyDelete    = 0x7f // what most keyboards send for backspace
)

// press takes a key, and returns what the terminal shows of it where the line may be seen.
func (e *entry) press(key byte) (echo string) {
	switch {
	case e.over:
		e.more = true
	case key == keyLine, key == keyReturn:
		e.over = true
	case key == keyLeave && len(e.text) == 0:
		e.over, e.left = true, true
	case key == keyBackspace, key == keyDelete:
		return e.takeBack()
	case key == keyKill:
		for len(e.text) > 0 {
			echo += e.takeBack()
		}
	case key < ' ' && key != keyTab:
		e.odd = true
	case len(e.text) <= secret.MaxSize: // more is too long, however much more it is
		e.text = append(e.text, key)
		return string([]byte{key})
	}
	return echo
}

// takeBack takes the last character back.
func (e *entry) takeBack() (echo string) {
	if len(e.text) == 0 {
		return ""
	}
	_, size := utf8.DecodeLastRune(e.text)
	e.text = e.text[:len(e.text)-size]
	return "\b \b"
}
