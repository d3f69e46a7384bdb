package manifest

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// Tags that the library gives to what has none of its own.
const (
	textTag  = "!!str"
	boolTag  = "!!bool"
	nullTag  = "!!null"
	timeTag  = "!!timestamp"
	mergeTag = "!!merge"
)

func tagged(n *yaml.Node) bool { return n.Style&yaml.TaggedStyle != 0 }

// empty reports whether there is nothing, or a null.
func empty(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == nullTag }

// text is what a scalar says, if YAML reads it as text: 123 and true without
// quotes are none.
func text(n *yaml.Node) (string, bool) {
	return n.Value, n.Kind == yaml.ScalarNode && n.Tag == textTag
}

// refuse notes what the format does not take of YAML, wherever it is. It is as
// deep as the library lets a document be.
func (r *reader) refuse(n *yaml.Node) {
	switch {
	case n.Kind == yaml.AliasNode:
		r.note(n.Line, place{}, "This line has an alias (*), which is not supported. A word that begins with * needs quotes")
	case n.Anchor != "":
		r.note(n.Line, place{}, "This line has an anchor (&), which is not supported. Write it out")
	case tagged(n):
		r.note(n.Line, place{}, "This line has a tag (!), which is not supported. A word that begins with ! needs quotes")
	case n.Tag == mergeTag:
		r.note(n.Line, place{}, "This line has a merge key (<<), which is not supported. Write it out")
	}
	for _, child := range n.Content {
		r.refuse(child)
	}
}

// mapping reports whether a node is a mapping, and notes what it must be if not.
func (r *reader) mapping(n *yaml.Node, at place, must string) bool {
	if n.Kind == yaml.MappingNode {
		return true
	}
	r.add(n, at, must)
	return false
}

// pair is a key of a mapping and what is under it.
type pair struct {
	key, value *yaml.Node
	name       string
	inFlow     bool // of a mapping in braces
}

// given are the lines of the keys that a mapping has.
type given map[string]int

func (g given) has(name string) bool { return g[name] > 0 }

// pair is the key of a mapping that is the i-th of its nodes, and what it has. It adds the
// key to seen; one that is no text or is given twice is noted, and is not ok.
func (r *reader) pair(parent string, n *yaml.Node, i int, seen given) (p pair, ok bool) {
	p = pair{key: n.Content[i], value: n.Content[i+1], inFlow: n.Style&yaml.FlowStyle != 0}
	if p.name, ok = text(p.key); !ok {
		r.badKey(parent, p.key)
		return p, false
	}
	if seen.has(p.name) {
		r.add(p.key, place{parent, p.shown()}, fmt.Sprintf("is given twice, first in line %d. Keep one", seen[p.name]))
		return p, false
	}
	seen[p.name] = p.key.Line
	return p, true
}

func (r *reader) badKey(parent string, key *yaml.Node) {
	if key.Tag != mergeTag {
		r.add(key, place{key: parent}, "has a key that is not text. Put it in quotes if it is a name")
	}
}

// plain are the characters of a name, and maxShown is how many of them are
// repeated: a longer one is no name that anybody chose.
const (
	plain    = ascii.Word + ".-"
	maxShown = 64
)

func plainName(name string) bool {
	return name != "" && len(name) <= maxShown && ascii.Only(name, plain)
}

// shown is the name if it may be repeated, else empty: it looks like a name, and
// stands before something. In { env: A, hunter2 } the second key is a text in
// the wrong place.
func (p pair) shown() string {
	stray := p.inFlow && empty(p.value) && p.value.Value == ""
	if stray || !plainName(p.name) {
		return ""
	}
	return p.name
}
