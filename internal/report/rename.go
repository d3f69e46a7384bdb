package report

import (
	"fmt"

	"github.com/nairi-community/vault-secret/internal/plan"
)

// renameLine says which name a secret loses, and when. That it gets the other one is a
// change of its own.
func (r *Report) renameLine(change *plan.Change) string {
	return fmt.Sprintf("Plan: rename %s to %s%s. %s is deleted once %s is known to be there with its hosts.",
		r.secretName(*change.Current), r.clean(change.RenamedTo), r.inVault(change.VaultID), r.name(change), r.clean(change.RenamedTo))
}

// does is what a change does, in Markdown.
func (r *Report) does(change *plan.Change) string {
	if change.RenamedTo != "" {
		return "rename to " + code(r.clean(change.RenamedTo))
	}
	return sends(*change)
}
