package manifest

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/wildcard"
)

// Limits of the patterns of one vault: each is compared with all those of other
// files.
const (
	maxPatterns = 50
	maxPattern  = 64 // characters of one
)

// names reads which names of a vault the file owns.
func (r *reader) names(at place, n *yaml.Node, v *vaultDraft) {
	patterns, ok := texts(n)
	switch {
	case !ok:
		r.add(n, at, "must be a list of the names that this file owns, as in [BILLING_*]. A * stands for any characters, and at the beginning it needs quotes")
		return
	case len(patterns) > maxPatterns:
		r.add(n, at, fmt.Sprintf("has more than %d patterns. Use fewer", maxPatterns))
		return
	}
	for i, pattern := range patterns {
		if !isPattern(pattern) {
			patterns = nil
			r.add(n, at, fmt.Sprintf("entry %d must have letters, digits, _ and * alone, no digit first, and at most %d characters, as in BILLING_*", i+1, maxPattern))
		}
	}
	v.Names = patterns
}

func isPattern(text string) bool {
	return text != "" && len(text) <= maxPattern && ascii.Only(text, ascii.Word+"*") && !ascii.Only(text[:1], ascii.Digits)
}

// owns reports whether a file owns a name of its vault.
func (v *Vault) owns(name string) bool { return len(v.Names) == 0 || wildcard.Any(v.Names, name) }

// checkOwned notes the entries that are outside of the names that the file owns.
// The old name of a secret is deleted, so it must be the file's too.
func (r *reader) checkOwned(v *Vault) {
	for i := range v.Entries {
		e := &v.Entries[i]
		if !v.owns(e.EnvKey) {
			r.note(e.Line, placeOf(e, ""), "is outside of names, so another file may own it. Move the entry there, or add it to names")
		}
		if e.RenamedFrom != "" && !v.owns(e.RenamedFrom) {
			r.note(e.Line, placeOf(e, "renamed_from"), "is outside of names, so another file may own it and is not deleted here. Add the old name to names until the secret is renamed")
		}
	}
}

// checkRenames notes the old names that are not free: two entries would each
// decide what becomes of one secret.
func (r *reader) checkRenames(v *Vault) {
	renamed := map[string]int{}
	for i := range v.Entries {
		if e := &v.Entries[i]; e.RenamedFrom != "" && renamed[e.RenamedFrom] == 0 {
			renamed[e.RenamedFrom] = e.Line
		} else if e.RenamedFrom != "" {
			r.note(e.Line, placeOf(e, "renamed_from"), fmt.Sprintf("is that of the entry in line %d too. A secret can get one new name", renamed[e.RenamedFrom]))
		}
	}
	if len(renamed) == 0 {
		return
	}
	for i := range v.Entries {
		if e := &v.Entries[i]; renamed[e.EnvKey] > 0 {
			r.note(e.Line, placeOf(e, ""), fmt.Sprintf("is the old name of the entry in line %d. Leave this entry out, since renamed_from deletes the secret", renamed[e.EnvKey]))
		}
	}
}

// placeOf is an entry, or a key of it, for a message.
func placeOf(e *Entry, key string) place {
	name := e.EnvKey
	if !plainName(name) {
		name = "secrets"
	}
	return place{name, key}
}

func (r *reader) renamedFrom(at place, n *yaml.Node, d *draft) {
	name, ok := text(n)
	switch err := nairi.CheckEnvKey(name); {
	case !ok:
		r.add(n, at, "must be the name that the secret had, as in OLD_"+placeholder)
	case err != nil:
		r.add(n, at, err.Error())
	case name == d.EnvKey:
		r.add(n, at, "is the name of the entry itself. Give the name that the secret had before")
	default:
		d.RenamedFrom = name
	}
}
