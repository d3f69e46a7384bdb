package input

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// suspicion is a reason to believe that a value is not what was meant. It says
// what the value looks like and never shows any of it.
type suspicion struct {
	text string
	// refuse tells a value that is hardly ever meant from one that only might
	// not be.
	refuse bool
}

// minShow is how many characters a value needs to be masked: a shorter one
// would be hidden all over the log, in every word that happens to contain it.
const minShow = 4

// suspicions lists what is suspicious about a value; nothing for most.
func suspicions(value secret.Value) []suspicion {
	text := value.Reveal()
	var found []suspicion
	for _, check := range checks {
		if check.looks(text) {
			found = append(found, check.suspicion)
		}
	}
	return found
}

// check is one suspicion and how it looks.
type check struct {
	suspicion
	looks func(text string) bool
}

var checks = []check{
	{refuse("is only white space"), func(t string) bool { return strings.TrimSpace(t) == "" }},
	{refuse("is only asterisks, as a log shows a secret instead of its text"), func(t string) bool {
		return strings.Trim(strings.TrimSpace(t), "*") == "" && strings.Contains(t, "*")
	}},
	{refuse("holds ${{, an expression that nothing has evaluated"), func(t string) bool { return strings.Contains(t, "${{") }},
	{refuse("looks like a variable or a command that nothing has expanded"), unexpanded},
	{refuse("is the placeholder that an agent sees instead of a value"), nairi.IsPlaceholder},
	{refuse("looks like a Nairi API key; storing one in a vault hands the whole organization to agents"), nairi.LooksLikeKey},
	{warn("begins and ends with a quote, which is stored with it"), quoted},
	{warn("begins or ends with white space, which is stored with it"), func(t string) bool { return strings.TrimSpace(t) != t }},
	{warn("holds a carriage return, as from a file with Windows line ends"), func(t string) bool { return strings.Contains(t, "\r") }},
	{warn("begins with a byte order mark, which is stored with it"), func(t string) bool { return strings.HasPrefix(t, "\ufeff") }},
	{warn("is too short to be masked in logs"), func(t string) bool { return utf8.RuneCountInString(t) < minShow }},
	{warn("is a well-known dummy"), dummy},
}

func refuse(text string) suspicion { return suspicion{text: text, refuse: true} }

func warn(text string) suspicion { return suspicion{text: text} }

// unexpanded leaves texts of several lines alone: scripts and templates are
// secrets too.
func unexpanded(text string) bool {
	text = strings.TrimSpace(text)
	return !strings.Contains(text, "\n") && (reference(text) || braced(text))
}

// reference reports whether a text is nothing but $(command), $NAME or %NAME%.
func reference(text string) bool {
	if name, ok := strings.CutPrefix(text, "%"); ok {
		name, ok = strings.CutSuffix(name, "%")
		return ok && ascii.Name(name)
	}
	name, ok := strings.CutPrefix(text, "$")
	if command, isCommand := strings.CutPrefix(name, "("); isCommand {
		command, isCommand = strings.CutSuffix(command, ")")
		return ok && isCommand && !strings.ContainsAny(command, "()")
	}
	return ok && ascii.Name(name) && strings.ToUpper(name) == name
}

// braced reports whether ${NAME} stands anywhere in a text, as in a URL with a
// user's name.
func braced(text string) bool {
	for _, rest, found := strings.Cut(text, "${"); found; _, rest, found = strings.Cut(rest, "${") {
		if name, _, closed := strings.Cut(rest, "}"); closed && ascii.Name(name) {
			return true
		}
	}
	return false
}

func quoted(text string) bool {
	text = strings.TrimSpace(text)
	if len(text) < 2 || text[0] != text[len(text)-1] {
		return false
	}
	return strings.ContainsRune("\"'`", rune(text[0]))
}

// dummies stand where a real value was to be put later.
var dummies = []string{
	"changeme", "changeit", "password", "passwd", "secret", "example", "test", "testing", "dummy", "placeholder",
	"todo", "tbd", "fixme", "none", "null", "nil", "undefined", "true", "false", "xxx", "xxxx", "xxxxxxxx",
	"123456", "12345678", "foobar", "your_api_key", "your_password", "your_secret", "your_token",
}

// dummy compares without case, white space and the hyphens of "change-me".
func dummy(text string) bool {
	text = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '<' || r == '>' {
			return -1
		}
		return unicode.ToLower(r)
	}, text)
	return slices.Contains(dummies, strings.ReplaceAll(text, "-", "_")) ||
		slices.Contains(dummies, strings.NewReplacer("-", "", "_", "").Replace(text))
}
