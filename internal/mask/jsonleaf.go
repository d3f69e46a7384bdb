package mask

import (
	"encoding/json"
	"iter"
	"strings"
)

// hasStrings reports whether text is a JSON text, or begins as one, that holds
// a string which is not a key.
func hasStrings(text string) bool {
	for range jsonStrings(text) {
		return true
	}
	return false
}

// jsonStrings yields the strings of a JSON text that are not keys, up to where
// it stops being JSON.
func jsonStrings(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
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
			if leaf, ok := open.take(token).(string); ok && !yield(leaf) {
				return
			}
		}
	}
}

// A nest tells the keys of JSON objects from other strings. Each element is an
// object or array that is open.
type nest []struct{ object, keyNext bool }

// take returns the token if it is a value, nil for a key or a delimiter.
func (n *nest) take(token json.Token) json.Token {
	if delim, ok := token.(json.Delim); ok && (delim == '}' || delim == ']') {
		*n = (*n)[:len(*n)-1]
		return nil
	}
	key := false
	if len(*n) > 0 {
		top := &(*n)[len(*n)-1]
		key = top.object && top.keyNext
		top.keyNext = !top.keyNext
	}
	if delim, ok := token.(json.Delim); ok {
		*n = append(*n, struct{ object, keyNext bool }{delim == '{', true})
		return nil
	}
	if key {
		return nil
	}
	return token
}
