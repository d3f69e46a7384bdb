package terminal

import (
	"os"

	"golang.org/x/term"
)

// Is reports whether a stream is a terminal.
func Is(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// Width is how many characters a line of a terminal has; 0 for a stream that is none.
func Width(f *os.File) int {
	if !Is(f) {
		return 0
	}
	const usual = 80
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width <= 0 {
		return usual
	}
	return width
}
