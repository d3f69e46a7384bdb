package mask

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/secret"
)

// spelled returns text as the standard library spells it, which shares no code
// with the forms but where they call it.
func spelled(t interface{ Fatal(...any) }, text string) []string {
	quoted, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	var plain, markup strings.Builder
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		t.Fatal(err)
	}
	if err := xml.EscapeText(&markup, []byte(text)); err != nil {
		t.Fatal(err)
	}
	goQuoted, quotes := strconv.Quote(text), strings.TrimSuffix(plain.String(), "\n")
	return []string{
		string(quoted[1 : len(quoted)-1]), quotes[1 : len(quotes)-1], goQuoted[1 : len(goQuoted)-1],
		url.PathEscape(text), url.QueryEscape(text), strings.ReplaceAll(url.QueryEscape(text), "+", "%20"),
		hex.EncodeToString([]byte(text)), strings.ToUpper(hex.EncodeToString([]byte(text))),
		markup.String(), html.EscapeString(text),
		strings.ReplaceAll(text, "'", `'"'"'`), strings.ReplaceAll(text, "'", `'\''`),
	}
}

// value draws the texts that secrets are made of, and hostile ones.
func value() *rapid.Generator[string] {
	word := rapid.OneOf(
		rapid.StringMatching(`[ -~]{1,40}`),
		rapid.StringMatching(`[a-zA-Z0-9+/]{4,64}={0,2}`),
		rapid.String(),
		rapid.SampledFrom([]string{"::", "##[", "%0A", "%250A", "{", "}", "a", "***", "\u200f", "'", "\"", `\`,
			"postgres://u:p@ss@h/d", "Password=p4ss;", "-----BEGIN PRIVATE KEY-----", `{"a":"leaf-one"}`}),
	)
	return rapid.Custom(func(t *rapid.T) string {
		parts := rapid.SliceOfN(word, 1, 6).Draw(t, "words")
		return strings.Join(parts, rapid.SampledFrom([]string{"", " ", "\n", "\r\n", "\r"}).Draw(t, "glue"))
	})
}

// In each of the spellings the value is taken out, in whatever text it stands.
func TestStandardSpellingsAreTakenOut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := value().Draw(t, "value")
		if core := strings.TrimSpace(text); !atLeast(core, minExtra) || !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\uFFFE\uFFFF") {
			t.Skip("no value that a variable and XML can hold")
		}
		r := NewRedactor(Of(secret.New(text), Options{Parts: rapid.Bool().Draw(t, "parts")}))
		for _, tail := range []string{"", "\n", "\r\n"} {
			for _, spelling := range spelled(t, strings.TrimSpace(text)+tail) {
				if !oneLine(strings.TrimSpace(spelling)) {
					continue // its lines are forms, of four characters or more
				}
				if got := r.Redact("<" + spelling + ">"); strings.Contains(got, spelling) {
					t.Fatalf("%q survives", spelling)
				}
			}
		}
	})
}

// Of base64 at most a digit at each end is left, whatever is beside the value.
func TestBase64IsTakenOutOfLongerText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[!-~]{8,60}`).Draw(t, "value")
		head := rapid.StringMatching(`[A-Za-z]{0,7}`).Draw(t, "before")
		tail := rapid.StringMatching(`[A-Za-z\n]{0,7}`).Draw(t, "behind")
		r := NewRedactor(Of(secret.New(text), Options{}))
		for _, alphabet := range []*base64.Encoding{
			base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding,
		} {
			shown := r.Redact(alphabet.EncodeToString([]byte(head + text + tail)))
			left := strings.Replace(shown, Mark, "", 1)
			whole := alphabet.EncodedLen(len(head + text + tail))
			if taken := whole - len(left); !strings.Contains(shown, Mark) || taken < len(text)*8/6-1 {
				t.Fatalf("%q shows of %q", shown, text)
			}
		}
	})
}

// Nothing of the lines of base64(1) is left but a last one too short to mask.
func TestBase64InColumnsIsTakenOut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := printable(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(8, 3<<10).Draw(t, "size"))
		r := NewRedactor(Of(secret.New(text), Options{}))
		rest := base64.StdEncoding.EncodeToString([]byte(text + "\n"))
		for ; len(rest) > 76; rest = rest[76:] {
			if got := r.Redact(rest[:76]); got != Mark {
				t.Fatalf("%q shows of a line", got)
			}
		}
		if got := r.Redact(rest); len(rest) > minExtra+4 && !strings.HasPrefix(got, Mark) {
			t.Fatalf("%q shows of the last line", got)
		}
	})
}

// invariants are what a platform's speller and the redactor rely on.
func invariants(t interface{ Errorf(string, ...any) }, text string, forms Forms) {
	announced := forms.Announce()
	if most := len(split(text)) + maxExtra; len(announced) > most {
		t.Errorf("%q: %d forms, want %d or fewer", text, len(announced), most)
	}
	for _, form := range announced {
		if !atLeast(form, minOwn) || strings.ContainsAny(form, "\r\n\x00") || strings.TrimSpace(form) == "" {
			t.Errorf("%q: form %q cannot be announced", text, form)
		}
	}
	if !slices.Equal(announced, Join(forms, forms).Announce()) {
		t.Errorf("%q: its forms are not in order", text)
	}
}

func FuzzForms(f *testing.F) {
	for _, seed := range []string{
		"", "abc", "hunter2-word", "a\r\nb\rc\nlonger line", "{\n  \"a\": \"leaf-one\"\n}", "A=\"leaf\none\"\nB='x",
		"postgres://u:p%40ss@h/d", "Server=h;Password='p4;s''s';Pwd={a}}b};", "host=h password='a\\'b c'",
		"-----BEGIN A-----\nQUJDREVGRw==\n-----END A-----\n", "pässword🙂\u2028\x00\xff", "***word***", "##[x]::y::%0A%250A",
	} {
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, text string, parts bool) {
		forms := Of(secret.New(text), Options{Parts: parts})
		invariants(t, text, forms)
		if again := Of(secret.New(text), Options{Parts: parts}); !slices.Equal(forms.Announce(), again.Announce()) {
			t.Errorf("%q: other forms the second time", text)
		}
		r := NewRedactor(forms)
		all := strings.Join(append(forms.Announce(), text), " | ")
		got := r.Redact(all)
		for _, form := range forms.Announce() {
			if strings.Contains(got, form) {
				t.Errorf("%q: form %q survives", text, form)
			}
		}
	})
}

func TestFormsOfAnyValue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := value().Draw(t, "value")
		invariants(t, text, Of(secret.New(text), Options{Parts: rapid.Bool().Draw(t, "parts")}))
	})
}
