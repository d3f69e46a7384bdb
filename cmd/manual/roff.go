package main

import (
	"fmt"
	"slices"
	"strings"
)

// roff is a page that is being written, in the macros of man(7), which groff, mandoc and
// the man of each BSD know.
type roff struct {
	strings.Builder
	begun bool // whether the last line is a macro, so that a paragraph needs none
}

// line writes a line that is roff.
func (r *roff) line(line string) {
	_, _ = r.WriteString(line + "\n")
	r.begun = false
}

// macro writes a request with its arguments, each of which may have spaces.
func (r *roff) macro(name string, arguments ...string) {
	line := "." + name
	for _, argument := range arguments {
		argument = escaped(argument)
		if strings.Contains(argument, " ") {
			argument = `"` + argument + `"`
		}
		line += " " + argument
	}
	r.line(line)
	r.begun = true
}

// width is the longest line of a text in the source, as mandoc -Tlint wants it.
const width = 80

// text writes a sentence or more. A roff puts two spaces behind one that ends a line, so
// lines end within sentences.
func (r *roff) text(text string) {
	line := ""
	for word := range strings.SplitSeq(text, " ") {
		word = prose(word)
		if line != "" && len(line)+1+len(word) > width {
			r.line(line)
			line = ""
		}
		if line == "" {
			word = guarded(word)
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	r.line(line)
}

// paragraph writes a paragraph.
func (r *roff) paragraph(text string) {
	if !r.begun {
		r.macro("PP")
	}
	r.text(text)
}

// entry writes a term, and below it what it is, in sentences. The term is roff.
func (r *roff) entry(term string, sentences ...string) {
	r.macro("TP")
	r.line(term)
	r.text(strings.Join(slices.DeleteFunc(sentences, func(s string) bool { return s == "" }), " "))
}

// code writes lines as they are, with a margin.
func (r *roff) code(text string) {
	r.macro("PP")
	r.macro("RS", "4")
	r.macro("nf")
	r.line(guarded(escaped(text)))
	r.macro("fi")
	r.macro("RE")
	r.begun = false
}

func bold(text string) string { return `\fB` + escaped(text) + `\fR` }

func italic(text string) string { return `\fI` + escaped(text) + `\fR` }

// prose is a word of a text. Hyphens within a word of a language stay hyphens; in all else,
// as in flags and names, they must be what can be pasted into a shell. An address may be
// broken, since it is wider than a terminal.
func prose(word string) string {
	if strings.Contains(word, "://") {
		return strings.ReplaceAll(escaped(word), "/", `/\:`)
	}
	bare := strings.Trim(word, "(.,:;)")
	if strings.HasPrefix(bare, "-") || strings.ContainsAny(bare, "=/_.:") {
		return escaped(word)
	}
	return strings.ReplaceAll(escaped(word), `\-`, "-")
}

// escaped is a text in which no character means something to roff. A hyphen becomes a
// minus, which is what can be pasted into a shell.
func escaped(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch known := special[r]; {
		case known != "":
			b.WriteString(known)
		case r < ' ' || r == 0x7f:
			b.WriteByte(' ')
		case r > '~':
			fmt.Fprintf(&b, `\[u%04X]`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// special are the characters that roff or a font of it reads as something else
// (groff_char(7), mandoc_char(7)).
var special = map[rune]string{
	'\\': `\e`, '"': `\(dq`, '\'': `\(aq`, '`': `\(ga`, '^': `\(ha`, '~': `\(ti`, '-': `\-`,
	'\u00a0': `\ `, // where no line ends
}

// guarded is a line that is no request, whatever it begins with.
func guarded(line string) string {
	if strings.HasPrefix(line, ".") { // a quote, which is the other one, is escaped
		return `\&` + line
	}
	return line
}
