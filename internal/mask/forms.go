package mask

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/nairi-community/vault-secret/internal/secret"
)

// Options says which forms of a value are wanted. The zero Options are for the lines
// and the encodings of the whole alone.
type Options struct {
	// Parts asks for the parts of a value that leak alone too: the password of
	// a URL or connection string, the secret ones of the texts of a JSON, YAML or
	// dotenv text, the body of a PEM that stands on one line. doc.go says what is
	// secret.
	Parts bool

	unmasked names
	open     func() names // only made if something is looked for: a plan has many, and no values
}

// WithParts asks for the parts too, but for those that stand under one of the names,
// as in host or db.host, and for those that are one of the open texts: what the
// user says for everyone to see.
func WithParts(unmasked, open []string) Options {
	return Options{Parts: true, unmasked: newNames(unmasked), open: sync.OnceValue(func() names { return newNames(open) })}
}

// Forms is the set of texts by which a value, or several, could show in a log.
// The zero Forms holds none. Like a secret.Value it prints as secret.Redacted;
// inside an unexported field, where fmt calls no methods, it prints an address:
// the texts stand behind a function, since fmt follows a pointer to a struct
// when the verb does not fit.
type Forms struct{ reveal func() held }

type held struct {
	announced []string // single lines, longest first
	local     []string // those without a mask, longest first
	plain     []string // of the announced, what stands there as in the value
}

// Of returns the forms of v. The absent Value, and one with fewer than
// minOwn characters between its outer white space, has none.
func Of(v secret.Value, o Options) Forms {
	return collect(v.Reveal(), o)
}

// OfAll returns the forms of several values, each worked out once: many entries
// of a manifest may name one file.
func OfAll(values []secret.Value, o Options) Forms {
	seen := map[string]bool{}
	var sets []Forms
	for _, value := range values {
		if !seen[value.Reveal()] {
			seen[value.Reveal()] = true
			sets = append(sets, Of(value, o))
		}
	}
	return Join(sets...)
}

// Join returns the forms of all the sets together.
func Join(sets ...Forms) Forms {
	var all held
	for _, f := range sets {
		one := f.texts()
		all.announced = append(all.announced, one.announced...)
		all.local = append(all.local, one.local...)
		all.plain = append(all.plain, one.plain...)
	}
	return newForms(all)
}

// Literal returns forms that are the texts themselves, for a Redactor: they are
// not announced, as a platform was told of them, or makes them, already. Those of
// fewer than minOwn characters are left out.
func Literal(texts ...string) Forms {
	return newForms(held{local: slices.DeleteFunc(texts, func(text string) bool { return !atLeast(text, minOwn) })})
}

// Announce returns the forms to tell a CI platform, longest first, those of
// one length in the order of their bytes, none twice. Each has at least four
// characters and holds no CR, LF or NUL.
func (f Forms) Announce() []string {
	return slices.Clone(f.texts().announced)
}

// AnnounceBut returns the forms to mask on a platform that derives others. It leaves out
// those that the platform derives from a line or a part of a value, which is always masked.
func (f Forms) AnnounceBut(derived func(text string) []string) []string {
	texts := f.texts()
	known := map[string]bool{}
	for _, text := range texts.plain {
		for _, form := range derived(text) {
			known[form] = true
		}
	}
	for _, text := range texts.plain {
		known[text] = false
	}
	return slices.DeleteFunc(f.Announce(), func(form string) bool { return known[form] })
}

// newForms takes the slices over.
func newForms(texts held) Forms {
	texts.announced, texts.local = ordered(texts.announced), ordered(texts.local)
	return Forms{reveal: func() held { return texts }}
}

func (f Forms) texts() held {
	if f.reveal == nil {
		return held{}
	}
	return f.reveal()
}

// ordered sorts texts as Announce documents, in place.
func ordered(texts []string) []string {
	slices.SortFunc(texts, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return slices.Compact(texts)
}

// Format implements fmt.Formatter without the forms, for every verb.
func (f Forms) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, secret.Redacted) }

// MarshalText implements encoding.TextMarshaler without the forms.
func (f Forms) MarshalText() ([]byte, error) { return []byte(secret.Redacted), nil }
