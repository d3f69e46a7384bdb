package manifest

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// field is a key that a mapping may have, and how it is read into a T.
type field[T any] struct {
	name string
	read func(r *reader, at place, n *yaml.Node, into *T)
}

// table is all that a mapping may have.
type table[T any] []field[T]

// read reads a mapping, whose own key is parent, and returns the keys it has.
func (t table[T]) read(r *reader, parent string, n *yaml.Node, into *T) given {
	seen := make(given, len(t))
	for p := range r.pairs(parent, n, seen) {
		i := slices.IndexFunc(t, func(f field[T]) bool { return f.name == p.name })
		if i < 0 {
			r.unknown(parent, p, t.names())
			continue
		}
		t[i].read(r, place{parent, p.name}, p.value, into)
	}
	return seen
}

func (t table[T]) names() []string {
	names := make([]string, len(t))
	for i, f := range t {
		names[i] = f.name
	}
	return names
}

func (r *reader) unknown(parent string, p pair, known []string) {
	problem, name := "is not known", p.shown()
	if name == "" {
		problem = "has a key that is not known"
	}
	if near := nearest(p.name, known); near != "" {
		problem += "; did you mean " + near + "?"
	} else {
		problem += "; known here: " + strings.Join(known, ", ")
	}
	r.add(p.key, place{parent, name}, problem)
}

// nearest is the known name that a name was most likely meant to be: at most two
// letters of it, and less than half, are wrong.
func nearest(name string, known []string) string {
	best, least := "", 3
	if !plainName(name) {
		return ""
	}
	for _, k := range known {
		if d := distance(name, k); d < least && 2*d < len(k) {
			best, least = k, d
		}
	}
	return best
}

// distance is how many letters must be put in, left out or changed to make b of
// a (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
