package event

import (
	"strings"
	"unicode/utf8"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// Seen is a text of an event in which a value stands.
type Seen struct {
	Path string // as in inputs.password or commits[0].message
	// Chance tells that the value is so short, or so ordinary, that it may stand
	// there without being meant.
	Chance bool
}

// minInside is how many characters a value needs to be looked for within a text.
const minInside = 4

// Find returns where a value stands in the texts of the event that somebody
// typed. One that is the whole of a dispatch's input is never there by chance.
func (e Event) Find(value secret.Value) (Seen, bool) {
	text := strings.Trim(strings.ReplaceAll(value.Reveal(), "\r\n", "\n"), whiteSpace)
	if text == "" || e.typed[other] == nil {
		return Seen{}, false
	}
	whole := []byte("\x00" + text + "\x00")
	if at := e.typed[input].find(whole, 0); at >= 0 {
		return Seen{Path: e.path(input, at+1)}, true
	}
	chance := ordinary(text)
	for _, kind := range []kind{input, other} {
		at := e.typed[kind].find(whole, 0)
		if at >= 0 {
			at++
		} else if utf8.RuneCountInString(text) >= minInside {
			at = e.typed[kind].within([]byte(text), chance)
		}
		if at >= 0 {
			return Seen{Path: e.path(kind, at), Chance: chance}, true
		}
	}
	return Seen{}, false
}

// within is the place of a text within another, or -1; as a word of its own if
// that is asked for.
func (s *store) within(text []byte, word bool) int {
	for at := s.find(text, 0); at >= 0; at = s.find(text, at+1) {
		if !word || !wordByte(s.at(at-1)) && !wordByte(s.at(at+len(text))) {
			return at
		}
	}
	return -1
}

func wordByte(c byte) bool { return c >= utf8.RuneSelf || strings.IndexByte(ascii.Word, c) >= 0 }

// path is that of the text in which a place is. The event is read again for it,
// so that no path is kept of a text in which nothing is found.
func (e Event) path(kind kind, place int) string {
	w := &walker{sought: &sought{kind: kind, left: e.typed[kind].ordinal(place)}}
	_ = e.read(w) // it was read before, and without a path it is a text all the same
	if w.sought.path == "" {
		return "something that somebody typed"
	}
	return w.sought.path
}

// Bounds of what is ordinary.
const (
	minStrong    = 8  // characters of a text that is not
	minDifferent = 5  // different ones among them
	maxNumber    = 19 // digits of a number, a date or a version
	maxWord      = 12 // letters of a word
	maxWords     = 3
	maxPhrase    = 16 // characters of them together
)

// ordinary reports whether a text can well stand somewhere by chance: a short one,
// a number, a date or a version, one to three words or numbers, as production or
// us-east-1, a host or an e-mail address.
func ordinary(text string) bool {
	different := map[rune]bool{}
	for _, r := range text {
		different[r] = true
	}
	if utf8.RuneCountInString(text) < minStrong || len(different) < minDifferent {
		return true
	}
	if ascii.Only(text, ascii.Digits+".-:/+ vTZ") {
		return len(text) <= maxNumber
	}
	return words(text) || address(text)
}

// words are few, and each is a word or a small number.
func words(text string) bool {
	pieces := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(".-_@/: ", r) })
	for _, piece := range pieces {
		if !word(piece) && (len(piece) > 4 || !ascii.Only(piece, ascii.Digits)) {
			return false
		}
	}
	return len(pieces) <= maxWords && len(text) <= maxPhrase
}

// word is in small letters, or in capitals, or begins with one of them.
func word(text string) bool {
	lower := strings.ToLower(text)
	return len(text) <= maxWord && ascii.Only(text, ascii.Letters) &&
		(text == lower || text == strings.ToUpper(text) || text[1:] == lower[1:])
}

// address is a host or an e-mail address.
func address(text string) bool {
	at := strings.LastIndexByte(text, '@')
	labels := strings.Split(text[at+1:], ".")
	if len(labels) < 2 || !ascii.Only(labels[len(labels)-1], ascii.Letters) || !ascii.Only(text[:max(at, 0)], ascii.Word+".+-") {
		return false
	}
	for _, label := range labels {
		if label == "" || len(label) > 2*maxWord || !ascii.Only(label, ascii.Word+"-") || strings.ToLower(label) != label {
			return false
		}
	}
	return true
}
