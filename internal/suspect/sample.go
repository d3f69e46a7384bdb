package suspect

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// sample is a value, read in the ways in which the rules look at it.
type sample struct {
	about About
	text  string // as it would be stored
	core  string // without the white space and one pair of quotes around it
	lines bool   // whether core has several lines
	// document is what core is as JSON, if it is an object or a list; else nil.
	document any
	// parts are core, and what in it is the secret alone: the password of a URL,
	// what follows Bearer, the values of a connection string.
	parts []string
}

func newSample(text string, about About) *sample {
	s := &sample{about: about, text: text, core: unquote(strings.TrimSpace(strings.TrimPrefix(text, "\ufeff")))}
	s.lines = strings.ContainsAny(s.core, "\r\n")
	s.document = document(s.core)
	if !s.lines && s.document == nil {
		s.parts = append([]string{s.core}, secretParts(s.core)...)
	}
	return s
}

// inLine reports whether a value is one line that is no JSON, no XML and no script,
// so that a variable in it is one that was to be expanded before.
func (s *sample) inLine() bool {
	return !s.lines && s.document == nil && !strings.HasPrefix(s.core, "#!") && !isXML(s.core)
}

// isXML reports whether a text is one element of XML with others in it, as the
// settings of Maven, which expands variables in them itself.
func isXML(text string) bool {
	if declaration, rest, found := strings.Cut(text, "?>"); found && strings.HasPrefix(declaration, "<?xml ") {
		text = strings.TrimSpace(rest)
	}
	inner, ok := between(text, "<", ">")
	name := inner[:len(inner)-len(strings.TrimLeft(inner, ascii.Word+":-"))]
	return ok && name != "" && strings.HasSuffix(inner, "</"+name) && strings.Count(inner, "<") > 1
}

// anyPart reports whether one of the parts looks like something. A document, and
// a text of several lines, has none.
func (s *sample) anyPart(looks func(part string) bool) bool {
	return slices.ContainsFunc(s.parts, looks)
}

// quotes are the pairs that are found around values.
var quotes = []string{`""`, `''`, "``", "“”", "‘’"}

// unquote takes one pair of quotes off.
func unquote(text string) string {
	for _, pair := range quotes {
		left, right := pair[:len(pair)/2], pair[len(pair)/2:]
		if inner, ok := between(text, left, right); ok {
			return strings.TrimSpace(inner)
		}
	}
	return text
}

// between is what stands between the two ends of a text.
func between(text, begin, end string) (inner string, ok bool) {
	inner, begins := strings.CutPrefix(text, begin)
	inner, ends := strings.CutSuffix(inner, end)
	return inner, begins && ends
}

// document reads an object or a list of JSON. A number or a text alone is a
// value like any other.
func document(text string) (root any) {
	_, object := between(text, "{", "}")
	_, list := between(text, "[", "]")
	if !object && !list || json.Unmarshal([]byte(text), &root) != nil {
		return nil
	}
	return root
}

// schemes come before what is secret in a header.
var schemes = []string{"bearer ", "basic ", "token ", "apikey ", "digest "}

// secretParts are what in one line is the secret alone.
func secretParts(text string) (parts []string) {
	rest := text
	for _, header := range []string{"authorization:", "proxy-authorization:", "x-api-key:"} {
		if cutFold(&rest, header) {
			parts = append(parts, rest)
		}
	}
	for _, scheme := range schemes {
		if cutFold(&rest, scheme) {
			parts = append(parts, rest)
		}
	}
	if strings.Contains(text, "&lt;") { // of a page
		parts = append(parts, strings.NewReplacer("&lt;", "<", "&gt;", ">").Replace(text))
	}
	if userinfo := userinfo(text); userinfo != "" {
		_, password, found := strings.Cut(userinfo, ":")
		if found {
			parts = append(parts, password)
		} else if strings.Contains(text, "://") { // https://token@host, and no e-mail address
			parts = append(parts, userinfo)
		}
	}
	return append(parts, fieldsOf(text)...)
}

// cutFold takes a prefix off, in any case, and the space behind it.
func cutFold(text *string, prefix string) bool {
	if len(*text) < len(prefix) || !strings.EqualFold((*text)[:len(prefix)], prefix) {
		return false
	}
	*text = strings.TrimSpace((*text)[len(prefix):])
	return true
}

// userinfo is what stands before the @ of a URL, or of user:password@host.
func userinfo(text string) string {
	_, rest, isURL := strings.Cut(text, "://")
	if isURL {
		text = rest
	}
	at := strings.LastIndexByte(text, '@')
	if at < 0 || strings.Contains(text[:at], "//") {
		return ""
	}
	user, _, _ := strings.Cut(text[:at], ":")
	if !isURL && !ascii.Only(user+text[at+1:], ascii.Word+".-:/()") {
		return "" // a password with an @
	}
	return text[:at]
}

// secretWords are in the names of fields that hold a secret.
var secretWords = []string{"pass", "pwd", "secret", "token", "key", "sig", "credential"}

// fieldsOf are the values of fields such as Password= in a connection string, or
// token= in a URL's query, without the braces of ODBC.
func fieldsOf(text string) (values []string) {
	separators := "&?"
	if strings.Contains(text, ";") {
		separators = ";"
	}
	for _, field := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
		name, value, found := strings.Cut(field, "=")
		if !found {
			name, value, found = strings.Cut(field, ": ")
		}
		value = strings.TrimSpace(value)
		if inner, ok := between(value, "{", "}"); ok {
			value = inner
		}
		if found && value != "" && containsAny(strings.ToLower(name), secretWords) {
			values = append(values, value)
		}
	}
	return values
}

// inside are the texts that a value stands for.
func (s *sample) inside() []string {
	if s.document != nil {
		return leaves(s.document)
	}
	if text := decoded(s.core); text != "" {
		return []string{text}
	}
	return nil
}

// leaves are the texts of a document that are not empty, in the order of its
// keys, and its numbers in some text. A * alone is in many a policy.
func leaves(node any) (texts []string) {
	switch node := node.(type) {
	case string:
		if node != "" && node != "*" {
			texts = append(texts, node)
		}
	case float64:
		texts = append(texts, "a number")
	case []any:
		for _, element := range node {
			texts = append(texts, leaves(element)...)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(node)) {
			texts = append(texts, leaves(node[key])...)
		}
	}
	return texts
}

// maxDecoded is how long the base64 of an artefact may be.
const maxDecoded = 200

// decoded is the text that a value is the base64 of, if it can be read; else
// nothing.
func decoded(text string) string {
	if len(text) < 4 || len(text) > maxDecoded {
		return ""
	}
	bytes, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	if err != nil || slices.ContainsFunc(bytes, func(b byte) bool { return (b < ' ' || b > '~') && b != '\n' }) {
		return ""
	}
	return string(bytes)
}

func containsAny(text string, parts []string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
}

func beginsWithAny(text string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(text, prefix) })
}
