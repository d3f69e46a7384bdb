package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/visible"
)

// maxVaultName is how many characters of a vault's name are shown.
const maxVaultName = 60

// vaultName is what a vault is called, in one line of plain text; empty if that is not
// known. It is the API's word: a manifest that could name vaults, as a pull request can
// change it, could call production "staging". Secrets are taken out before it is cut,
// since no redactor knows half of one.
func (r *Report) vaultName(id nairi.VaultID) string {
	name := strings.Join(strings.Fields(strings.Map(visible.OrSpace, r.clean(r.VaultNames[id]))), " ")
	if characters := []rune(name); len(characters) > maxVaultName {
		name = strings.TrimSpace(string(characters[:maxVaultName-1])) + "…"
	}
	return name
}

// vaultText is a vault in a line of plain text, as in production (vlt_…). The ID is
// always there: a name says nothing of which of two it is.
func (r *Report) vaultText(id nairi.VaultID) string {
	if name := r.vaultName(id); name != "" {
		return name + " (" + string(id) + ")"
	}
	return string(id)
}

// vaultMarkdown is a vault in Markdown, as in production · vlt_….
func (r *Report) vaultMarkdown(id nairi.VaultID) string {
	if name := r.vaultName(id); name != "" {
		return escape(name) + " · " + code(string(id))
	}
	return code(string(id))
}

// vaultLabel is a vault in front of what is in it, in Markdown: its name, with its ID where
// another has the same, or its ID where it has none. The only vault needs none.
func (r *Report) vaultLabel(id nairi.VaultID) string {
	name := r.vaultName(id)
	if name == "" {
		return r.ofSeveral(func(id nairi.VaultID) string { return code(string(id)) })(id)
	}
	label := "**" + escape(name) + "**"
	if r.looksAlike(id, name) {
		label += " · " + code(string(id))
	}
	return label
}

// looksAlike reports whether another vault has the same name, or one that shows as the same.
func (r *Report) looksAlike(id nairi.VaultID, name string) bool {
	return slices.ContainsFunc(r.Desired, func(vault plan.Vault) bool { return vault.ID != id && r.vaultName(vault.ID) == name })
}

// secretLabel is the secret that a change is about with its vault, in Markdown.
func (r *Report) secretLabel(change *plan.Change) string {
	label := r.vaultLabel(change.VaultID)
	if label != "" {
		label += " · "
	}
	return label + code(cmp.Or(r.name(change), r.id(change.SecretID())))
}

// inVault says which vault something is about, if that may be one of several.
func (r *Report) inVault(id nairi.VaultID) string {
	if len(r.Desired) == 0 || len(r.Desired) == 1 && r.Desired[0].ID == id {
		return ""
	}
	return " in " + r.vaultText(id)
}

// inNamed says it by the name alone, where the lines before have the ID and no other vault
// of the run is called the same.
func (r *Report) inNamed(id nairi.VaultID) string {
	name := r.vaultName(id)
	if where := r.inVault(id); where == "" || name == "" || r.looksAlike(id, name) {
		return where
	}
	return " in " + name
}

// inVaultMarkdown is the same in Markdown, where the ID of a vault with a name stands in
// a heading.
func (r *Report) inVaultMarkdown(vault nairi.VaultID) string {
	name := r.vaultName(vault)
	switch {
	case len(r.Desired) < 2:
		return ""
	case name == "":
		return " in " + code(string(vault))
	}
	return " in " + escape(name)
}

// vaultOf is a vault in a sentence, by its name and its ID where it may be one of
// several.
func (r *Report) vaultOf(id nairi.VaultID) string {
	switch {
	case len(r.Desired) < 2:
		return "the vault"
	case r.vaultName(id) == "":
		return "vault " + string(id)
	}
	return r.vaultText(id)
}

// theVaults are those of the run, in words.
func (r *Report) theVaults() string {
	return plural(len(r.Desired), "the vault", "the vaults")
}

// ofSeveral shows a vault where it is one of several, and nothing else.
func (r *Report) ofSeveral(show func(nairi.VaultID) string) func(nairi.VaultID) string {
	if len(r.Desired) < 2 {
		return func(nairi.VaultID) string { return "" }
	}
	return show
}
