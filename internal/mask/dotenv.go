package mask

import (
	"iter"
	"strings"
)

// envValues yields the values of the lines KEY=VALUE in text, without quotes,
// and those in double quotes also with their escapes undone. Spaces around the
// equals sign and a leading export are allowed; other lines are passed over.
func envValues(text string) iter.Seq[leaf] {
	return func(yield func(leaf) bool) {
		for r := (envReader{rest: text}); r.rest != ""; {
			value, escaped := r.next()
			if value == "" {
				continue
			}
			if !yield(under(r.key, value)) || escaped && !yield(under(r.key, envEscapes.Replace(value))) {
				return
			}
		}
	}
}

var envEscapes = strings.NewReplacer(`\n`, "\n", `\r`, "\r", `\t`, "\t", `\"`, `"`, `\\`, `\`, `\$`, `$`)

type envReader struct {
	rest     string
	key      string // of the value that was read last
	unclosed string // the quotes that are known to have no partner any more
}

// next reads a line, or the lines that a quoted value has, and returns the
// value, "" if there is none, and whether it can hold escapes.
func (r *envReader) next() (value string, escaped bool) {
	line, rest := cutLine(r.rest)
	key, value, ok := strings.Cut(line, "=")
	if !ok || !envKey(key) {
		r.rest = rest
		return "", false
	}
	r.key = strings.TrimPrefix(strings.TrimSpace(key), "export ")
	value = strings.TrimLeft(value, " \t")
	if value != "" && strings.IndexByte("\"'`", value[0]) >= 0 {
		return r.quoted(r.rest[len(line)-len(value)+1:], value[0]), value[0] == '"'
	}
	r.rest = rest
	value, _, _ = strings.Cut(value, " #")
	return value, false
}

// quoted reads what follows an opening quote up to the next such quote, or if
// there is none, up to the end of the line.
func (r *envReader) quoted(text string, quote byte) string {
	end := -1
	if strings.IndexByte(r.unclosed, quote) < 0 {
		end = closing(text, quote)
	}
	if end < 0 {
		r.unclosed += string(quote)
		value, rest := cutLine(text)
		r.rest = rest
		return value
	}
	_, r.rest = cutLine(text[end:])
	return text[:end]
}

// closing returns the index of the first quote with no backslash before it.
func closing(text string, quote byte) int {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case quote:
			return i
		case '\\':
			i++
		}
	}
	return -1
}

// envKey reports whether the text before an equals sign is a variable's name.
func envKey(text string) bool {
	name := strings.TrimPrefix(strings.TrimSpace(text), "export ")
	foreign := func(r rune) bool { return !word(r) && r != '.' && r != '-' }
	return name != "" && (name[0] < '0' || name[0] > '9') && !strings.ContainsFunc(name, foreign)
}

// word reports whether r can stand in an identifier.
func word(r rune) bool {
	return r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}
