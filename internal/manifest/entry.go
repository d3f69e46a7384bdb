package manifest

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/generate"
)

// entryKeys are the keys of one secret. The schema has all of them but value.
var entryKeys = table[*draft]{
	{"env", (*reader).env},
	{"file", (*reader).fileName},
	{"value", (*reader).value},
	{"generate", (*reader).kind},
	{"generate_bytes", func(r *reader, at place, n *yaml.Node, d *draft) { d.made.Bytes = r.size(at, n) }},
	{"generate_length", func(r *reader, at place, n *yaml.Node, d *draft) { d.made.Length = r.size(at, n) }},
	{"generate_symbols", func(r *reader, at place, n *yaml.Node, d *draft) { d.made.Symbols = r.symbols(at, n) }},
	{"mirror", (*reader).mirrors},
	{"value_encoding", (*reader).encoding},
	{"allowed_domains", func(r *reader, at place, n *yaml.Node, d *draft) {
		d.hosts = hosts{list: r.domains(at, n, ifEmpty), given: true}
	}},
	{"domain_list", func(r *reader, at place, n *yaml.Node, d *draft) { d.hosts = r.fromLists(at, n) }},
	{"any_domain", func(r *reader, at place, n *yaml.Node, d *draft) { d.anyDomain = r.boolean(at, n) }},
	{"absent", func(r *reader, at place, n *yaml.Node, d *draft) { d.Absent = r.boolean(at, n) }},
	{"rotated", func(r *reader, at place, n *yaml.Node, d *draft) { d.Rotated = r.rotated(at, n) }},
	{"max_age", func(r *reader, at place, n *yaml.Node, d *draft) { d.MaxAge = r.age(at, n) }},
	{"values", func(r *reader, at place, n *yaml.Node, d *draft) { d.Values = r.valueMode(at, n) }},
	{"renamed_from", (*reader).renamedFrom},
	{"allow_suspicious", func(r *reader, at place, n *yaml.Node, d *draft) { d.AllowSuspicious = r.boolean(at, n) }},
}

// draft is an entry while it is read.
type draft struct {
	Entry
	hosts     hosts
	anyDomain bool
	made      generate.Given
}

const saysNothing = "is empty. Set env, file or generate for its value, its hosts, or absent: true"

// entry reads what one secret should be.
func (r *reader) entry(p pair, around defaults) Entry {
	at := place{key: cmp.Or(p.shown(), "secrets")}
	d := &r.draft // one for all: there may be many thousands
	*d = draft{Entry: Entry{EnvKey: p.name, Line: p.key.Line, Column: p.key.Column}}
	if empty(p.value) {
		r.add(p.key, at, saysNothing)
	} else if r.mapping(p.value, at, "must be a mapping, as in { env: "+placeholder+" }. A value is never written here") {
		r.keysOf(p, at, d, around)
	}
	d.Domains, d.Lists = d.hosts.list, d.hosts.names
	return d.Entry
}

// keysOf reads the keys of an entry, and checks them against one another.
func (r *reader) keysOf(p pair, at place, d *draft, around defaults) {
	before := len(r.problems)
	keys := r.keys
	clear(keys)
	entryKeys.readSeen(r, at.key, p.value, d, keys)
	d.Generate = r.spec(at.key, d, keys)
	if why := d.contradiction(keys); why != "" {
		r.add(p.key, at, why)
	} else if d.nothing(keys) && len(r.problems) == before {
		r.add(p.key, at, saysNothing)
	}
	if d.anyDomain {
		d.hosts = hosts{list: &domains.List{}, given: true}
	} else if d.hosts.list != nil && len(d.hosts.names) == 0 {
		r.doubt(d.Line, place{key: d.EnvKey}, d.hosts.list)
	}
	d.inherit(around)
	if d.RenamedFrom != "" && !d.hosts.given && len(r.problems) == before {
		r.add(p.key, at, "needs hosts, as renamed_from creates it under its new name. Set allowed_domains, domain_list or any_domain: true")
	}
}

const twoLists = "has both allowed_domains and domain_list. Keep one of them"

// contradiction is what cannot be meant together.
func (d *draft) contradiction(keys given) string {
	switch {
	case d.Absent && len(keys) > 1:
		return "has absent: true and other keys. Remove the others"
	case keys.has("env") && keys.has("file"):
		return "has both env and file. Keep one of them"
	case keys.has("value") && (keys.has("env") || keys.has("file")):
		return "has both value and env or file. Keep one of them"
	case d.anyDomain && keys.has("allowed_domains"):
		return "has both any_domain and allowed_domains. Keep one of them"
	case d.anyDomain && keys.has("domain_list"):
		return "has both any_domain and domain_list. Keep one of them"
	case keys.has("allowed_domains") && keys.has("domain_list"):
		return twoLists
	}
	if why := d.madeAndGiven(keys); why != "" || keys.givesValue() {
		return why
	}
	return keys.lackValue()
}

func (g given) givesValue() bool {
	return g.has("env") || g.has("file") || g.has("value") || g.has("generate")
}

// ofValue are the keys that mean nothing without a value.
var ofValue = []struct{ key, why string }{
	{"mirror", "has mirror, which says where a value goes too, and no value. Set env, file or generate"},
	{"value_encoding", "has value_encoding, which says how a value is written, and no value. Set env or file"},
	{"allow_suspicious", "has allow_suspicious, which is about a value, and no value. Set env or file, or remove it"},
	{"rotated", "has rotated, which says when a value was last rotated, and no value. Set env, file or generate"},
	{"values", "has values, which says when a value is written, and no value. Set env, file or generate"},
	{"renamed_from", "needs a value, as renamed_from creates it under its new name. Set env, file or generate"},
}

// lackValue says which key needs a value.
func (g given) lackValue() string {
	for _, of := range ofValue {
		if g.has(of.key) {
			return of.why
		}
	}
	return ""
}

func (d *draft) nothing(keys given) bool {
	says := keys.givesValue() || keys.has("allowed_domains") || keys.has("domain_list") || keys.has("max_age")
	return !says && !d.anyDomain && !d.Absent
}

// placeholder stands for a name in messages.
const placeholder = "DATABASE_URL"

func (r *reader) env(at place, n *yaml.Node, d *draft) {
	name, ok := text(n)
	if !ok || !ascii.Name(name) {
		r.add(n, at, "must be the name of the variable that holds the value, as in "+placeholder+". Give neither the value nor ${}")
		return
	}
	d.Env = name
}

func (r *reader) fileName(at place, n *yaml.Node, d *draft) {
	name, ok := text(n)
	if !ok || strings.TrimSpace(name) == "" || strings.ContainsFunc(name, unicode.IsControl) {
		r.add(n, at, "must be the name of the file that holds the value, in one line")
		return
	}
	if !r.source.Inline && !filepath.IsLocal(name) {
		r.add(n, at, "must be the name of a file in the working folder, as in secrets/stripe. Only a manifest given as secrets can name others")
		return
	}
	if !r.source.Inline && slices.ContainsFunc(strings.FieldsFunc(name, separates), isGit) {
		r.add(n, at, "must not be in .git, where a checkout may keep a token")
		return
	}
	d.File = name
}

// separates reports whether a character separates folders on any system: a
// manifest says the same on each.
func separates(c rune) bool { return c == '/' || c == '\\' }

func isGit(part string) bool { return strings.EqualFold(part, ".git") }

// value is env in another spelling, for a text that is part of the step already.
func (r *reader) value(at place, n *yaml.Node, d *draft) {
	if !r.source.Inline {
		r.add(n, at, "is refused: a value in a file is a secret that all can read. Use env, the name of a variable, or file")
		return
	}
	name, ok := reference(n)
	if !ok {
		r.add(n, at, "must be one variable and nothing else, as in ${"+placeholder+"}, quoted within { }. Use env or file for all else")
		return
	}
	d.Env = name
}

// Base64 is the value_encoding of what stands for other bytes than its own.
const Base64 = "base64"

func (r *reader) encoding(at place, n *yaml.Node, d *draft) {
	name, _ := text(n)
	if name != "text" && name != Base64 {
		r.add(n, at, "must be text or base64")
	}
	d.Base64 = name == Base64
}

// reference is the NAME of ${NAME}, the one way to name a variable in a value.
func reference(n *yaml.Node) (name string, ok bool) {
	value, _ := text(n)
	value, begins := strings.CutPrefix(value, "${")
	name, ends := strings.CutSuffix(value, "}")
	return name, begins && ends && ascii.Name(name)
}

// boolean takes true and false alone: yes, on and the like are texts in YAML 1.2
// and were not in 1.1, so that they say different things to different readers.
func (r *reader) boolean(at place, n *yaml.Node) bool {
	if n.Kind != yaml.ScalarNode || n.Tag != boolTag || n.Value != "true" && n.Value != "false" {
		r.add(n, at, "must be true or false, without quotes")
	}
	return n.Tag == boolTag && n.Value == "true"
}
