//go:build unix

package terminal

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// patience is how long a test waits for what is bound to come.
const patience = time.Minute

// tube is a terminal, and the file from which all that is shown on it can be read. Its end
// comes when there is no more patience, so that nothing waits for ever.
func tube(t *testing.T) (screen, line *os.File) {
	t.Helper()
	screen, line, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	end := time.AfterFunc(patience, func() { _ = line.Close() })
	t.Cleanup(func() { _, _, _ = end.Stop(), line.Close(), screen.Close() })
	return screen, line
}

func resize(t *testing.T, screen *os.File, columns uint16) {
	t.Helper()
	if err := pty.Setsize(screen, &pty.Winsize{Rows: 30, Cols: columns}); err != nil {
		t.Fatal(err)
	}
}

// shownUntil reads what is shown on a terminal up to a text.
func shownUntil(t *testing.T, screen *os.File, end string) string {
	t.Helper()
	var text []byte
	for letter := make([]byte, 1); !strings.HasSuffix(string(text), end); text = append(text, letter[0]) {
		if _, err := screen.Read(letter); err != nil {
			t.Fatalf("%v: %q shows, and no %q", err, text, end)
		}
	}
	return string(text[:len(text)-len(end)])
}

// Somebody can answer only where the keyboard is theirs and they see the question.
func TestATerminalIsBothAKeyboardAndAScreen(t *testing.T) {
	t.Parallel()
	_, line := tube(t)
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = read.Close(), write.Close() }()
	nothing, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer nothing.Close()
	for name, tt := range map[string]struct {
		in, out *os.File
		want    bool
	}{
		"both":               {line, line, true},
		"a pipe in":          {read, line, false},
		"nothing in":         {nothing, line, false},
		"a pipe out":         {line, write, false},
		"no terminal at all": {read, write, false},
	} {
		if got := Of(tt.in, tt.out) != nil; got != tt.want {
			t.Errorf("%s: a terminal: %v", name, got)
		}
	}
}

// A line is written over by the next one and cleared, within the width that the terminal has
// by then.
func TestALineIsWrittenOver(t *testing.T) {
	t.Parallel()
	screen, line := tube(t)
	resize(t, screen, 20)
	terminal := Of(line, line)
	for _, step := range []struct {
		do   func()
		want string
	}{
		{terminal.Clear, ""},
		{func() { terminal.Progress("9 of 10 written") }, "\r\r9 of 10 written"},
		{func() { terminal.Progress("10 of 10") }, "\r" + strings.Repeat(" ", 15) + "\r10 of 10"},
		{terminal.Clear, "\r        \r"},
		{terminal.Clear, ""},
		{func() { terminal.Progress("a line that is too long for it") }, "\r\ra line that is too "},
		{func() { resize(t, screen, 10) }, ""},
		{func() { terminal.Progress("äöüäöüäöüäöü") }, "\r" + strings.Repeat(" ", 9) + "\räöüäöüäöü"},
		{terminal.Clear, "\r" + strings.Repeat(" ", 9) + "\r"},
	} {
		step.do()
		terminal.show("|")
		if got := shownUntil(t, screen, "|"); got != step.want {
			t.Errorf("got %q, want %q", got, step.want)
		}
	}
}

func TestTheWidthIsThatOfTheTerminal(t *testing.T) {
	t.Parallel()
	screen, line := tube(t)
	for columns, want := range map[uint16]int{132: 132, 0: 80} { // 0 is for one that does not know
		resize(t, screen, columns)
		if got := Width(line); got != want {
			t.Errorf("%d columns: %d, want %d", columns, got, want)
		}
	}
	if nothing, err := os.Open(os.DevNull); err != nil || Width(nothing) != 0 {
		t.Errorf("what is no terminal has a width: %v", err)
	}
}

// A terminal that is gone ends a prompt.
func TestATerminalThatIsGoneEndsAPrompt(t *testing.T) {
	t.Parallel()
	screen, line := tube(t)
	done := make(chan error, 1)
	go func() {
		_, err := Of(line, line).Secret(t.Context(), "Value")
		done <- err
	}()
	if got := shownUntil(t, screen, "Value: "); got != "" {
		t.Errorf("before the prompt there is %q", got)
	}
	if err := screen.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-done:
		if err == nil {
			t.Error("it ends as if there were a value")
		}
	case <-time.After(patience):
		t.Fatal("it does not end")
	}
}

// A terminal that another process told not to wait is waited for all the same.
func TestATerminalThatDoesNotWaitIsWaitedFor(t *testing.T) {
	t.Parallel()
	screen, line := tube(t)
	if err := nonblocking(line); err != nil {
		t.Fatal(err)
	}
	type answer struct {
		yes bool
		err error
	}
	got := make(chan answer, 1)
	go func() {
		yes, err := Of(line, line).Agrees(t.Context(), "Go on?")
		got <- answer{yes, err}
	}()
	shownUntil(t, screen, "Go on? [y/N] ")
	for _, key := range []string{"y", "\n"} {
		time.Sleep(3 * silence) // in which nothing can be read
		if _, err := screen.WriteString(key); err != nil {
			t.Fatal(err)
		}
	}
	if a := <-got; !a.yes || a.err != nil {
		t.Errorf("the answer is %v, %v", a.yes, a.err)
	}
}

func nonblocking(f *os.File) error { return unix.SetNonblock(int(f.Fd()), true) }
