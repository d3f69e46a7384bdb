package mask

import (
	"iter"
	"strings"
)

// yamlValues yields the values of the pairs "key: value" in text, as YAML, the
// headers of HTTP and many a settings file have them, without quotes and comments:
// one in each line, or several of a mapping in braces. The texts of blocks are lines
// of the value anyway.
func yamlValues(text string) iter.Seq[leaf] {
	return func(yield func(leaf) bool) {
		var line string
		for text != "" {
			line, text = cutLine(text)
			for pair := range yamlPairs(line) {
				key, value, ok := cutPair(pair)
				if !ok || !yamlKey(key) {
					continue
				}
				if value = yamlScalar(strings.TrimSpace(value)); value != "" && !yield(under(bareKey(key), value)) {
					return
				}
			}
		}
	}
}

// yamlPairs yields a line and, behind a brace in it, each pair of the mapping, as in
// {name: app, password: x}.
func yamlPairs(line string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if !yield(line) {
			return
		}
		for _, rest, more := strings.Cut(line, "{"); more; {
			end := flowEnd(rest)
			if !yield(rest[:end]) {
				return
			}
			if more = end < len(rest); more {
				rest = rest[end+1:]
			}
		}
	}
}

// flowEnd is where the first pair of a text ends: at a comma or a bracket that does
// not stand in quotes.
func flowEnd(text string) int {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case strings.IndexByte(",{}[]", c) >= 0:
			return i
		case (c == '"' || c == '\'') && strings.Trim(text[:i], " \t") == "", (c == '"' || c == '\'') && strings.HasSuffix(text[:i], ": "):
			i += max(0, closing(text[i+1:], c)+1)
		}
	}
	return len(text)
}

// cutPair cuts a pair at its colon. Without a space behind it, as properties of Java
// may have it, only a key that is a secret's tells a pair from a host and its port.
func cutPair(text string) (key, value string, ok bool) {
	if key, value, ok = strings.Cut(text, ": "); ok {
		return key, value, true
	}
	key, value, ok = strings.Cut(text, ":")
	return key, value, ok && !strings.HasPrefix(value, "//") && judge(bareKey(key)) == privately
}

// bareKey is a key without the dash of a list before it, and without quotes.
func bareKey(text string) string { return strings.Trim(strings.TrimLeft(text, " \t-"), `"'`) }

// yamlKey reports whether the text before a colon is a key.
func yamlKey(text string) bool {
	text = strings.Trim(strings.TrimSpace(bareKey(text)), `"'`)
	return text != "" && len(text) <= maxKey && only(text, func(b byte) bool {
		return alphanumeric(b) || strings.IndexByte("_.-/", b) >= 0
	})
}

// yamlScalar is the text of a value in one line; "" where the value is a block, an
// alias or a collection.
func yamlScalar(text string) string {
	if text == "" {
		return ""
	}
	switch quote := text[0]; quote {
	case '"', '\'':
		if end := closing(text[1:], quote); end >= 0 {
			return text[1 : end+1]
		}
	case '|', '>', '&', '*', '{', '[':
		return ""
	}
	text, _, _ = strings.Cut(text, " #")
	return strings.TrimRight(text, " \t,")
}
