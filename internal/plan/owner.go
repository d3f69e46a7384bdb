package plan

import "github.com/nairi-community/vault-secret/internal/wildcard"

// owns reports whether the manifest owns a name. Without patterns it owns all.
func (v *Vault) owns(name string) bool { return owns(v.Owned, name) }

func (p *Part) owns(name string) bool { return owns(p.Owned, name) }

func owns(patterns []string, name string) bool {
	return len(patterns) == 0 || wildcard.Any(patterns, name)
}

// parts are what each file owns: one part where that is not several files' own.
func (v *Vault) parts() []Part {
	if len(v.Parts) > 0 {
		return v.Parts
	}
	return []Part{{Owned: v.Owned, MayEmpty: v.MayEmpty}}
}
