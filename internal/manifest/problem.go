package manifest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Problem is one thing that is wrong with a manifest.
type Problem struct {
	Source string // the name of its source
	Line   int    // from 1; 0 if it is about the whole
	Key    string // as in DATABASE_URL.env; empty if it has none that may be shown
	Text   string // what is wrong, and what would be right
}

// String is the problem in one line, as compilers write theirs.
func (p Problem) String() string {
	if place := p.Place(); place != "" {
		return place + ": " + p.Text
	}
	return p.Text
}

// Place is where the problem is: FILE:LINE: KEY, or line LINE: KEY for a text that
// has no name.
func (p Problem) Place() string {
	var parts []string
	switch {
	case p.Line > 0 && p.Source != "":
		parts = append(parts, fmt.Sprintf("%s:%d", p.Source, p.Line))
	case p.Line > 0:
		parts = append(parts, fmt.Sprintf("line %d", p.Line))
	case p.Source != "":
		parts = append(parts, p.Source)
	}
	if p.Key != "" {
		parts = append(parts, p.Key)
	}
	return strings.Join(parts, ": ")
}

// Error implements error.
func (p Problem) Error() string { return p.String() }

// Problems are what is wrong with a manifest, in the order of its lines.
type Problems []Problem

// Error implements error, in one line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "; ")
}

// maxProblems is how many are told of; the rest is a number.
const maxProblems = 20

// place is a key and what it is under, for a message.
type place struct{ parent, key string }

func (p place) String() string {
	if p.parent == "" || p.key == "" {
		return p.parent + p.key
	}
	return p.parent + "." + p.key
}

// add notes a problem of a node. What was refused for being an alias or having
// a tag is told of once, and not also for not being what it should have been.
func (r *reader) add(n *yaml.Node, at place, text string) {
	if n.Kind != yaml.AliasNode && !tagged(n) {
		r.note(n.Line, at, text)
	}
}

func (r *reader) note(line int, at place, text string) {
	r.problems = append(r.problems, Problem{Source: r.source.Name, Line: line, Key: at.String(), Text: text})
}

// inOrder returns the first problems by line, and how many more there are.
func (r *reader) inOrder() Problems {
	slices.SortStableFunc(r.problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	more := len(r.problems) - maxProblems
	if more <= 0 {
		return r.problems
	}
	rest := Problem{Source: r.source.Name, Text: fmt.Sprintf("and %d more", more)}
	return append(slices.Clip(r.problems[:maxProblems:maxProblems]), rest)
}
