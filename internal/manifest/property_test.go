package manifest

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
)

// A file that is written down, in any style, is read as what it was.
func TestParseReadsWhatIsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := &writer{t: t, line: 1}
		want := w.file()
		source := Source{Name: "f", Inline: rapid.Bool().Draw(t, "inline")}
		got, problems := Parse(source, []byte(w.text.String()))
		if problems != nil {
			t.Fatalf("%v\n%s", problems, w.text.String())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("- written, + read:\n%s\n%s", diff, w.text.String())
		}
	})
}

// writer makes files and their text at the same time, to know the lines.
type writer struct {
	t    *rapid.T
	text strings.Builder
	line int // to be written next
}

func (w *writer) write(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	w.line += strings.Count(text, "\n")
	w.text.WriteString(text)
}

func (w *writer) chance(label string) bool { return rapid.Bool().Draw(w.t, label) }

// end ends a line, and puts what means nothing after it.
func (w *writer) end() {
	w.write("%s", rapid.SampledFrom([]string{"\n", "\r\n", "  \n", " # and\n", "\n\n", "\n    # or\n"}).Draw(w.t, "end"))
}

func (w *writer) quoted(text string) string {
	switch rapid.IntRange(0, 2).Draw(w.t, "quotes") {
	case 0:
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	case 1:
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
	}
	if ambiguous.MatchString(text) || !plainName(text) {
		return w.quoted(text)
	}
	return text
}

// ambiguous are names that YAML, without quotes, reads as something else.
var ambiguous = regexp.MustCompile(`(?i)^([-.].*|null|true|false|[0-9.e_-]*)$`)

func (w *writer) file() File {
	w.write("vaults:")
	w.end()
	ids := rapid.SliceOfNDistinct(rapid.StringMatching(`vlt_[0-7][0-9A-HJKMNP-TV-Z]{25}`), 1, 3, rapid.ID).Draw(w.t, "ids")
	var file File
	for _, id := range ids {
		file.Vaults = append(file.Vaults, w.vault(nairi.VaultID(id)))
	}
	return file
}

var envKeys = rapid.SliceOfNDistinct(rapid.StringMatching(`[B-Z_][A-Za-z0-9_]{1,12}`).
	Filter(func(name string) bool { return nairi.CheckEnvKey(name) == nil }), 0, 6, rapid.ID)

func (w *writer) vault(id nairi.VaultID) Vault {
	v := Vault{ID: id, Entries: []Entry{}}
	w.write("- vault_id: %s", w.quoted(string(id)))
	w.end()
	names := envKeys.Draw(w.t, "names")
	if len(names) == 0 {
		w.write("  secrets: {}")
		w.end()
		return v
	}
	w.write("  secrets:")
	w.end()
	for _, name := range names {
		v.Entries = append(v.Entries, w.entry(name))
	}
	return v
}

// entry writes one entry, in braces or a key a line.
func (w *writer) entry(name string) Entry {
	e := Entry{EnvKey: name, Line: w.line}
	pairs := rapid.Permutation(w.pairs(&e)).Draw(w.t, "order")
	w.write("    %s:", w.quoted(name))
	if w.chance("braces") {
		w.write(" { %s }", strings.Join(pairs, ", "))
		w.end()
		return e
	}
	w.end()
	for _, pair := range pairs {
		w.write("      %s", pair)
		w.end()
	}
	return e
}

var hosts = rapid.SliceOfNDistinct(rapid.StringMatching(`(\*\.)?[a-z][a-z0-9]{0,5}(\.[a-z]{2,4}){1,2}\.example`), 1, 4, rapid.ID)

// pairs draws what an entry says, and spells it.
func (w *writer) pairs(e *Entry) []string {
	if w.chance("absent") {
		e.Absent = true
		return []string{"absent: true"}
	}
	var pairs []string
	source := rapid.IntRange(0, 2).Draw(w.t, "source")
	switch source {
	case 1:
		e.Env = rapid.StringMatching(`[A-Z_][A-Z0-9_]{2,9}`).Draw(w.t, "env")
		pairs = append(pairs, "env: "+w.quoted(e.Env), "absent: false")
	case 2:
		e.File = rapid.StringMatching(`[a-z/.'"\\ é{}#:,-]{0,9}[a-z]`).Filter(filepath.IsLocal).Draw(w.t, "file")
		pairs = append(pairs, "file: "+w.quoted(e.File))
	}
	if source > 0 && w.chance("encoding") {
		e.Base64 = w.chance("base64")
		pairs = append(pairs, "value_encoding: "+map[bool]string{true: "base64", false: "text"}[e.Base64])
	}
	if source > 0 && w.chance("suspicious") {
		e.AllowSuspicious = w.chance("allow")
		pairs = append(pairs, fmt.Sprintf("allow_suspicious: %t", e.AllowSuspicious))
	}
	switch scope := rapid.IntRange(0, 2).Draw(w.t, "domains"); {
	case scope == 1 || scope == 0 && source == 0:
		list := domains.List(hosts.Draw(w.t, "hosts"))
		e.Domains = &list
		pairs = append(pairs, "allowed_domains: ["+w.list(list)+"]")
	case scope == 2:
		e.Domains = &domains.List{}
		pairs = append(pairs, "any_domain: true")
	}
	return pairs
}

func (w *writer) list(domains domains.List) string {
	quoted := make([]string, len(domains))
	for i, domain := range domains {
		quoted[i] = w.quoted(domain)
	}
	return strings.Join(quoted, ", ")
}
