package report

import (
	"strings"
	"unicode"
)

// wide are the blocks of characters that take two cells of a terminal (East Asian Wide and
// Fullwidth, https://www.unicode.org/reports/tr11/).
var wide = [][2]rune{
	{0x1100, 0x115f}, {0x231a, 0x231b}, {0x23e9, 0x23f3}, {0x2705, 0x2705}, {0x274c, 0x274e}, {0x2753, 0x2757}, {0x2b1b, 0x2b55},
	{0x2e80, 0x303e}, {0x3041, 0xa4cf}, {0xa960, 0xa97f}, {0xac00, 0xd7a3}, {0xf900, 0xfaff}, {0xfe30, 0xfe6f}, {0xff00, 0xff60},
	{0xffe0, 0xffe6}, {0x16fe0, 0x18cff}, {0x1aff0, 0x1b2ff}, {0x1f18e, 0x1f19a}, {0x1f200, 0x1f64f}, {0x1f680, 0x1f6ff},
	{0x1f7e0, 0x1f7eb}, {0x1f90c, 0x1faff}, {0x20000, 0x3fffd},
}

// cellsOf is how many cells of a terminal a printable character takes: none if it belongs
// to the one before it.
func cellsOf(c rune) int {
	switch {
	case c < wide[0][0]:
		if c >= 0x300 && unicode.In(c, unicode.Mn, unicode.Me) {
			return 0
		}
		return 1
	case unicode.In(c, unicode.Mn, unicode.Me), c >= 0x1160 && c <= 0x11ff: // the rest of a syllable
		return 0
	}
	for _, block := range wide {
		if block[0] <= c && c <= block[1] {
			return 2
		}
	}
	return 1
}

// cells is how many cells of a terminal a text takes.
func cells(text string) int {
	n := 0
	for _, c := range text {
		n += cellsOf(c)
	}
	return n
}

// pad is a text with as many spaces as it needs to fill so many cells.
func pad(text string, to int) string { return text + strings.Repeat(" ", max(to-cells(text), 0)) }

// wrap cuts a text into lines of at most so many cells, at least 2.
func wrap(text string, most int) []string {
	var lines []string
	begin, n := 0, 0
	for i, c := range text {
		width := cellsOf(c)
		if n+width > most {
			lines = append(lines, text[begin:i])
			begin, n = i, 0
		}
		n += width
	}
	return append(lines, text[begin:])
}

// flow puts words into lines of at most so many cells. A word that is longer is cut.
func flow(words []string, most int) []string {
	lines := []string{""}
	for _, word := range words {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case cells(*last)+1+cells(word) <= most:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
		pieces := wrap(lines[len(lines)-1], most)
		lines = append(lines[:len(lines)-1], pieces...)
	}
	return lines
}
