package suspect

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// maxPlaceholder is how long a placeholder may be, in bytes: longer ones are texts.
const maxPlaceholder = 128

// placeholder is a text that says that a value should stand there.
func placeholder(s *sample) bool {
	if s.lines || s.document != nil {
		return false
	}
	return s.anyPart(placeholderPart) || strings.Contains(s.core, "://") && slices.ContainsFunc(urlPieces(s.core), angled)
}

// urlPieces are the pieces of a URL.
func urlPieces(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(":/@?=&", r) })
}

// angled reports whether a text is a name in angle brackets.
func angled(text string) bool {
	inner, ok := between(text, "<", ">")
	return ok && plainWords(strings.Trim(inner, "<> "))
}

func placeholderPart(part string) bool {
	if len(part) > maxPlaceholder {
		return false
	}
	if crossed(part) || dotted(part) {
		return true
	}
	if angled(part) {
		return true
	}
	inner := part
	for _, pair := range brackets[:4] {
		if text, ok := between(part, pair[:1], pair[1:]); ok {
			inner = strings.Trim(text, pair)
		}
	}
	words := wordsOf(inner)
	return saysReplace(words) || saysYours(words) || saysInsert(words) || saysExample(words) || saysLater(part) ||
		inner != part && len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !isNoun(w) && w != "my" })
}

// plainWords reports whether angle brackets hold words alone, and not a tag with
// attributes or a random text.
func plainWords(inner string) bool {
	words := strings.FieldsFunc(inner, func(r rune) bool { return strings.ContainsRune(" -_.:'", r) })
	for _, word := range words {
		if !plainWord(strings.TrimRight(word, ascii.Digits)) {
			return false
		}
	}
	return len(words) > 0
}

// plainWord has letters alone, in one case or as in camelCase.
func plainWord(word string) bool {
	if !ascii.Only(word, ascii.Letters) || strings.ToUpper(word) == word {
		return ascii.Only(word, ascii.Letters)
	}
	for i := range len(word) - 1 {
		if word[i] < 'a' && word[i+1] < 'a' { // two capitals in a row
			return false
		}
	}
	return word[len(word)-1] >= 'a'
}

// wordsOf are the words of a text in small letters, also those of camelCase;
// nothing of a text that has more in it than words.
func wordsOf(text string) (words []string) {
	if !ascii.Only(text, ascii.Word+" -.!:,?") {
		return nil
	}
	var word strings.Builder
	flush := func() {
		if word.Len() > 0 {
			words = append(words, strings.ToLower(word.String()))
			word.Reset()
		}
	}
	lower := false
	for _, r := range text {
		letter := unicode.IsLetter(r) || unicode.IsDigit(r)
		if !letter || lower && unicode.IsUpper(r) {
			flush()
		}
		if lower = unicode.IsLower(r); letter {
			word.WriteRune(r)
		}
	}
	flush()
	return words
}

// nouns are what is kept in secrets.
var nouns = []string{
	"key", "keys", "token", "tokens", "secret", "secrets", "password", "passwd",
	"pass", "passphrase", "pwd", "apikey", "apitoken", "id", "value", "credential",
	"credentials", "creds", "url", "uri", "dsn", "connection", "string", "user", "username", "login", "host", "hostname", "account", "pat", "jwt",
	"pin", "api", "access", "private", "public", "auth", "client", "db", "database", "webhook", "secretkey", "accesskey", "signing", "encryption",
}

func isNoun(word string) bool { return slices.Contains(nouns, word) }

// hasNoun reports whether a noun is among words.
func hasNoun(words []string) bool { return slices.ContainsFunc(words, isNoun) }

// replacing are the verbs of change-me.
var replacing = []string{"change", "replace", "override", "set", "edit", "update", "fill", "insert", "modify", "put", "fix"}

// anywhere is how many of them say so at any place: the others are the first word.
const anywhere = 3

// saysReplace is changeme, change-this-in-production, replace_with_your_key and
// their like. changeit alone is a password that Java's key stores do have.
func saysReplace(words []string) bool {
	if len(words) > 8 {
		return false
	}
	for i, word := range words {
		next := ""
		if i+1 < len(words) {
			next = words[i+1]
		}
		for n, verb := range replacing {
			rest, ok := strings.CutPrefix(word, verb)
			if ok && (i == 0 || n < anywhere) && complement(verb, strings.TrimRight(cmp.Or(rest, next), ascii.Digits)) {
				return true
			}
		}
	}
	return false
}

// complement reports whether a word behind a verb makes a placeholder of both.
func complement(verb, word string) bool {
	switch word {
	case "me", "this":
		return true
	case "before":
		return verb == "change"
	case "by", "with":
		return verb == "replace"
	}
	return false
}

// saysYours is your-api-key, YOUR_TOKEN_HERE and their like.
func saysYours(words []string) bool {
	for i, word := range words {
		rest := words[i+1:]
		if word == "your" && (hasNoun(rest) || slices.Contains(rest, "here")) {
			return true
		}
		if noun, ok := strings.CutPrefix(word, "your"); ok && (isNoun(noun) || isNoun(strings.TrimSuffix(noun, "here"))) {
			return true
		}
	}
	return false
}

// inserting are verbs before a noun or before here.
var inserting = []string{"insert", "paste", "enter", "add", "provide", "put", "goes"}

// saysInsert is insert-token-here, "paste the key", token_goes_here.
func saysInsert(words []string) bool {
	if len(words) < 2 || len(words) > 8 {
		return false
	}
	if words[len(words)-1] == "here" {
		return hasNoun(words) || slices.ContainsFunc(words, func(word string) bool { return slices.Contains(inserting, word) })
	}
	return slices.Contains(inserting, words[0]) && hasNoun(words[1:])
}

// examples are words that no real value is made of alone.
var examples = []string{"example", "sample", "dummy", "placeholder", "fake", "mock", "stub", "notreal"}

// fillers stand between them.
var fillers = []string{"test", "my", "a", "the", "not", "real", "text", "only", "for", "some"}

// saysExample is dummy, example_api_key and their like: one such word, and beside
// it nothing but nouns and short numbers.
func saysExample(words []string) bool {
	found := false
	for _, word := range words {
		word = cmp.Or(strings.TrimRight(word, ascii.Digits), word)
		example := slices.ContainsFunc(examples, func(e string) bool {
			noun, ok := strings.CutPrefix(word, e)
			return ok && (noun == "" || isNoun(noun))
		})
		found = found || example
		number := len(word) <= 3 && ascii.Only(word, ascii.Digits)
		if !example && !number && !isNoun(word) && !slices.Contains(fillers, word) {
			return false
		}
	}
	return found
}

// laters are notes that something is still to be done.
var laters = []string{
	"todo", "fixme", "tbd", "tba", "xxx", "to be done", "to be defined", "to be determined", "to be set", "to be replaced", "to be filled",
	"to be filled in", "coming soon",
}

// notes begin a note of such a kind.
var notes = []string{"todo:", "todo(", "todo ", "fixme:", "fixme(", "fixme ", "tbd:"}

// saysLater is TODO, alone or before a note.
func saysLater(part string) bool {
	text := strings.ToLower(strings.Trim(part, "<>[](){}#/*-_ ."))
	return slices.Contains(laters, strings.Join(wordsOf(text), " ")) || beginsWithAny(text, notes)
}

// longCross is how many x in a row no key has by chance.
const longCross = 8

// crossed is a value whose secret part is crossed out: xxxx, sk_test_xxx,
// AKIAXXXXXXXXXXXXXXXX, xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx. Three are a few, and
// end many a word, unless they are all or a key begins like that.
func crossed(part string) bool {
	lower := strings.ToLower(part)
	if strings.Contains(lower, strings.Repeat("x", longCross)) {
		return true
	}
	pieces := strings.FieldsFunc(lower, func(r rune) bool { return strings.ContainsRune("-_. /", r) })
	crosses := 0
	for i, piece := range pieces {
		switch {
		case len(piece) > 1 && strings.Trim(piece, "x") == "":
			crosses += len(piece)
		case crosses > 0 || i > 3 || len(piece) > 10 || !ascii.Only(piece, ascii.Letters+ascii.Digits):
			return false // a part that may be real follows, or is too long for a prefix
		}
	}
	few := 4
	if len(pieces) > 0 && strings.Trim(pieces[0], "x") == "" || beginsWithAny(lower, keyPrefixes) {
		few = 3
	}
	return crosses >= few
}

// keyPrefixes begin keys of well-known services, which their pages show cut:
// sk-…Ab3d.
var keyPrefixes = []string{
	"sk-", "sk_", "pk_", "pk-", "rk_", "ghp_", "gho_", "ghs_", "github_pat_",
	"glpat-", "xoxb-", "xoxp-", "xapp-", "AKIA", "ASIA", "AIza", "eyJ", "SG.",
	"npm_", "dop_v1_", "hf_", "key-", "whsec_", "shpat_", "ya29.", "nr_", "pypi-", "Bearer ",
}

// dotted is a key of which dots stand for a part, or a text of nothing but dots
// and the like.
func dotted(part string) bool {
	if len(part) >= 3 && strings.Trim(part, ".…-_?#= ") == "" {
		return true
	}
	return (strings.Contains(part, "...") || strings.Contains(part, "…")) && beginsWithAny(part, keyPrefixes)
}
