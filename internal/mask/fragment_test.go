package mask

import (
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/secret"
)

// What GitHub's runner masks because of a form is not announced, but taken out.
func TestFragments(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		value     string
		out, kept []string // taken out, and left as they are
	}{
		"quotes":              {`"inside-it"`, []string{"inside-it"}, nil},
		"short in quotes":     {`"seven77"`, []string{"seven77"}, nil},
		"too short in quotes": {`"inside"`, nil, []string{"inside"}},
		"one quote":           {`"inside-it`, nil, []string{"inside-it"}},
		"an ampersand":        {"first1&second", []string{"first1&", "second"}, []string{"first1"}},
		"short parts":         {"firs&secon", nil, []string{"firs&", "secon"}},
		"two ampersands":      {"first&second&third3", []string{"first&second&", "third3"}, []string{"second"}},
		"a colour code":       {"first1&+Xsecond&third3", []string{"first1&+", "second&third3"}, []string{"Xsecon"}},
		"a colour code alone": {"first1&+é", []string{"first1&+"}, nil},
		"at the end":          {"first1&+", []string{"first1&+"}, nil},
		"UTF-16":              {"🙂12&+##[1", []string{"🙂12&+"}, nil},
		"short base64":        {"0000", []string{"MDAwMA==", "MDAw", "MDA="}, nil},
		"short escapes":       {`a"b'c`, []string{`a\"b'c`, `a"b''c`, "a&quot;b&apos;c"}, nil},
	}
	for name, tt := range tests {
		forms := Of(secret.New(tt.value), Options{})
		r := NewRedactor(forms)
		announced := strings.Join(forms.Announce(), "\n")
		for _, text := range tt.out {
			if got := r.Redact("x " + text + " y"); strings.Contains(got, text) {
				t.Errorf("%s: %q is left", name, text)
			}
		}
		for _, text := range tt.kept {
			if got := r.Redact("x " + text + " y"); !strings.Contains(got, text) {
				t.Errorf("%s: %q is taken out", name, text)
			}
		}
		for line := range strings.SplitSeq(announced, "\n") {
			if line == "inside-it" || line == "second" {
				t.Errorf("%s: %q is announced", name, line)
			}
		}
	}
}

func TestLiteral(t *testing.T) {
	t.Parallel()
	forms := Literal("abc", "abcd", "")
	if got := forms.Announce(); len(got) > 0 {
		t.Errorf("announces %q", got)
	}
	if got := NewRedactor(forms).Redact("abc abcd"); got != "abc ***" {
		t.Errorf("got %q", got)
	}
}

// A short value has forms that reach their length by what stands around it.
func TestFormsOfShortValues(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{
		"abcd":   {"YWJjZA==", "YWJjZAo=", "YWJjZA0K"},
		"abcde":  {"YWJjZGU=", "YWJjZGUK"},
		"abcd  ": {"YWJjZCAg", "YWJjZA=="},
		"a\nb?c": {`a\nb?c\n`, `a\nb?c\r\n`, "a%0Ab%3Fc"},
		"\"a!\"": {`\"a!\"\n`, "%22a%21%22"},
		"ab\ncd": {`ab\ncd\n`},
	}
	for value, forms := range tests {
		r := NewRedactor(Of(secret.New(value), Options{}))
		for _, form := range forms {
			if got := r.Redact("<" + form + ">"); strings.Contains(got, form) {
				t.Errorf("%q: %q is left", value, form)
			}
		}
	}
	if got := NewRedactor(Of(secret.New("ab\ncd"), Options{})).Redact(`ab\ncd`); got != `ab\ncd` {
		t.Errorf("a form of six characters is taken out: %q", got)
	}
}

// The white space around a password does not make it long enough.
func TestPasswordsAreMeasuredTrimmed(t *testing.T) {
	t.Parallel()
	for _, form := range Of(secret.New("host=h password='  ab ' dbname=d"), Options{Parts: true}).Announce() {
		if strings.TrimSpace(form) == "ab" {
			t.Error("a password of two characters is a form")
		}
	}
}
