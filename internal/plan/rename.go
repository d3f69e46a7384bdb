package plan

import (
	"errors"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

// The API changes no name (https://nairi.ai/docs/api/vault-secrets/update), so a
// secret is renamed by a create of the new name and a delete of the old one. The
// plan has both, as changes of their own; internal/apply begins the delete only
// once the new name is known to be there.

// ErrRename is why a secret cannot have had the name that renamed_from says.
var ErrRename = errors.New("the secret cannot be renamed")

// renames plans what becomes of old names.
type renames struct {
	vault   *Vault
	entries map[string]bool // of the manifest, by name
	olds    map[string]int  // how many entries had a name before
}

// newRenames is nil for a vault in which nothing is renamed, as in most.
func newRenames(v *Vault) *renames {
	r := &renames{vault: v, entries: map[string]bool{}, olds: map[string]int{}}
	for i := range v.Secrets {
		if old := v.Secrets[i].RenamedFrom; old != "" {
			r.olds[old]++
		}
	}
	if len(r.olds) == 0 {
		return nil
	}
	for i := range v.Secrets {
		r.entries[v.Secrets[i].EnvKey] = true
	}
	return r
}

// former is the one secret that has the old name of another; nil if that is none, or not
// known.
func former(found []nairi.Secret) *nairi.Secret {
	if len(found) != 1 {
		return nil
	}
	return &found[0]
}

// forget plans the delete of a secret under the old name of a change. There is none if
// the old name is gone already, or if the change itself cannot be planned.
func (r *renames) forget(c *Change, found []nairi.Secret) []Change {
	if c.Err != nil {
		return nil
	}
	if err := r.conflict(&c.Desired, found); err != nil {
		c.Action, c.Patch, c.Err = "", nairi.Patch{}, err
		return nil
	}
	if len(found) == 0 {
		return nil
	}
	desired := Desired{Operation: OpDelete, SecretID: found[0].ID, EnvKey: found[0].EnvKey}
	return []Change{{VaultID: c.VaultID, Action: Delete, Desired: desired, Current: &found[0], RenamedTo: c.Desired.EnvKey}}
}

// conflict is why the secrets that are found under an old name are not the one that
// a Desired was.
func (r *renames) conflict(d *Desired, found []nairi.Secret) error {
	old := d.RenamedFrom
	switch {
	case d.Operation != OpSet || d.SecretID != "":
		return refuse(ErrRename, "%s has renamed_from, and its entry does not set it by its name", d.named())
	case r.entries[old]:
		return refuse(ErrRename, "%s cannot be renamed: its old name, %s, has an entry of its own", d.EnvKey, old)
	case r.olds[old] > 1:
		return refuse(ErrRename, "%s cannot be renamed: another entry has the same old name, %s", d.EnvKey, old)
	case !r.vault.owns(old):
		return refuse(ErrRename, "%s cannot be renamed: the manifest does not own its old name, %s", d.EnvKey, old)
	case len(found) > 1:
		return refuse(ErrAmbiguous, "the vault has %d secrets named %s, the old name of %s: %s", len(found), old, d.EnvKey, words(IDs(found))).advise("Delete all but one.")
	}
	return nil
}
