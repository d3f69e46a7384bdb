package mask

import (
	"slices"
	"strings"
)

// plainWord reports whether text is a word as our own texts have, or a year: letters of
// one case, or with a capital first, also several with underscores between them.
func plainWord(text string) bool {
	const longest = 24
	if len(text) > longest {
		return false
	}
	if only(text, isDigit) {
		return len(text) <= len("2026")
	}
	letters := strings.ReplaceAll(text, "_", "")
	return oneCase(letters) && len(letters) <= longest
}

// ourName is the one word of ours that has another sign.
const ourName = "vault-secret"

// Redactors returns a Redactor of all the forms, for what comes from outside, and one of
// those that no word of our own can be, for lines that the program forms: one of plain
// words would cut these to pieces. It is for a last look at them, as what came from
// outside has been redacted by itself. Where no form is a word, they are the same.
func Redactors(sets ...Forms) (outside, own *Redactor) {
	outside = NewRedactor(sets...)
	if !slices.ContainsFunc(sets, Forms.hasWords) {
		return outside, outside
	}
	rest := make([]Forms, len(sets))
	for i, f := range sets {
		texts := f.texts()
		rest[i] = newForms(held{announced: butWords(texts.announced), local: butWords(texts.local)})
	}
	return outside, NewRedactor(rest...)
}

func (f Forms) hasWords() bool {
	return slices.ContainsFunc(f.texts().announced, ours) || slices.ContainsFunc(f.texts().local, ours)
}

// butWords copies: what it is given is another's.
func butWords(forms []string) []string { return slices.DeleteFunc(slices.Clone(forms), ours) }

// ours reports whether a form can be a word of ours.
func ours(form string) bool { return plainWord(form) || form == ourName }

// Words reports whether a platform is to be told of a plain word, which it then hides
// wherever it stands in the rest of the job.
func (f Forms) Words() bool { return slices.ContainsFunc(f.texts().announced, plainWord) }
