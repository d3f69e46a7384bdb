package input

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/secret"
)

// Words of the suspicions, each enough to tell one from the others.
const (
	whiteOnly   = "only white space"
	asterisks   = "asterisks"
	expression  = "expression"
	variable    = "nothing has expanded"
	placeholder = "placeholder"
	nairiKey    = "Nairi API key"
	quote       = "quote"
	whiteEnds   = "begins or ends with white space"
	carriage    = "carriage return"
	byteOrder   = "byte order mark"
	tooShort    = "too short"
	aDummy      = "dummy"
)

var refused = map[string]bool{
	whiteOnly: true, asterisks: true, expression: true, variable: true, placeholder: true, nairiKey: true,
}

func TestSuspicions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"a password", "correct horse battery staple", nil},
		{"base64", "c3ludGhldGljIHZhbHVl==", nil},
		{"a URL", "postgres://user:synthetic@db.example.com/app?sslmode=require", nil},
		{"JSON", `{"key":"synthetic","list":["a","b"]}`, nil},
		{"lines", "first line\nsecond line", nil},
		{"a dollar inside", "pa$$word-with-$5", nil},
		{"a percent inside", "100%sure%", nil},
		{"a lower-case word after a dollar", "$wordpress", nil},
		{"asterisks inside", "ab***cd", nil},
		{"a quote inside", `it"s-synthetic`, nil},
		{"different quotes", `"synthetic'`, nil},

		{"spaces", "    ", []string{whiteOnly, whiteEnds}},
		{"a lone new line", "\n\n\n\n", []string{whiteOnly, whiteEnds}},
		{"what a log shows", "***", []string{asterisks, tooShort}},
		{"many asterisks", " ******** ", []string{asterisks, whiteEnds}},
		{"an expression", "${{ secrets.TOKEN }}", []string{expression}},
		{"an expression inside", "Bearer ${{ secrets.TOKEN }}", []string{expression}},
		{"a variable", "$DATABASE_URL", []string{variable}},
		{"a variable in braces", "${database_url}", []string{variable}},
		{"a variable inside", "https://${USER}@host.example.com", []string{variable}},
		{"a variable in braces after a lone one", "a ${ b ${NAME} c", []string{variable}},
		{"braces around no name", "a ${b-c} ${", nil},
		{"a command", "$(cat token.txt)", []string{variable}},
		{"a command in a command", "$(cat $(name))", nil},
		{"a command that does not end", "$(cat token.txt", nil},
		{"an amount", "$1000", nil},
		{"percents around no name", "%100 sure%", nil},
		{"a Windows variable", "%API_TOKEN%", []string{variable}},
		{"a variable in a script", "#!/bin/sh\necho ${HOME}\n", []string{whiteEnds}},
		{"the placeholder", "CCASECRET_DATABASE_URL", []string{placeholder}},
		{"the placeholder inside", "Bearer CCASECRET_DATABASE_URL", nil},
		{"a public key", "nr_" + strings.Repeat("A", 43) + "=", []string{nairiKey}},
		{"an agent's key", "ccagent_" + strings.Repeat("b", 32), []string{nairiKey}},
		{"the begin of a key alone", "nr_short", nil},
		{"double quotes", `"synthetic"`, []string{quote}},
		{"single quotes", `'synthetic'`, []string{quote}},
		{"backquotes", "`synthetic`", []string{quote}},
		{"a final space", "synthetic ", []string{whiteEnds}},
		{"a first tab", "\tsynthetic", []string{whiteEnds}},
		{"a lone quote", `"`, []string{tooShort}},
		{"Windows line ends", "first\r\nsecond", []string{carriage}},
		{"a byte order mark", "\ufeffsynthetic", []string{byteOrder}},
		{"three characters", "äöü", []string{tooShort}},
		{"four characters", "äöüß", nil},
		{"a dummy", "changeme", []string{aDummy}},
		{"a dummy in capitals", "CHANGE-ME", []string{aDummy}},
		{"a dummy in brackets", "<your-token>", []string{aDummy}},
		{"a dummy with white space", "pass word\n", []string{whiteEnds, aDummy}},
		{"a word that holds a dummy", "password-of-the-day", nil},
		{"a boolean", "false", []string{aDummy}},
	} {
		got := suspicions(secret.New(test.text))
		if len(got) != len(test.want) {
			t.Errorf("%s: %d suspicions %v, want %v", test.name, len(got), got, test.want)
			continue
		}
		for i, want := range test.want {
			if !strings.Contains(got[i].text, want) || got[i].refuse != refused[want] {
				t.Errorf("%s: %+v, want one with %q and refuse %v", test.name, got[i], want, refused[want])
			}
		}
	}
}

func TestSuspicionsShowNothing(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, suspicion := range []string{
		"    ", "********", "${{ secrets.A }}", "$VARIABLE", "CCASECRET_A", "nr_" + strings.Repeat("A", 43),
		`"synthetic"`, " synthetic", "a\rbcd", "\ufeffsynthetic", "abc", "dummy",
	} {
		for _, s := range suspicions(secret.New(suspicion)) {
			known[s.text] = true
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom([]string{"", " ", "${{ ", "$", "'", "CCASECRET_", "nr_", "%"}).Draw(t, "begin") +
			rapid.String().Draw(t, "rest") + rapid.SampledFrom([]string{"", " ", " }}", "'", "%"}).Draw(t, "end")
		for _, s := range suspicions(secret.New(text)) {
			if !known[s.text] {
				t.Fatalf("a text of its own for %q: %q", text, s.text)
			}
		}
	})
}
