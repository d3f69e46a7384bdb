package main

import (
	"fmt"
	"strings"
)

// section is what is reported of a scenario.
type section struct {
	title  string
	header []string
	rows   [][]string
	notes  []string // such as what was left out
	bounds []bound
}

// bound is something that was measured, and the most that it may be.
type bound struct {
	what      string
	got, most float64
	unit      string // as in " MiB"; "" for a multiple of something in the same run
	aim       bool   // is for some machines alone, and not missed on others
	over      bool   // it was given up at what was measured, and so is more
}

// kept reports whether what was measured is a number, and within the bound.
func (b bound) kept() bool { return b.got <= b.most && !b.over }

func (b bound) String() string {
	verdict := "pass"
	switch {
	case b.aim && b.kept():
		verdict = "reached"
	case b.aim:
		verdict = "not reached"
	case !b.kept():
		verdict = "miss"
	}
	more := ""
	if b.over {
		more = "over "
	}
	return fmt.Sprintf("%s: %s: %s%.2f%s, at most %.2f%s", verdict, b.what, more, b.got, b.unit, b.most, b.unit)
}

// missed names the bounds that were.
func (s section) missed() []string {
	var missed []string
	for _, b := range s.bounds {
		if !b.aim && !b.kept() {
			missed = append(missed, b.what)
		}
	}
	return missed
}

// markdown is the section as text, with a new line at its end.
func (s section) markdown() string {
	blocks := []string{"### " + s.title}
	if len(s.rows) > 0 {
		blocks = append(blocks, table(s.header, s.rows))
	}
	var items []string
	for _, b := range s.bounds {
		items = append(items, "- "+b.String())
	}
	for _, note := range s.notes {
		items = append(items, "- "+note)
	}
	if len(items) > 0 {
		blocks = append(blocks, strings.Join(items, "\n"))
	}
	return strings.Join(blocks, "\n\n") + "\n"
}

// table is in Markdown, with numbers, which all columns behind the second are, to
// the right.
func table(header []string, rows [][]string) string {
	rule := make([]string, len(header))
	for i := range rule {
		rule[i] = "---"
		if i > 1 {
			rule[i] = "---:"
		}
	}
	lines := []string{line(header), line(rule)}
	for _, row := range rows {
		lines = append(lines, line(row))
	}
	return strings.Join(lines, "\n")
}

func line(cells []string) string {
	escaped := make([]string, len(cells))
	for i, cell := range cells {
		escaped[i] = strings.ReplaceAll(cell, "|", `\|`)
	}
	return "| " + strings.Join(escaped, " | ") + " |"
}
