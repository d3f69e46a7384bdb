package cli

import (
	"strings"
	"unicode/utf8"
)

// page is a help that is being written. No line of it is wider than a terminal is at least.
type page struct{ written strings.Builder }

func (p *page) write(text string) { p.written.WriteString(text) }

const (
	pageWidth  = 80
	verbColumn = 14 // where the explanations of verbs begin
	flagColumn = 30
	nameColumn = 22 // and those of variables
)

// text writes a paragraph.
func (p *page) text(text string) {
	if text == "" {
		return
	}
	if p.written.Len() > 0 {
		p.write("\n")
	}
	for _, line := range wrap(text, pageWidth) {
		p.write(line + "\n")
	}
}

func (p *page) heading(text string) { p.write("\n" + text + "\n") }

// entry writes a word, and what it is in a column beside it.
func (p *page) entry(word, text string, column int) {
	word = "  " + word
	if room := column - 2 - utf8.RuneCountInString(word); room < 0 {
		p.write(word + "\n")
		word = ""
	}
	for _, line := range wrap(text, pageWidth-column) {
		p.write(word + strings.Repeat(" ", column-utf8.RuneCountInString(word)) + line + "\n")
		word = ""
	}
}

// unbroken is a space at which no line ends.
const unbroken = "\u00a0"

// wrap cuts a text into lines between its words.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.SplitSeq(text, " ") {
		if line != "" && utf8.RuneCountInString(line+" "+word) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimPrefix(line+" "+strings.ReplaceAll(word, unbroken, " "), " ")
	}
	return append(lines, line)
}
