package mask

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/nairi-community/vault-secret/internal/secret"
)

func formsIn(text string) []string { return Of(secret.New(text), Options{Parts: true}).Announce() }

func TestEncodingsOfTheWhole(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ value, form string }{
		"Go JSON":                {`a<b>&"c\d`, `a\u003cb\u003e\u0026\"c\\d`},
		"Go JSON line separator": {"pass\u2028word", `pass\u2028word`},
		"Go JSON invalid UTF-8":  {"pass\xffword<", `pass\ufffdword\u003c`},
		"JavaScript JSON":        {`a<b>&"c\d`, `a<b>&\"c\\d`},
		"JSON control":           {"one\x01two\x1f\b\f", `one\u0001two\u001f\b`},
		"JSON lines":             {"one two\r\nthree\tfour", `one two\r\nthree\tfour`},
		"Newtonsoft":             {"pass\u0085word\u2028x", `pass\u0085word\u2028x`},
		"JSON in ASCII":          {"pässword🙂", `p\u00e4ssword\ud83d\ude42`},
		"path":                   {"a b/c+d=e&f", "a%20b%2Fc+d=e&f"},
		"query":                  {"a b/c+d=e&f", "a+b%2Fc%2Bd%3De%26f"},
		"encodeURIComponent":     {"(a b)/c+d'*!", "(a%20b)%2Fc%2Bd'*!"},
		"RFC 3986":               {"(a b)/c+d'*!~", "%28a%20b%29%2Fc%2Bd%27%2A%21~"},
		"percent non-ASCII":      {"pässword", "p%C3%A4ssword"},
		"hex lower":              {"hunter2?", "68756e746572323f"},
		"hex upper":              {"hunter2?", "68756E746572323F"},
		"dash, Python":           {`it's a quote`, `it'"'"'s a quote`},
		"bash set -x":            {`it's a quote`, `it'\''s a quote`},
		"bash printf %q": {`a b$c!d"e&f(g)h*i,j;k<l>m?n[o\p]q^r` + "`s{t|u}v~w#x=y:z%@+-./",
			`a\ b\$c\!d\"e\&f\(g\)h\*i\,j\;k\<l\>m\?n\[o\\p\]q\^r\` + "`s\\{t\\|u\\}v~w#x=y:z%@+-./"},
		"bash tilde":            {"a:~b=~c d", `a:\~b=\~c\ d`},
		"bash ANSI":             {"l1\nl2\t\x01\x1b\x7f\a\b\v\f\r'\\é", `l1\nl2\t\001\E\177\a\b\v\f\r\'\\é`},
		"bash ANSI in locale C": {"l1\nl2\t\x01\x1b\x7f\a\b\v\f\r'\\é", `l1\nl2\t\001\E\177\a\b\v\f\r\'\\\303\251`},
		"Go quoted":             {"bell\a\x01\x7f\"\\\v.", `bell\a\x01\x7f\"\\\v.`},
		"Go quoted non-ASCII":   {"pass\u200fwörd\a", `pass\u200fwörd\a`},
		"Go XML":                {"<a \"b\" 'c'>\n&", "&lt;a &#34;b&#34; &#39;c&#39;&gt;&#xA;&amp;"},
		".NET XML":              {`<a "b" 'c'>&`, "&lt;a &quot;b&quot; &apos;c&apos;&gt;&amp;"},
		"XML text":              {`<a "b" 'c'>&`, `&lt;a "b" 'c'&gt;&amp;`},
		// printf 'hunter2?>~~?' | base64; printf 'xhunter2?>~~?' | base64; printf 'xxhunter2?>~~?' | base64
		"base64":             {"hunter2?>~~?", "aHVudGVyMj8+fn4/"},
		"base64 URL-safe":    {"hunter2?>~~?", "aHVudGVyMj8-fn4_"},
		"base64 unpadded":    {"hunter2!!", "aHVudGVyMiEh"},
		"base64 second byte": {"hunter2?>~~?", "h1bnRlcjI/Pn5+Pw"},
		"base64 third byte":  {"hunter2?>~~?", "odW50ZXIyPz5+fj8"},
		"base64 inner":       {"hunter2?>~~?", "h1bnRlcjI/Pn5+P"},
		"base64 led by space": {
			" hunter2??", "IGh1bnRlcjI/Pw"},
		"a line's JSON":         {"first\nsay \"word\" now", `say \"word\" now`},
		"a line's query":        {"first\nsay word/now", `say+word%2Fnow`},
		"a line's shell quotes": {"first\nit's here", `it'\''s here`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, o := range []Options{{Parts: true}, {}} {
				forms := Of(secret.New(test.value), o)
				if !slices.Contains(forms.Announce(), test.form) {
					t.Errorf("%q: no form %q among %q", test.value, test.form, forms.Announce())
				}
			}
		})
	}
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
		if NewRedactor(forms).Cuts(value + " and more") {
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

// A value's lines are held however many there are, the rest within the bound.
func TestBound(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{
		"printable": printable(3, 64<<10), "PEM": armoured(200), "JSON": jsonText(64 << 10),
		"lines": fiveByteLines(), "escapes": strings.Repeat("\"<'\\\x01é \n", 4000),
	} {
		forms, lines := formsIn(value), split(value)
		if most := len(lines) + maxExtra; len(forms) > most {
			t.Errorf("%s: %d forms for %d lines, want %d or fewer", name, len(forms), len(lines), most)
		}
		held := make(map[string]bool)
		for _, form := range forms {
			held[form] = true
		}
		for _, line := range lines {
			if atLeast(line, minOwn) && !public(line) && !held[line] {
				t.Errorf("%s: no form %q", name, line)
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
