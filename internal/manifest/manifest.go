package manifest

import (
	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/domains"
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
}

// File is what one text asks for.
type File struct {
	Vaults []Vault // at least one, each with an ID of its own
}

// Vault is what one vault should hold.
type Vault struct {
	ID      nairi.VaultID
	Entries []Entry // in the order of the text; no two of one EnvKey
}

// Entry is what one secret should be.
type Entry struct {
	EnvKey string
	// Env is the name of the variable that holds the value, File the name of the
	// file that holds it; at most one is not empty. Either may be a value put in
	// the wrong place, so neither belongs in a message.
	Env    string
	File   string
	Base64 bool // the value is base64 of what to store
	// Domains are the hosts to write: nil leaves them alone, empty means any.
	Domains *domains.List
	Absent  bool // to be deleted
	// AllowSuspicious says that the value is meant, even if it looks like none.
	AllowSuspicious bool
	Line            int
}

// Parse reads what a text asks for. With problems there is no File: half of what
// was meant is not what was meant. Without any, the list is nil.
func Parse(source Source, text []byte) (File, problem.List) {
	r := &reader{source: source}
	var file File
	if root := r.decode(text); root != nil {
		r.refuse(root)
		r.file(root, &file)
	}
	if len(r.problems) > 0 {
		return File{}, r.inOrder()
	}
	return file, nil
}

// reader turns nodes into a File, and gathers what is wrong with them.
type reader struct {
	source   Source
	problems problem.List
}

// fileKeys are the keys of the whole.
var fileKeys = table[File]{{"vaults", (*reader).vaults}}

func (r *reader) file(root *yaml.Node, file *File) {
	if empty(root) {
		r.add(root, place{}, "holds nothing; it needs vaults:, a list")
		return
	}
	if !r.mapping(root, place{}, "must begin with vaults:, a list") {
		return
	}
	if !fileKeys.read(r, "", root, file).has("vaults") {
		r.add(root, place{key: "vaults"}, "is missing")
	}
}
