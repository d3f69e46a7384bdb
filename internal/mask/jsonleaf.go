package mask

import (
	"encoding/json"
	"iter"
	"strings"
)

// hasStrings reports whether text is a JSON text, or begins as one, that holds
// a string which is not a key.
func hasStrings(text string) bool {
	for range jsonLeaves(text) {
		return true
	}
	return false
}

// jsonLeaves yields the strings of a JSON text that are not keys, and the numbers
// under the name of a secret, up to where it stops being JSON.
func jsonLeaves(text string) iter.Seq[leaf] {
	return func(yield func(leaf) bool) {
		if text == "" || strings.IndexByte(`{["`, text[0]) < 0 {
			return
		}
		tokens := json.NewDecoder(strings.NewReader(text))
		tokens.UseNumber() // a number out of range is no reason to stop
		var open nest
		for {
			token, err := tokens.Token()
			if err != nil {
				return
			}
			if found, ok := open.take(token); ok && !yield(found) {
				return
			}
		}
	}
}

// A nest tells the keys of JSON objects from other strings. Each element is an
// object or array that is open.
type nest []level

type level struct {
	object, keyNext bool
	key, path       string  // that are read, of an object; of an array, those it stands under
	around          verdict // of what the names around it say
	// name is what a member "name" says: lists of settings have objects
	// {"name": …, "value": …}.
	name string
}

// take returns the leaf that a token is, if it is one.
func (n *nest) take(token json.Token) (found leaf, ok bool) {
	if delim, ok := token.(json.Delim); ok && (delim == '}' || delim == ']') {
		*n = (*n)[:len(*n)-1]
		return leaf{}, false
	}
	if n.isKey(token) {
		return leaf{}, false
	}
	if delim, ok := token.(json.Delim); ok {
		n.enter(delim == '{')
		return leaf{}, false
	}
	found = n.leaf()
	switch token := token.(type) {
	case string:
		found.text = token
		n.named(found)
		return found, true
	case json.Number:
		found.text = token.String()
		return found, found.verdict == privately
	}
	return leaf{}, false
}

// isKey notes a key, and reports whether the token is one.
func (n *nest) isKey(token json.Token) bool {
	if len(*n) == 0 {
		return false
	}
	top := &(*n)[len(*n)-1]
	isKey := top.object && top.keyNext
	top.keyNext = !top.keyNext
	if isKey {
		top.key, _ = token.(string)
	}
	return isKey
}

// enter opens an object or array.
func (n *nest) enter(object bool) {
	inner := level{object: object, keyNext: true}
	if len(*n) > 0 {
		here := n.leaf()
		inner.path, inner.around = here.path, here.verdict
		if !object {
			inner.key = here.key
		}
	}
	*n = append(*n, inner)
}

// leaf is one that stands where the nest is, without its text. What its own name
// leaves unsaid, the names around it may say.
func (n *nest) leaf() leaf {
	if len(*n) == 0 {
		return leaf{}
	}
	top := (*n)[len(*n)-1]
	if !top.object {
		return leaf{key: top.key, path: top.path, verdict: top.around}
	}
	key, path := top.key, top.key
	if top.path != "" && len(top.path) < maxKey {
		path = top.path + "." + path
	}
	said := judge(key)
	if strings.EqualFold(key, "key") { // with a value beside it, as tags have
		said = unsaid
	}
	if strings.EqualFold(key, "value") && top.name != "" {
		said = judge(top.name)
		key = top.name
	}
	if said == unsaid && top.around == privately {
		said = privately
	}
	return leaf{key: key, path: path, verdict: said}
}

// named notes the name of an object.
func (n *nest) named(found leaf) {
	if len(*n) > 0 && (strings.EqualFold(found.key, "name") || strings.EqualFold(found.key, "key")) {
		(*n)[len(*n)-1].name = found.text
	}
}
