package event

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nairi-community/vault-secret/internal/secret"
)

// Lengths, in characters, from which a value that stands in an event is not
// there by chance: inside a longer text, and as the whole of one.
const (
	minInside = 8
	minWhole  = 4
)

// leaf is a text in an event, and where it stands, as in commits[0].message.
type leaf struct{ path, text string }

// texts are all leaves of an event, in the order of its keys.
type texts struct {
	leaves []leaf
	whole  map[string]bool // the texts without the space around them
	joined string          // all of them, with a NUL between: many values may be looked for
}

// textsOf gathers the leaves of an event.
func textsOf(root any) texts {
	all := texts{whole: map[string]bool{}}
	all.add(root, "")
	var joined strings.Builder
	for _, leaf := range all.leaves {
		all.whole[strings.TrimSpace(leaf.text)] = true
		joined.WriteString(leaf.text + "\x00")
	}
	all.joined = joined.String()
	return all
}

func (t *texts) add(node any, path string) {
	switch node := node.(type) {
	case string:
		t.leaves = append(t.leaves, leaf{path, oneLineEnd(node)})
	case json.Number:
		if len(node) >= minInside {
			t.leaves = append(t.leaves, leaf{path, node.String()})
		}
	case []any:
		for i, element := range node {
			t.add(element, fmt.Sprintf("%s[%d]", path, i))
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(node)) {
			t.add(node[key], strings.TrimPrefix(path+"."+key, "."))
		}
	}
}

// Find returns where in the event a value stands, as in inputs.password or
// commits[0].message, or "" if it does not.
func (e Event) Find(value secret.Value) string {
	text := strings.TrimSpace(oneLineEnd(value.Reveal()))
	length := utf8.RuneCountInString(text)
	if length < minWhole {
		return ""
	}
	all := e.texts()
	inside := length >= minInside && strings.Contains(all.joined, text)
	if !inside && !all.whole[text] {
		return ""
	}
	for _, leaf := range all.leaves {
		if strings.TrimSpace(leaf.text) == text || inside && strings.Contains(leaf.text, text) {
			return leaf.path
		}
	}
	return ""
}

// oneLineEnd makes texts comparable that went through a web form.
func oneLineEnd(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }
