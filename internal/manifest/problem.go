package manifest

import (
	"cmp"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/problem"
)

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
	r.problems = append(r.problems, problem.Problem{File: r.source.Name, Line: line, Key: at.String(), Text: text})
}

// inOrder returns the first problems by line, and how many more there are.
func (r *reader) inOrder() problem.List {
	slices.SortStableFunc(r.problems, func(a, b problem.Problem) int { return cmp.Compare(a.Line, b.Line) })
	more := len(r.problems) - maxProblems
	if more <= 0 {
		return r.problems
	}
	rest := problem.Problem{File: r.source.Name, Text: fmt.Sprintf("and %d more", more)}
	return append(slices.Clip(r.problems[:maxProblems:maxProblems]), rest)
}
