package manifest

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

// vaultKeys are the keys of one vault; both are needed.
var vaultKeys = table[Vault]{
	{"vault_id", (*reader).vaultID},
	{"secrets", (*reader).secrets},
}

func (r *reader) vaults(at place, n *yaml.Node, file *File) {
	if n.Kind != yaml.SequenceNode && !empty(n) {
		r.add(n, at, "must be a list, with - before each vault")
		return
	}
	if len(n.Content) == 0 {
		r.add(n, at, "names no vault")
	}
	lines := map[nairi.VaultID]int{}
	for _, item := range n.Content {
		if r.mapping(item, at, "each item must be a mapping with vault_id and secrets") {
			file.Vaults = append(file.Vaults, r.vault(item, lines))
		}
	}
}

// vault reads a vault, whose ID must not be among those that have a line.
func (r *reader) vault(n *yaml.Node, lines map[nairi.VaultID]int) Vault {
	var v Vault
	keys := vaultKeys.read(r, "", n, &v)
	for _, name := range vaultKeys.names() {
		if !keys.has(name) {
			r.add(n, place{key: name}, "is missing")
		}
	}
	if first, twice := lines[v.ID]; twice && v.ID != "" {
		r.add(n, place{key: "vault_id"}, fmt.Sprintf("is that of the vault in line %d; put all of its secrets there", first))
	} else {
		lines[v.ID] = n.Line
	}
	return v
}

func (r *reader) vaultID(at place, n *yaml.Node, v *Vault) {
	name, _ := text(n)
	id, err := nairi.ParseVaultID(name)
	if err != nil {
		r.add(n, at, err.Error())
	}
	v.ID = id
}

func (r *reader) secrets(at place, n *yaml.Node, v *Vault) {
	if !r.mapping(n, at, "must be a mapping from names such as DATABASE_URL; {} if nothing is wanted of the vault") {
		return
	}
	v.Entries = make([]Entry, 0, len(n.Content)/2)
	for p := range r.pairs(at.key, n, make(given, len(n.Content)/2)) {
		if err := nairi.CheckEnvKey(p.name); err != nil {
			r.add(p.key, at, "a name in it "+err.Error())
			continue
		}
		v.Entries = append(v.Entries, r.entry(p))
	}
}
