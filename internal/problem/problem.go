// Package problem is what a user is told went wrong: the codes with their hints,
// and the problems of inputs and files, all at once.
package problem

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// Problem is one thing that is wrong with what the run was given. No text of it
// repeats what an input or a file holds.
type Problem struct {
	Code  Code   // empty means BadInput
	Input string // the input, as the user spelled it; empty if it is about none
	Title string // the input, as this program spells it, for where nothing is masked; may be empty
	File  string // the file, as the user named it; empty for none
	Line  int    // of the file or the text, from 1; 0 if it is about the whole
	// Column is that of the line, in characters and from 1; 0 if it is not known.
	Column int
	Key    string // in the file, as in DATABASE_URL.env; empty if none may be shown
	// Text is what is wrong, and then what would be right: what is said of the key or of
	// the input, as in "is empty. Give a host", or whole sentences. Said adds the last stop.
	Text  string
	Hint  string // what to do; empty means what the code says
	Cause error  // for errors.Is; nil for most
}

// String is the problem in one line: FILE:LINE: and the sentence.
func (p Problem) String() string {
	if p.Line == 0 && p.File == "" {
		return p.Said()
	}
	place := cmp.Or(p.File, p.Input)
	if p.Line > 0 {
		place += fmt.Sprintf(":%d", p.Line)
	}
	return place + ": " + p.Said()
}

// Position is where the problem is, as editors read it: FILE:LINE:COLUMN, with the name
// of the input for a text that has none, or the line alone. A column that is not known is
// the first.
func (p Problem) Position() string {
	name := cmp.Or(p.File, p.Input)
	switch {
	case p.Line == 0:
		return name
	case name == "":
		return fmt.Sprintf("line %d", p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", name, p.Line, cmp.Or(p.Column, 1))
}

// Said is what is wrong in whole sentences, without the place in a file.
func (p Problem) Said() string {
	subject, text := p.Parts()
	if subject != "" {
		number, entry := strings.CutPrefix(text, "entry ")
		if number, rest, _ := strings.Cut(number, " "); entry {
			subject, text = "Entry "+number+" of "+subject, rest
		}
		text = subject + " " + text
	}
	return Sentence(text)
}

// InOneLine is several texts as sentences in one line. The last has no stop yet.
func InOneLine(texts []string) string {
	line := texts[0]
	for _, text := range texts[1:] {
		if entry, is := strings.CutPrefix(text, "entry "); is {
			text = "Entry " + entry
		}
		line = Sentence(line) + " " + text
	}
	return line
}

// Parts are what the problem is about, the key in a file or else the input, and what is
// said of it. The subject is empty where the text begins a sentence of its own.
func (p Problem) Parts() (subject, text string) {
	if first, _ := utf8.DecodeRuneInString(p.Text); unicode.IsUpper(first) {
		return "", p.Text
	}
	return cmp.Or(p.Key, p.Input), p.Text
}

// Sentence is a text that ends as a sentence does.
func Sentence(text string) string {
	if text == "" || strings.ContainsRune(".?!]", rune(text[len(text)-1])) {
		return text
	}
	return text + "."
}

// Spoken is an error as a sentence. What begins with the name of something stays as it is.
func Spoken(text string) string {
	word, _, _ := strings.Cut(text, " ")
	if ascii.Only(strings.TrimSuffix(word, ","), ascii.Lower+"'") && word != "" {
		text = string(unicode.ToUpper(rune(text[0]))) + text[1:]
	}
	return Sentence(text)
}

// code is the code, of which the empty one is short for BadInput.
func (p Problem) code() Code { return cmp.Or(p.Code, BadInput) }

// List are all problems of a run. No request may be sent.
type List []Problem

// Error implements error, in one line.
func (l List) Error() string { return strings.Join(l.Lines(), " ") }

// Lines are the problems, a line each.
func (l List) Lines() []string {
	lines := make([]string, len(l))
	for i, problem := range l {
		lines[i] = problem.String()
	}
	return lines
}

// Unwrap gives the causes.
func (l List) Unwrap() []error {
	var causes []error
	for _, problem := range l {
		if problem.Cause != nil {
			causes = append(causes, problem.Cause)
		}
	}
	return causes
}

// Shown is the list as it may be shown: names of files and in them come from outside,
// and may hold a secret that redact takes out.
func (l List) Shown(redact func(string) string) List {
	shown := slices.Clone(l)
	for i, p := range l {
		shown[i].File, shown[i].Key = redact(p.File), redact(p.Key)
	}
	return shown
}

// Inputs are the names that the problems are about, each once.
func (l List) Inputs() []string {
	var names []string
	for _, problem := range l {
		if !slices.Contains(names, problem.Input) {
			names = append(names, problem.Input)
		}
	}
	return names
}

// Code is that of all problems, if they have one, and else BadInput.
func (l List) Code() Code {
	if len(l) == 1 {
		return l[0].code()
	}
	return BadInput
}

// Hint is what to do about the problems, beyond what each says itself.
func (l List) Hint() string {
	if len(l) == 1 && l[0].Hint != "" {
		return l[0].Hint
	}
	return l.Code().Hint()
}

// InOrder sorts the problems, in place, in the order of the names of inputs, and those of
// one input as they are. What is about none of the inputs comes last. Few runs have
// problems, so only those ask for the names.
func (l List) InOrder(names func() []string) List {
	if len(l) < 2 {
		return l
	}
	inputs := names()
	place := make(map[string]int, len(inputs))
	for i, name := range inputs {
		place[name] = i - len(inputs) // 0 is for what is not there
	}
	l.SortBy(func(p *Problem) int { return place[p.Input] })
	return l
}

// SortBy sorts the problems, in place, by a number; those of the same number stay in
// their order. Pointers are sorted, since all kinds of pointers share one copy of the
// generic code, and the program has that already.
func (l List) SortBy(number func(*Problem) int) {
	sorted := make([]*Problem, len(l))
	for i, p := range l {
		sorted[i] = &p
	}
	slices.SortStableFunc(sorted, func(a, b *Problem) int { return cmp.Compare(number(a), number(b)) })
	for i, p := range sorted {
		l[i] = *p
	}
}
