package terminal

import "strings"

// Progress writes a line over the one that it wrote before. It needs no sequences of a
// terminal, which not every terminal has.
func (t *Terminal) Progress(text string) {
	line := []rune(text)
	line = line[:min(len(line), t.room())]
	t.show(t.blank() + string(line))
	t.shown = len(line)
}

// Clear takes the line away that Progress wrote.
func (t *Terminal) Clear() {
	if t.shown > 0 {
		t.show(t.blank())
	}
	t.shown = 0
}

// blank is what makes the line empty. The terminal may be narrower by now.
func (t *Terminal) blank() string {
	return "\r" + strings.Repeat(" ", min(t.shown, t.room())) + "\r"
}

// room is how many characters a line has that ends before the last column: some terminals
// go on to the next line at that.
func (t *Terminal) room() int { return max(Width(t.out)-1, 0) }
