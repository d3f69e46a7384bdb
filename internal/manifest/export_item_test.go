package manifest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
)

// A text that speaks of some names alone gets no others, and the former name of a
// secret is no secret of its own.
func TestItemsAreOfTheNamesThatTheTextOwns(t *testing.T) {
	t.Parallel()
	held := Held{ID: firstVault}
	for _, name := range []string{"BILLING_A", "BILLING_OLD", "OTHER", "BILLING_B", "1"} {
		held.Secrets = append(held.Secrets, nairi.Secret{ID: nairi.SecretID("sec_" + name), EnvKey: name, AllowedDomains: domains.List{}})
	}
	x := &exporting{Exporter: exporter()}
	got := x.items(held, inFile{
		owned:   []string{"BILLING_*", "1*2"},
		entries: map[string]*Entry{"BILLING_B": {EnvKey: "BILLING_B"}},
		renamed: map[string]bool{"BILLING_OLD": true},
	})
	if len(got) != 1 || got[0].name != "BILLING_A" {
		t.Errorf("%+v", got)
	}
	if want := (Export{Named: 3, Added: 1, Outside: 2}); !cmp.Equal(want, x.Export) {
		t.Error(cmp.Diff(want, x.Export))
	}
}

// A scalar is read as the text that it is, by this library and by others.
func TestScalarsAreText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"API_KEY": "API_KEY", "_": "_", "api.example.com": "api.example.com", "NO": `"NO"`, "y": `"y"`, "Null": `"Null"`,
		"*.example.com": `"*.example.com"`, "1.e3": `"1.e3"`, "::1": `"::1"`, "e3": "e3",
	} {
		if got := scalar(text); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// The lines of a text may be at other places afterwards, and must be the same.
func TestKeepsLines(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before, after string
		changed       map[int]bool
		want          bool
	}{
		"the same":             {"a\nb\n", "a\nb\n", nil, true},
		"more":                 {"a\nb\n", "x\na\ny\nb\nz\n", nil, true},
		"an end":               {"a\nb", "a\nb\r\nc\r\n", nil, true},
		"another order":        {"a\nb\n", "b\na\n", nil, false},
		"one less":             {"a\na\n", "a\n", nil, false},
		"another end":          {"a\nb\n", "a\r\nb\n", nil, false},
		"white space":          {"a\nb\n", "a \nb\n", nil, false},
		"one that may change":  {"a\nb\nc\n", "a\nx\nc\n", map[int]bool{1: true}, true},
		"one that may not":     {"a\nb\nc\n", "a\nx\nc\n", map[int]bool{2: true}, false},
		"the last that may":    {"a\nb", "a\nx", map[int]bool{1: true}, true},
		"nothing is in all":    {"", "a\n", nil, true},
		"something in nothing": {"a", "", nil, false},
	} {
		if got := keepsLines([]byte(c.before), []byte(c.after), c.changed); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// A merge that would say something else than it should is refused: here the text
// that comes of it is not the one that was meant.
func TestAMergeIsReadOnceMore(t *testing.T) {
	t.Parallel()
	text := "vaults:\n- vault_id: " + string(firstVault) + "\n  secrets:\n    A: { any_domain: true }\n"
	file, problems := Parse(Source{}, []byte(text))
	if problems != nil {
		t.Fatal(problems)
	}
	x := &exporting{Exporter: exporter(), Export: Export{Text: []byte(text)}}
	all := []meant{{Vault: file.Vaults[0]}}
	if err := x.verify(all); err != nil {
		t.Error(err)
	}
	for _, broken := range []string{
		strings.Replace(text, "A:", "B:", 1),
		strings.Replace(text, "any_domain: true", "absent: true", 1),
		strings.Replace(text, "{ any", "any", 1),
		text + "    B: { any_domain: true }\n",
		strings.Replace(text, string(firstVault), string(secondVault), 1),
	} {
		x.Text = []byte(broken)
		if err := x.verify(all); err == nil {
			t.Errorf("it is taken:\n%s", broken)
		}
	}
	x.Text = []byte(text + "    B: { any_domain: true }\n")
	all[0].added = []item{{comment: "# B"}, {name: "B", hosts: domains.List{}}}
	if err := x.verify(all); err != nil {
		t.Error(err)
	}
	for _, other := range []item{{name: "C", hosts: domains.List{}}, {name: "B", hosts: domains.List{"a.example.com"}}} {
		if all[0].added[1] = other; x.verify(all) == nil {
			t.Errorf("it is taken for %v", other)
		}
	}
}
