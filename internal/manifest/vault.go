package manifest

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/nairi"
)

// vaultDraft is a vault while it is read.
type vaultDraft struct {
	Vault
	secrets, defaults *yaml.Node
}

// vaultKeys are the keys of one vault, needed are those that it must have.
var (
	vaultKeys = table[*vaultDraft]{
		{"vault_id", (*reader).vaultID},
		{"secrets", func(_ *reader, _ place, n *yaml.Node, v *vaultDraft) { v.secrets = n }},
		{"names", (*reader).names},
		{"defaults", func(_ *reader, _ place, n *yaml.Node, v *vaultDraft) { v.defaults = n }},
		{"unmanaged", func(r *reader, at place, n *yaml.Node, v *vaultDraft) { v.AllManaged = r.unmanaged(at, n) }},
		{"allow_empty", func(r *reader, at place, n *yaml.Node, v *vaultDraft) { v.AllowEmpty = r.boolean(at, n) }},
	}
	needed = []string{"vault_id", "secrets"}
)

func (r *reader) vaults(at place, n *yaml.Node, file *File) {
	if n.Kind != yaml.SequenceNode && !empty(n) {
		r.add(n, at, "must be a list, with - before each vault")
		return
	}
	if len(n.Content) == 0 {
		r.add(n, at, "names no vault. It needs at least one")
	}
	lines := map[string]int{}
	for _, item := range n.Content {
		if r.mapping(item, at, "has an item that is not a mapping. Each needs vault_id and secrets") {
			file.Vaults = append(file.Vaults, r.vault(item, lines))
		}
	}
}

// vault reads a vault, whose ID must not be among those that have a line.
func (r *reader) vault(n *yaml.Node, lines map[string]int) Vault {
	v := vaultDraft{Vault: Vault{AllManaged: r.allManaged, Line: n.Line}}
	keys := vaultKeys.read(r, "", n, &v)
	for _, name := range needed {
		if !keys.has(name) {
			r.add(n, place{key: name}, "is not set. Each vault needs it")
		}
	}
	own := r.defaultsOf(v.defaults, r.defaults)
	switch at := (place{key: "secrets"}); {
	case v.secrets == nil:
	case r.isCut(n, v.secrets):
		r.parts(at, r.apart[v.secrets.Line], &v.Vault, own)
	default:
		r.secrets(at, v.secrets, &v.Vault, own)
	}
	r.checkOwned(&v.Vault)
	r.checkRenames(&v.Vault)
	id := v.Identity()
	if first, twice := lines[id]; twice && id != "" {
		r.add(n, place{key: "vault_id"}, fmt.Sprintf("is that of the vault in line %d. Put all of its secrets there", first))
	} else {
		lines[id] = n.Line
	}
	return v.Vault
}

// vaultID reads the ID of a vault, or the name of the variable that holds it. The
// variable may hold anything, so that no problem repeats it.
func (r *reader) vaultID(at place, n *yaml.Node, v *vaultDraft) {
	id, _ := text(n)
	name, byVariable := reference(n)
	switch {
	case byVariable && (r.source.Lookup == nil || r.source.Lint && r.unset(name)):
		v.Variable = name
		return
	case byVariable:
		v.Variable = name
		var why string
		if id, why = r.variable(name); why != "" {
			r.add(n, at, why)
			return
		}
	case strings.Contains(id, "$"):
		r.add(n, at, "must be a vault's ID, or one variable and nothing else, as in ${PROD_VAULT_ID}, quoted within { }")
		return
	}
	parsed, err := nairi.ParseVaultID(id)
	switch {
	case err == nil:
		v.ID = parsed
	case byVariable:
		r.add(n, at, "names a variable whose text "+err.Error())
	default:
		r.add(n, at, err.Error())
	}
}

// unset reports whether a variable that may hold a vault's ID holds none here.
func (r *reader) unset(name string) bool {
	reserved, _ := env.Reserved(name)
	text, _ := r.source.Lookup(name)
	return reserved == "" && strings.TrimSpace(text) == ""
}

// NoVariable is what is wrong where the variable of a vault's ID is not set.
const NoVariable = "names a variable that is not set. A vault's ID is never read from env_json or values_file"

// variable is the text of a variable of the step, or why there is none. Those of a
// CI's own hold no vault's ID, and which of them are set is nobody's concern.
func (r *reader) variable(name string) (text, why string) {
	if reserved, what := env.Reserved(name); reserved != "" {
		return "", "names a variable that " + what + ". Hold the vault's ID in one of your own, as in PROD_VAULT_ID"
	}
	text, found := r.source.Lookup(name)
	switch text = strings.TrimSpace(text); {
	case !found:
		return "", NoVariable
	case text == "":
		return "", "names a variable that is empty. It must hold the vault's ID"
	}
	return text, ""
}

func (r *reader) secrets(at place, n *yaml.Node, v *Vault, own defaults) {
	if !r.mapping(n, at, "must be a mapping from names such as DATABASE_URL. Write {} if there are none") {
		return
	}
	v.Entries = make([]Entry, 0, len(n.Content)/2)
	r.entries(n, make(given, len(n.Content)/2), at, v, own)
}

// entries reads a mapping of secrets. Names that were seen before are given twice.
func (r *reader) entries(n *yaml.Node, seen given, at place, v *Vault, own defaults) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		p, ok := r.pair(at.key, n, i, seen)
		if !ok {
			continue
		}
		if err := nairi.CheckEnvKey(p.name); err != nil {
			r.add(p.key, at, "has a name that cannot be used. It "+err.Error())
			continue
		}
		v.Entries = append(v.Entries, r.entry(p, own))
	}
}
