package manifest

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/spelling"
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
	seen := given{}
	t.readSeen(r, parent, n, into, seen)
	return seen
}

// readSeen is read, which adds the keys to seen.
func (t table[T]) readSeen(r *reader, parent string, n *yaml.Node, into *T, seen given) {
	for p := range r.pairs(parent, n, seen) {
		i := slices.IndexFunc(t, func(f field[T]) bool { return f.name == p.name })
		if i < 0 {
			r.unknown(parent, p, t.names())
			continue
		}
		t[i].read(r, place{parent, p.name}, p.value, into)
	}
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
	if near := spelling.Nearest(p.name, known); near != "" {
		problem += "; did you mean " + near + "?"
	} else {
		problem += "; known here: " + strings.Join(known, ", ")
	}
	r.add(p.key, place{parent, name}, problem)
}
