package manifest

import (
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/generate"
	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/nairi"
)

// A file that is written down, in any style, is read as what it was.
func TestParseReadsWhatIsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := &writer{t: t, line: 1}
		want := w.file()
		source := from("f", rapid.Bool().Draw(t, "inline"))
		got, problems := Parse(source, []byte(w.text.String()))
		got.Warnings = nil // of lists that no draw names
		if problems != nil {
			t.Fatalf("%v\n%s", problems, w.text.String())
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("- written, + read:\n%s\n%s", diff, w.text.String())
		}
	})
}

// writer makes files and their text at the same time, to know the lines.
type writer struct {
	t    *rapid.T
	text strings.Builder
	line int // to be written next
	// lists are those of the file, by their names, and around what it says for all.
	lists      map[string]domains.List
	around     defaults
	allManaged bool
	mirrors    int // so far, as no two secrets have the same
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
	file := File{Name: "f"}
	head := w.head()
	before := rapid.IntRange(0, len(head)).Draw(w.t, "before")
	w.keys(head[:before])
	w.write("vaults:")
	w.end()
	ids := rapid.SliceOfNDistinct(rapid.OneOf(rapid.SampledFrom([]string{string(vaultA), string(vaultB)}), rapid.StringMatching(`vlt_[0-7][0-9A-HJKMNP-TV-Z]{25}`)), 1, 3, rapid.ID).Draw(w.t, "ids")
	for _, id := range ids {
		file.Vaults = append(file.Vaults, w.vault(nairi.VaultID(id)))
	}
	w.keys(head[before:])
	return file
}

func (w *writer) keys(pairs []string) {
	for _, pair := range pairs {
		w.write("%s", pair)
		w.end()
	}
}

// head draws what stands beside vaults, in any order.
func (w *writer) head() []string {
	var pairs []string
	w.lists = map[string]domains.List{}
	names := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z][a-z0-9_.-]{0,4}`), 0, 3, rapid.ID).Draw(w.t, "lists")
	lists := make([]string, len(names))
	for i, name := range names {
		w.lists[name] = drawnHosts.Draw(w.t, "hosts of a list")
		lists[i] = w.quoted(name) + ": [" + w.list(w.lists[name]) + "]"
	}
	if w.chance("lists") || len(names) > 0 {
		pairs = append(pairs, "domain_lists: { "+strings.Join(lists, ", ")+" }")
	}
	if around, said := w.defaults(); len(said) > 0 {
		w.around = around
		pairs = append(pairs, "defaults: { "+strings.Join(said, ", ")+" }")
	}
	if w.chance("unmanaged") {
		w.allManaged = w.chance("error")
		pairs = append(pairs, "unmanaged: "+map[bool]string{true: "error", false: "show"}[w.allManaged])
	}
	return rapid.Permutation(pairs).Draw(w.t, "head")
}

// defaults draws what entries have that say nothing else.
func (w *writer) defaults() (d defaults, pairs []string) {
	if w.chance("hosts by default") {
		var pair string
		d.hosts, pair = w.hosts()
		pairs = append(pairs, pair)
	}
	if w.chance("age by default") {
		var pair string
		d.maxAge, pair = w.age()
		pairs = append(pairs, pair)
	}
	if w.chance("mode by default") {
		d.values = rapid.SampledFrom(ValueModes).Draw(w.t, "mode")
		pairs = append(pairs, "values: "+d.values)
	}
	return d, pairs
}

// hosts draws a list of hosts, as it is or made of those that have names.
func (w *writer) hosts() (hosts, string) {
	if len(w.lists) == 0 || w.chance("spelled out") {
		list := domains.List(drawnHosts.Draw(w.t, "hosts"))
		return hosts{list: &list, given: true}, "allowed_domains: [" + w.list(list) + "]"
	}
	names := rapid.SliceOfN(rapid.SampledFrom(slices.Sorted(maps.Keys(w.lists))), 1, 3).Draw(w.t, "names of lists")
	list := domains.List{}
	for _, name := range names {
		for _, host := range w.lists[name] {
			if !slices.Contains(list, host) {
				list = append(list, host)
			}
		}
	}
	quoted := w.list(names)
	if len(names) > 1 || w.chance("in brackets") {
		quoted = "[" + quoted + "]"
	}
	return hosts{list: &list, names: once(names), given: true}, "domain_list: " + quoted
}

func (w *writer) age() (time.Duration, string) {
	unit := rapid.SampledFrom([]string{"h", "d", "w"}).Draw(w.t, "unit")
	n := rapid.IntRange(1, 500).Draw(w.t, "age")
	return time.Duration(n) * units[unit[0]], fmt.Sprintf("max_age: %d%s", n, unit)
}

var envKeys = rapid.SliceOfNDistinct(rapid.StringMatching(`[B-Z_][A-Za-z0-9_]{1,12}`).
	Filter(func(name string) bool { return nairi.CheckEnvKey(name) == nil }), 0, 6, rapid.ID)

func (w *writer) vault(id nairi.VaultID) Vault {
	v := Vault{ID: id, Entries: []Entry{}, Line: w.line, AllManaged: w.allManaged}
	written := w.quoted(string(id))
	if name := map[nairi.VaultID]string{vaultA: "VAULT_A", vaultB: "VAULT_B"}[id]; name != "" {
		v.Variable, written = name, w.quoted("${"+name+"}")
	}
	w.write("- vault_id: %s", written)
	w.end()
	around := w.aboutVault(&v)
	names := envKeys.Draw(w.t, "names")
	if len(names) == 0 {
		w.write("  secrets: {}")
		w.end()
		return v
	}
	w.write("  secrets:")
	w.end()
	for _, name := range names {
		v.Entries = append(v.Entries, w.entry(name, around))
	}
	return v
}

// aboutVault draws what stands beside the secrets of a vault, and returns what they
// have by default.
func (w *writer) aboutVault(v *Vault) defaults {
	around := w.around
	var pairs []string
	if own, said := w.defaults(); len(said) > 0 {
		pairs = append(pairs, "defaults: { "+strings.Join(said, ", ")+" }")
		around = defaults{own.hosts, cmp.Or(own.maxAge, around.maxAge), cmp.Or(own.values, around.values)}
		if !own.hosts.given {
			around.hosts = w.around.hosts
		}
	}
	if w.chance("allow_empty") {
		v.AllowEmpty = w.chance("empty")
		pairs = append(pairs, fmt.Sprintf("allow_empty: %t", v.AllowEmpty))
	}
	if w.chance("unmanaged") {
		v.AllManaged = !w.allManaged
		pairs = append(pairs, "unmanaged: "+map[bool]string{true: "error", false: "show"}[v.AllManaged])
	}
	if w.chance("owns") {
		v.Names = []string{rapid.SampledFrom([]string{"*", "**", "_*_"}).Draw(w.t, "pattern"), "*"}
		pairs = append(pairs, "names: ["+w.list(v.Names)+"]")
	}
	for _, pair := range rapid.Permutation(pairs).Draw(w.t, "about") {
		w.write("  %s", pair)
		w.end()
	}
	return around
}

// entry writes one entry, in braces or a key a line.
func (w *writer) entry(name string, around defaults) Entry {
	e := Entry{EnvKey: name, Line: w.line, Column: 5}
	pairs := rapid.Permutation(w.pairs(&e, around)).Draw(w.t, "order")
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

var drawnHosts = rapid.SliceOfNDistinct(rapid.StringMatching(`(\*\.)?[a-z][a-z0-9]{0,5}(\.[a-z]{2,4}){1,2}\.example`), 1, 4, rapid.ID)

// pairs draws what an entry says, and spells it.
func (w *writer) pairs(e *Entry, around defaults) []string {
	if w.chance("absent") {
		e.Absent = true
		return []string{"absent: true"}
	}
	var pairs []string
	source := rapid.IntRange(0, 3).Draw(w.t, "source")
	switch source {
	case 1:
		e.Env = rapid.StringMatching(`[A-Z_][A-Z0-9_]{2,9}`).Draw(w.t, "env")
		pairs = append(pairs, "env: "+w.quoted(e.Env), "absent: false")
	case 2:
		e.File = rapid.StringMatching(`[a-z/.'"\\ é{}#:,-]{0,9}[a-z]`).Filter(filepath.IsLocal).Draw(w.t, "file")
		pairs = append(pairs, "file: "+w.quoted(e.File))
	case 3:
		pairs = append(pairs, w.made(e)...)
	}
	if source > 0 && w.chance("mirrors") {
		pairs = append(pairs, w.mirrored(e))
	}
	given := source == 1 || source == 2
	if given && w.chance("encoding") {
		e.Base64 = w.chance("base64")
		pairs = append(pairs, "value_encoding: "+map[bool]string{true: "base64", false: "text"}[e.Base64])
	}
	if given && w.chance("suspicious") {
		e.AllowSuspicious = w.chance("allow")
		pairs = append(pairs, fmt.Sprintf("allow_suspicious: %t", e.AllowSuspicious))
	}
	scope := rapid.IntRange(0, 2).Draw(w.t, "domains")
	e.Domains, e.Lists = around.hosts.list, around.hosts.names
	switch {
	case scope == 1 || scope == 0 && source == 0:
		own, pair := w.hosts()
		e.Domains, e.Lists = own.list, own.names
		pairs = append(pairs, pair)
	case scope == 2:
		e.Domains, e.Lists = &domains.List{}, nil
		pairs = append(pairs, "any_domain: true")
	}
	e.MaxAge = around.maxAge
	if w.chance("age") {
		var pair string
		e.MaxAge, pair = w.age()
		pairs = append(pairs, pair)
	}
	if source > 0 {
		pairs = append(pairs, w.aboutValue(e, around)...)
	}
	return pairs
}

// aboutValue draws what an entry with a value says of it.
func (w *writer) aboutValue(e *Entry, around defaults) (pairs []string) {
	modes := ValueModes
	if e.Values = around.values; e.Generate != nil {
		if modes = modes[1:]; e.Values == always {
			e.Values = ""
		}
	}
	if w.chance("mode") {
		e.Values = rapid.SampledFrom(modes).Draw(w.t, "mode")
		pairs = append(pairs, "values: "+e.Values)
	}
	if w.chance("rotated") {
		at := now.Add(-time.Duration(rapid.Int64Range(0, int64(20*365*24*time.Hour/time.Millisecond)).Draw(w.t, "ago")) * time.Millisecond)
		layout := rapid.SampledFrom([]string{"2006-01-02", "2006-01-02T15:04:05Z", "2006-01-02T15:04:05.000Z"}).Draw(w.t, "layout")
		written := at.Format(layout)
		at, _ = time.Parse(layout, written)
		e.Rotated = &at
		quote := rapid.SampledFrom([]string{"", "'", `"`}).Draw(w.t, "quote")
		pairs = append(pairs, "rotated: "+quote+written+quote)
	}
	if e.Domains != nil && w.chance("renamed") {
		e.RenamedFrom = "A_" + e.EnvKey // no name of an entry begins with A
		pairs = append(pairs, "renamed_from: "+e.RenamedFrom)
	}
	return pairs
}

// made draws how a value is made.
func (w *writer) made(e *Entry) (pairs []string) {
	spec := generate.Spec{Kind: rapid.SampledFrom(generate.Kinds).Draw(w.t, "kind")}
	pairs = append(pairs, "generate: "+w.quoted(string(spec.Kind)))
	if spec.Kind == generate.Password {
		if spec.Symbols = generate.SafeSymbols; w.chance("symbols") {
			spec.Symbols = rapid.SampledFrom(generate.SymbolChoices).Draw(w.t, "which")
			pairs = append(pairs, "generate_symbols: "+w.quoted(string(spec.Symbols)))
		}
	}
	if key := sizeKey(spec.Kind); key != "" {
		if spec.Size = generate.DefaultBytes; w.chance("size") {
			spec.Size = rapid.IntRange(23, generate.Most).Draw(w.t, "of")
			pairs = append(pairs, fmt.Sprintf("%s: %d", key, spec.Size))
		}
	}
	e.Generate = &spec
	return pairs
}

// mirrored draws where a value goes too.
func (w *writer) mirrored(e *Entry) (pair string) {
	var texts []string
	for range rapid.IntRange(1, 3).Draw(w.t, "how many") {
		w.mirrors++
		text := fmt.Sprintf(rapid.SampledFrom([]string{
			"repo:octo/cats-%d", "env:octo/cats/production %d", "org:octo-%d", "org:octo-%d:private", "dependabot:octo/cats.%d",
		}).Draw(w.t, "mirror"), w.mirrors)
		target, err := mirror.Parse(text)
		if err != nil {
			w.t.Fatal(err)
		}
		e.Mirrors, texts = append(e.Mirrors, target), append(texts, text)
	}
	written := w.list(texts)
	if len(texts) > 1 || w.chance("in brackets") {
		written = "[" + written + "]"
	}
	return "mirror: " + written
}

func (w *writer) list(domains domains.List) string {
	quoted := make([]string, len(domains))
	for i, domain := range domains {
		quoted[i] = w.quoted(domain)
	}
	return strings.Join(quoted, ", ")
}
