package report

import (
	"strings"
	"unicode"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

// maxVaultName is how many characters of a vault's name are shown.
const maxVaultName = 60

// vaultName is what a vault is called, in one line of plain text; empty if that is not
// known. It is the API's word: a manifest that could name vaults, as a pull request can
// change it, could call production "staging". Secrets are taken out before it is cut,
// since no redactor knows half of one.
func (r *Report) vaultName(id nairi.VaultID) string {
	printable := func(c rune) rune {
		if unicode.IsPrint(c) {
			return c
		}
		return ' '
	}
	name := strings.Join(strings.Fields(strings.Map(printable, r.clean(r.VaultNames[id]))), " ")
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

// inVault says which vault something is about, if that may be one of several.
func (r *Report) inVault(id nairi.VaultID) string {
	if len(r.Desired) == 0 || len(r.Desired) == 1 && r.Desired[0].ID == id {
		return ""
	}
	return " in " + r.vaultText(id)
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
