//go:build unix

package terminal

import (
	"errors"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// A secret is typed or pasted twice, of any length. Nothing of it is shown, and the terminal
// is left as it was.
func TestASecretIsNotShown(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("0123456789", 600) // which no line of the system holds
	for _, tt := range []struct {
		typed []string
		text  string
		err   error
	}{
		{typed: []string{"ab c\r", "ab c\r"}, text: "ab c"},
		{typed: []string{"aü\x7fb\n", "ab\n"}, text: "ab"},
		{typed: []string{"x\x15ab\n", "ab\n"}, text: "ab"},
		{typed: []string{long + "\n", long + "\n"}, text: long},
		{typed: []string{"\n"}},
		{typed: []string{"\x04"}, err: ErrNoAnswer},
		{typed: []string{"ab\n", "abc\n"}, err: ErrDiffers},
		{typed: []string{"ab\n", "\x04"}, err: ErrNoAnswer},
		{typed: []string{"ab\ncd\n"}, err: ErrLines},
		{typed: []string{"ab\x1b[D\n"}, err: ErrOdd},
	} {
		screen, line := tube(t)
		before, terminal := modeOf(t, line), Of(line, line)
		type answer struct {
			text string
			err  error
		}
		got := make(chan answer, 1)
		go func() {
			value, err := terminal.Secret(t.Context(), "Value")
			got <- answer{value.Reveal(), err}
		}()
		shown := ""
		for i, text := range tt.typed {
			shown += shownUntil(t, screen, []string{"Value: ", "The same once more: "}[i])
			if _, err := screen.WriteString(text); err != nil {
				t.Fatal(err)
			}
		}
		a := <-got
		if a.text != tt.text || !errors.Is(a.err, tt.err) {
			t.Errorf("%.20q: %d bytes, %v; want %d, %v", tt.typed, len(a.text), a.err, len(tt.text), tt.err)
		}
		terminal.show("|")
		if shown += shownUntil(t, screen, "|"); strings.Trim(shown, "\r\n") != "" {
			t.Errorf("%.20q: it shows %q", tt.typed, shown)
		}
		if after := modeOf(t, line); after != before {
			t.Errorf("%.20q: the terminal is left as %+v, was %+v", tt.typed, after, before)
		}
	}
}

func modeOf(t *testing.T, line *os.File) unix.Termios {
	t.Helper()
	mode, err := unix.IoctlGetTermios(int(line.Fd()), getMode)
	if err != nil {
		t.Fatal(err)
	}
	return *mode
}
