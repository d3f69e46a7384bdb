package manifest

import (
	"cmp"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/generate"
	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// Default is where a repository keeps its manifest if nobody says otherwise.
const Default = ".github/nairi-vault.yml"

// Source is where a text came from.
type Source struct {
	// Name is the file's name as the user gave it; empty for inline text.
	Name string
	// Inline is text of the step itself, which may refer to the step's variables
	// by value: ${NAME}.
	Inline bool
	// Lookup returns a variable of the step, for vault_id: ${NAME}; nil where none
	// is looked at, and such a vault has no ID.
	Lookup func(name string) (text string, found bool)
	// Now is the time that no value can have been rotated after; zero for any.
	Now time.Time
	// Lint says that the text is only looked at: more problems are told of, and it is
	// none that a vault has no ID, since its variable is not set or empty.
	Lint bool
}

// File is what one text asks for.
type File struct {
	Name   string  // that of its Source
	Vaults []Vault // at least one, each with an ID of its own
	// Warnings are what is odd about the text, in the order of its lines.
	Warnings problem.List
}

// Vault is what one vault should hold.
type Vault struct {
	ID      nairi.VaultID
	Entries []Entry // in the order of the text; no two of one EnvKey
	// Variable is the name of the variable that holds the ID; empty for none.
	Variable string
	// Names are patterns of the names that the file owns of the vault, as package
	// wildcard reads them; none if it owns all.
	Names      []string
	AllowEmpty bool // the vault may lose all of its secrets
	AllManaged bool // the vault must have no secret that is in no file
	Line       int
}

// Identity is what tells vaults apart, also those of which the ID is not known.
func (v *Vault) Identity() string { return cmp.Or(string(v.ID), v.Variable) }

// Entry is what one secret should be.
type Entry struct {
	EnvKey string
	// Env is the name of the variable that holds the value, File the name of the
	// file that holds it; at most one is not empty. Either may be a value put in
	// the wrong place, so neither belongs in a message.
	Env  string
	File string
	// Generate is how a new value is made when one is due; nil where one is given.
	Generate *generate.Spec
	// Mirrors get the same value.
	Mirrors []mirror.Target
	Base64  bool // the value is base64 of what to store
	// Domains are the hosts to write: nil leaves them alone, empty means any.
	Domains *domains.List
	Absent  bool // to be deleted
	// AllowSuspicious says that the value is meant, even if it looks like none.
	AllowSuspicious bool
	Line, Column    int // of its name
	// Lists are the names of the lists that Domains are made of; none if they stand
	// where they are used.
	Lists []string
	// Rotated is when the value was last rotated; nil if that is not said.
	Rotated *time.Time
	MaxAge  time.Duration // how old the value may become; 0 for any age
	// Values is one of ValueModes; empty if nothing is said.
	Values string
	// RenamedFrom is the name that the secret had before; empty for none.
	RenamedFrom string
}

// ValueModes are the words that say when the value of a secret which is there is
// written.
var ValueModes = []string{always, "when_created", "when_rotated"}

const always = "always"

// Parse reads what a text asks for. With problems there is no File: half of what
// was meant is not what was meant. Without any, the list is nil.
func Parse(source Source, text []byte) (File, problem.List) {
	return parse(source, text, secretsOfPart)
}

// parse is Parse with parts of so many secrets, where a text is long.
func parse(source Source, text []byte, secrets int) (File, problem.List) {
	r := newReader(source)
	if why := check(text); why != nil {
		r.note(why.line, place{}, why.text)
		return File{}, r.problems
	}
	rest, apart := split(text, secrets)
	r.apart = apart
	file := r.whole(rest)
	if r.misread() {
		r = newReader(source)
		file = r.whole(text)
	}
	if len(r.problems) > 0 {
		return File{}, r.inOrder()
	}
	sortByLine(r.warnings)
	file.Warnings = r.warnings
	return file, nil
}

func newReader(source Source) *reader {
	return &reader{source: source, keys: given{}, read: map[string]*readList{}, doubts: map[*domains.List][]string{}}
}

// whole reads a text, of which some may have been cut out.
func (r *reader) whole(text []byte) File {
	file := File{Name: r.source.Name}
	if root := r.decode(text); root != nil {
		r.refuse(root)
		r.file(root, &file)
	} else {
		r.broken = true
	}
	return file
}

// misread reports whether a text that was cut must be read as a whole: it cannot be read
// in parts, or was not what it looked like.
func (r *reader) misread() bool {
	for _, b := range r.apart {
		if !b.used || r.broken {
			return true
		}
	}
	return false
}

// reader turns nodes into a File, and gathers what is wrong with them.
type reader struct {
	source   Source
	problems problem.List
	warnings problem.List
	apart    map[int]*stretch     // that were cut out, by the line of their key
	broken   bool                 // a part cannot be read by itself
	lists    map[string]*hostList // by their names
	made     map[string]hosts     // of lists, by their names with commas between them
	joined   int                  // hosts of lists that were made into others
	draft    draft                // of the entry that is read, and its keys
	keys     given
	read     map[string]*readList       // of hosts, by their entries with commas between them
	doubts   map[*domains.List][]string // about those of them that are odd
	// allManaged and defaults are what the file says for all of its vaults.
	allManaged bool
	defaults   defaults
}

// outline are the parts of the whole while it is read. A key may stand behind one
// that needs it.
type outline struct {
	vaults, lists, defaults *yaml.Node
}

// fileKeys are the keys of the whole.
var fileKeys = table[*outline]{
	{"vaults", func(_ *reader, _ place, n *yaml.Node, o *outline) { o.vaults = n }},
	{"domain_lists", func(_ *reader, _ place, n *yaml.Node, o *outline) { o.lists = n }},
	{"defaults", func(_ *reader, _ place, n *yaml.Node, o *outline) { o.defaults = n }},
	{"unmanaged", func(r *reader, at place, n *yaml.Node, _ *outline) { r.allManaged = r.unmanaged(at, n) }},
}

func (r *reader) file(root *yaml.Node, file *File) {
	if empty(root) {
		r.add(root, place{}, "is empty. It needs vaults:, a list")
		return
	}
	if !r.mapping(root, place{}, "must begin with vaults:, a list") {
		return
	}
	var o outline
	fileKeys.read(r, "", root, &o)
	r.readLists(o.lists)
	r.defaults = r.defaultsOf(o.defaults, defaults{})
	if o.vaults == nil {
		r.add(root, place{key: "vaults"}, "is not set. It lists the vaults")
		return
	}
	r.vaults(place{key: "vaults"}, o.vaults, file)
	r.problems = append(r.problems, sameMirrors([]File{*file})...)
	r.warnOfUnused()
}

// unmanaged reads what becomes of a secret that is in a vault and in no file.
func (r *reader) unmanaged(at place, n *yaml.Node) (allManaged bool) {
	word, _ := text(n)
	if word != "show" && word != "error" {
		r.add(n, at, "must be show or error")
	}
	return word == "error"
}
