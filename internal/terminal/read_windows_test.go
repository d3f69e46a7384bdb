package terminal

import (
	"errors"
	"io"
	"testing"
)

func TestALineOfAConsoleIsAnEntry(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		line line
		text string
		left bool
	}{
		{line{text: []byte("ab\r\n")}, "ab", false},
		{line{text: []byte("ab")}, "ab", false},
		{line{}, "", false},
		{line{err: io.EOF}, "", true},
		{line{text: []byte("y"), err: io.EOF}, "", true},
		{line{text: []byte("ab"), err: errors.New("the console is gone")}, "", true},
	} {
		if e := tt.line.entry(); string(e.text) != tt.text || e.left != tt.left || e.more || e.odd {
			t.Errorf("%q, %v: %+v", tt.line.text, tt.line.err, e)
		}
	}
}
