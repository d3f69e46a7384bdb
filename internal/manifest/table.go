package manifest

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/spelling"
)

// field is a key that a mapping may have, and how it is read into a T: a pointer, as the
// compiler makes the code of a table once for all pointers, and else for each T.
type field[T any] struct {
	name string
	read func(r *reader, at place, n *yaml.Node, into T)
}

// table is all that a mapping may have.
type table[T any] []field[T]

// read reads a mapping, whose own key is parent, and returns the keys it has.
func (t table[T]) read(r *reader, parent string, n *yaml.Node, into T) given {
	seen := given{}
	t.readSeen(r, parent, n, into, seen)
	return seen
}

// readSeen is read, which adds the keys to seen.
func (t table[T]) readSeen(r *reader, parent string, n *yaml.Node, into T, seen given) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		p, ok := r.pair(parent, n, i, seen)
		if !ok {
			continue
		}
		if f := t.field(p.name); f != nil {
			f.read(r, place{parent, p.name}, p.value, into)
		} else {
			r.unknown(parent, p, t.names())
		}
	}
}

// field is the one of this name; nil if there is none.
func (t table[T]) field(name string) *field[T] {
	for i := range t {
		if t[i].name == name {
			return &t[i]
		}
	}
	return nil
}

func (t table[T]) names() []string {
	names := make([]string, len(t))
	for i, f := range t {
		names[i] = f.name
	}
	return names
}

func (r *reader) unknown(parent string, p pair, known []string) {
	problem, name := "is an unknown key", p.shown()
	if name == "" {
		problem = "has an unknown key"
	}
	if near := spelling.Nearest(p.name, known); near != "" {
		problem += ". Did you mean " + near + "?"
	} else {
		problem += ". The known keys are " + strings.Join(known, ", ")
	}
	r.add(p.key, place{parent, name}, problem)
}
