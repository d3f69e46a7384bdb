package mask

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/nairi-community/vault-secret/internal/runnertest/samples"
	"github.com/nairi-community/vault-secret/internal/secret"
)

func formsIn(text string) []string { return Of(secret.New(text), Options{Parts: true}).Announce() }

// kinds are the sections of testdata/forms.txtar: whether a form is held with the
// parts of the value, and without.
var kinds = map[string]struct{ withParts, without bool }{"whole": {true, true}, "parts": {true, false}, "none": {}}

func TestFormsAreThoseOfTheCases(t *testing.T) {
	t.Parallel()
	archive, err := txtar.ParseFile("testdata/forms.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, section := range archive.Files {
		var name, value string
		for line := range strings.Lines(string(section.Data)) {
			line = strings.TrimSuffix(line, "\n")
			if text, ok := strings.CutPrefix(line, "# "); ok {
				name = text
				continue
			}
			form, ok := strings.CutPrefix(line, "= ")
			if !ok {
				value = literal(t, line)
				continue
			}
			form = literal(t, form)
			for parts, want := range map[bool]bool{true: kinds[section.Name].withParts, false: kinds[section.Name].without} {
				if forms := Of(secret.New(value), Options{Parts: parts}); hiddenByRunners(forms, form) != want {
					t.Errorf("%s, of %q with parts %t: %q should be hidden: %t; told are %q", name, value, parts, form, want, forms.Announce())
				}
			}
		}
	}
}

// literal is a text of the cases, which may be in quotes.
func literal(t *testing.T, text string) string {
	t.Helper()
	if !strings.HasPrefix(text, `"`) {
		return text
	}
	text, err := strconv.Unquote(text)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestColumns(t *testing.T) {
	t.Parallel()
	value := strings.Repeat("0123456789", 9) + "abcdef"
	want := []string{
		// base64
		"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2",
		"Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5YWJjZGVm",
		// openssl base64
		"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3",
		"ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5YWJjZGVm",
	}
	for _, form := range want {
		if !slices.Contains(formsIn(value), form) {
			t.Errorf("no form %q", form)
		}
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		value string
		want  []string // the forms that are not encodings
	}{
		"one":                  {"word", []string{"word"}},
		"white space":          {"\u2003 word \t\n", []string{"word"}},
		"line ends":            {"one1\r\ntwo2\rthree3\nfour4", []string{"three3", "four4", "one1", "two2"}},
		"short":                {"abc", nil},
		"short, not in bytes":  {"äöü", nil},
		"four characters":      {"äöü€", []string{"äöü€"}},
		"short lines":          {"{\n  true\n}", []string{"true"}},
		"white space alone":    {" \n\t \u00a0", nil},
		"empty":                {"", nil},
		"punctuation in lines": {"{\n \"key\": [[[[\n]]]],\n}", []string{`"key": [[[[`}},
		"punctuation alone":    {"}}]]]},", []string{"}}]]]},"}},
		"armour in lines": {"-----BEGIN RSA PRIVATE KEY-----\nQUJDREVGR0g=\n-----END RSA PRIVATE KEY-----\n",
			[]string{"QUJDREVGR0g="}},
		"armour alone":     {"-----BEGIN RSA PRIVATE KEY-----", []string{"-----BEGIN RSA PRIVATE KEY-----"}},
		"much like armour": {"-----BEGIN secret-----\nx", []string{"-----BEGIN secret-----"}},
		"NUL":              {"one1\ntw\x00o2", []string{"one1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCollector(0)
			core := strings.TrimSpace(test.value)
			if atLeast(core, minOwn) {
				c.lines(core, split(core))
			}
			if diff := cmp.Diff(test.want, c.forms().Announce(), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("lines of %q (-want +got):\n%s", test.value, diff)
			}
			for _, line := range test.want {
				if !slices.Contains(formsIn(test.value), line) {
					t.Errorf("Of(%q) lacks %q", test.value, line)
				}
			}
		})
	}
}

// Values too short to mask have no encodings either, however long these are.
func TestShortValueHasNoForm(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"", "a", "<>&", "🙂🙂🙂", " \x01\x01 ", "}\n{"} {
		forms := Of(secret.New(value), Options{Parts: true})
		if got := forms.Announce(); len(got) > 0 {
			t.Errorf("%q has forms %q", value, got)
		}
		if NewRedactor(forms).cuts(value + " and more") {
			t.Errorf("%q is redacted", value)
		}
	}
	if got := Of(secret.Value{}, Options{}).Announce(); got != nil {
		t.Errorf("the absent value has forms %q", got)
	}
}

func TestAnnounceOrder(t *testing.T) {
	t.Parallel()
	a, b := Of(secret.New("bbbb"), Options{}), Of(secret.New("aaaa\nlonger\naaaa"), Options{})
	got := Join(a, Forms{}, b, a).Announce()
	if !slices.IsSortedFunc(got, func(a, b string) int { return len(b) - len(a) }) {
		t.Errorf("not longest first: %q", got)
	}
	if want := []string{"longer", "aaaa", "bbbb"}; !cmp.Equal(got[len(got)-3:], want) {
		t.Errorf("got %q at the end, want %q", got[len(got)-3:], want)
	}
	if len(got) != len(slices.Compact(slices.Sorted(slices.Values(got)))) {
		t.Errorf("twice the same: %q", got)
	}
	got[0] = "changed"
	if Join(a, b).Announce()[0] == "changed" {
		t.Error("Announce gives away its own memory")
	}
}

// justName is what shows of a line that is hidden, or of which the value of a name is.
var justName = regexp.MustCompile(`^("?\w+"?[=:] ?)?["']?\*+["']?,?$`)

// A value's lines are held however many there are, the rest within the bound.
func TestBound(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{
		"printable": samples.Printable(3, 64<<10), "PEM": armoured(200), "JSON": jsonText(64 << 10),
		"lines": fiveByteLines(), "escapes": strings.Repeat("\"<'\\\x01é \n", 4000),
	} {
		forms, lines := formsIn(value), split(value)
		if most := len(lines) + maxExtra; len(forms) > most {
			t.Errorf("%s: %d forms for %d lines, want %d or fewer", name, len(forms), len(lines), most)
		}
		told := NewRedactor(Literal(forms...))
		for _, line := range lines {
			if atLeast(line, minOwn) && !public(line) && !justName.MatchString(told.Redact(line)) {
				t.Errorf("%s: of line %q shows %q", name, line, told.Redact(line))
			}
		}
	}
}

func TestNothingPrints(t *testing.T) {
	t.Parallel()
	forms := Of(secret.New("hunter2-first\nhunter2-second"), Options{Parts: true})
	redactor := NewRedactor(forms)
	redactor.Redact("builds the index")
	var b bytes.Buffer
	nested := struct {
		forms    Forms
		redactor *Redactor
	}{forms, redactor}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&b, verb+verb+verb+"\n", forms, redactor, nested)
	}
	slog.New(slog.NewJSONHandler(&b, nil)).Info("m", "forms", forms, "redactor", redactor)
	encoded, err := json.Marshal(map[string]any{"forms": forms, "redactor": nested})
	if err != nil {
		t.Fatal(err)
	}
	b.Write(encoded)
	if out := b.String(); strings.Contains(out, "hunter2") || strings.Contains(out, "68756e746572") {
		t.Errorf("printed: %s", out)
	}
}

// Texts that make a careless reader of parts read the rest again at each step.
func TestPartsOfHostileText(t *testing.T) {
	t.Parallel()
	const size = 64 << 10
	for _, unit := range []string{"pwd={;", "://", "A='\n", "A=\"\\\n", "pwd='", `["`, "[", `{"a":`, "-----BEGIN ", "-----BEGIN A-----", "\r", "password=''"} {
		value := strings.Repeat(unit, size/len(unit))
		if n := len(formsIn(value)); n > size/len(unit)+maxExtra {
			t.Errorf("%q: %d forms", unit, n)
		}
	}
}
