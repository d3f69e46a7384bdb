package manifest

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/problem"
)

// maxProblems is how many are told of, or of a text that is only looked at; the rest is
// a number.
const (
	maxProblems     = 20
	maxLintProblems = 1000
)

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
		r.problems[len(r.problems)-1].Column = n.Column
	}
}

func (r *reader) note(line int, at place, text string) {
	r.problems = append(r.problems, problem.Problem{File: r.source.Name, Line: line, Key: at.String(), Text: text})
}

// warn notes what is odd.
func (r *reader) warn(line int, at place, text string) {
	r.warnings = append(r.warnings, problem.Problem{File: r.source.Name, Line: line, Key: at.String(), Text: text})
}

// sortByLine sorts a list in the order of lines.
func sortByLine(l problem.List) {
	l.SortBy(func(p *problem.Problem) int { return p.Line })
}

// inOrder returns the first problems by line, and how many more there are.
func (r *reader) inOrder() problem.List {
	sortByLine(r.problems)
	return first(r.problems, r.source)
}

// first are the first problems of a source, and how many more there are.
func first(l problem.List, of Source) problem.List {
	most := maxProblems
	if of.Lint {
		most = maxLintProblems
	}
	more := len(l) - most
	if more <= 0 {
		return l
	}
	return append(l[:most:most], problem.Problem{File: of.Name, Text: fmt.Sprintf("There are %d more problems", more)})
}
