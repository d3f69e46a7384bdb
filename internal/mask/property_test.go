package mask

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/runnertest/samples"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// Each of the forms of a value is taken out, and so is what shows of it in the
// base64 of a longer text, whatever stands beside it there.
func TestFormsOfTheStandardLibraryAreTakenOut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sample, parts := samples.Values().Draw(t, "value"), rapid.Bool().Draw(t, "parts")
		if !utf8.ValidString(sample.Text) || strings.ContainsAny(sample.Text, "\x00\uFFFE\uFFFF") {
			t.Skip("no value that a variable and XML can hold")
		}
		head, tail := rapid.StringMatching(`[ -~]{0,7}`).Draw(t, "before"), rapid.StringMatching(`[ -~\n]{0,7}`).Draw(t, "behind")
		r := NewRedactor(Of(secret.New(sample.Text), Options{Parts: parts}))
		for _, form := range sample.Forms(parts, head, tail) {
			if got := r.Redact("<" + form + ">"); strings.Contains(got, form) {
				t.Fatalf("%q survives", form)
			}
		}
	})
}

// Nothing of the lines of base64(1) is left but a last one too short to mask.
func TestBase64InColumnsIsTakenOut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := samples.Printable(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(8, 3<<10).Draw(t, "size"))
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
		text := samples.Values().Draw(t, "value").Text
		invariants(t, text, Of(secret.New(text), Options{Parts: rapid.Bool().Draw(t, "parts")}))
	})
}
