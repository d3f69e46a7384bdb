package report

import (
	"cmp"
	"errors"

	"github.com/nairi-community/vault-secret/internal/drift"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// unmanaged is how many secrets are in the vaults and not in the manifest.
func (r *Report) unmanaged() int {
	n := 0
	for _, vault := range r.Unmanaged {
		n += len(vault.Secrets)
	}
	return n
}

// unmanagedNames are the names of the secrets that only the vaults know, by vault;
// none where strangers may read them.
func (r *Report) unmanagedNames() []group {
	if !r.Private {
		return nil
	}
	var groups []group
	for _, vault := range r.Unmanaged {
		for _, s := range vault.Secrets {
			groups = add(groups, vault.VaultID, func() string { return cmp.Or(r.clean(s.EnvKey), r.id(s.ID)) })
		}
	}
	return groups
}

// unmanagedLines say what the vaults have and the manifest does not name, a line for
// each vault.
func (r *Report) unmanagedLines() []string {
	switch groups := r.unmanagedNames(); {
	case r.unmanaged() == 0:
		return nil
	case len(groups) == 0:
		return []string{r.unmanagedCount() + r.hidden()}
	case len(groups) == 1 && len(r.Desired) == 1:
		return []string{r.unmanagedCount() + ": " + groups[0].few() + "."}
	default:
		lines := []string{r.unmanagedCount() + "."}
		return append(lines, r.groupLines("Not in the manifest,", groups)...)
	}
}

// hidden ends the sentence about secrets whose names are not shown.
func (r *Report) hidden() string {
	return ". " + plural(r.unmanaged(), "Its name is", "Their names are") + " shown only in a private repository."
}

// unmanagedCount is how many there are, in words: how many more, where others are
// findings of a check.
func (r *Report) unmanagedCount() string {
	more := ""
	for _, found := range r.findings() {
		if found.Kind == drift.Extra {
			more = "more "
		}
	}
	return agree(r.unmanaged(), more+"secret is", more+"secrets are") + " in " + r.theVaults() + " and not in the manifest"
}

// whichUnmanaged are the first names, behind an error about them.
func (r *Report) whichUnmanaged() string {
	var all group
	for _, group := range r.unmanagedNames() {
		all.names, all.more = append(all.names, group.names...), all.more+group.more
	}
	if len(all.names) == 0 {
		return ""
	}
	return ": " + all.few()
}

// unmanagedNamed are they in Markdown, with what becomes of them.
func (r *Report) unmanagedNamed() fold {
	f := fold{r.unmanagedCount(), r.unmanagedNames()}
	switch {
	case r.unmanaged() == 0:
		return fold{}
	case r.Check == nil && !errors.Is(r.Err, plan.ErrUnmanaged):
		f.summary += "; " + plural(r.unmanaged(), "it is", "they are") + " left alone"
	}
	if len(f.groups) == 0 {
		f.summary += r.hidden()
	}
	return f
}
