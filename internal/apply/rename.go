package apply

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// ErrOldName is why a secret is kept under its old name.
var ErrOldName = errors.New("an old name is only deleted once the new one is known to be in the vault with its hosts")

// newNames are where secrets have got new names: what a run deletes for the sake of
// another secret, it has seen beside that one.
type newNames struct {
	vaults map[nairi.VaultID]*vaultNow // once all is written
	at     map[nameIn]int              // the changes that put them there
}

// nameIn is a name in a vault.
type nameIn struct {
	vault nairi.VaultID
	name  string
}

// vaultNow is what a vault has under new names, or why that is not known.
type vaultNow struct {
	named map[string][]nairi.Secret
	err   error
}

// lookForNewNames lists each vault once from which an old name is to be deleted.
func (r *run) lookForNewNames(ctx context.Context) {
	r.newNames = newNames{map[nairi.VaultID]*vaultNow{}, map[nameIn]int{}}
	for i := range r.changes {
		if c := &r.changes[i]; c.RenamedTo != "" && r.reasonNotToSend(ctx, c) == nil {
			r.newNames.vaults[c.VaultID] = &vaultNow{}
		}
	}
	for i := range r.changes {
		if c := &r.changes[i]; c.Desired.RenamedFrom != "" {
			r.newNames.at[nameIn{c.VaultID, c.Desired.EnvKey}] = i
		}
	}
	var group errgroup.Group
	group.SetLimit(r.Concurrency)
	for id, vault := range r.newNames.vaults {
		group.Go(func() error { vault.err = r.listNewNames(ctx, id, vault); return nil })
	}
	_ = group.Wait()
}

// listNewNames takes the new names out of the list of a vault.
func (r *run) listNewNames(ctx context.Context, id nairi.VaultID, vault *vaultNow) (err error) {
	var secrets []nairi.Secret
	if mistake := problem.Recovered(func() { secrets, err = r.API.List(ctx, id) }); mistake != nil {
		return mistake
	}
	vault.named = map[string][]nairi.Secret{}
	for _, s := range secrets {
		if _, isNew := r.newNames.at[nameIn{id, s.EnvKey}]; isNew {
			vault.named[s.EnvKey] = append(vault.named[s.EnvKey], s)
		}
	}
	return err
}

// reasonToKeep is why the delete of an old name is not begun: nobody has seen the
// secret under its new name, as the run left it and with the hosts that it should have.
func (r *run) reasonToKeep(old *plan.Change) error {
	vault := r.newNames.vaults[old.VaultID]
	at, known := r.newNames.at[nameIn{old.VaultID, old.RenamedTo}]
	switch {
	case vault == nil || !known || r.results[at].Err != nil:
		return ErrOldName
	case vault.err != nil:
		return fmt.Errorf("%w: %w", ErrOldName, vault.err)
	}
	if why := missing(vault.named[old.RenamedTo], &r.results[at], r.changes[at].Desired.Domains); why != "" {
		return fmt.Errorf("%w: %s %s", ErrOldName, old.RenamedTo, why)
	}
	return nil
}

// missing is what those that are found under a new name lack to be what a run left
// there; empty for nothing.
func missing(found []nairi.Secret, result *Result, wanted *domains.List) string {
	switch {
	case len(found) == 0:
		return "is not in the list of the vault"
	case len(found) > 1:
		return "is in it more than once: " + plan.IDs(found)
	case result.After != nil && result.After.ID != found[0].ID:
		return "is another secret by now: " + string(found[0].ID)
	case wanted != nil && (!found[0].AllowedDomains.Known() || !wanted.Equal(found[0].AllowedDomains)):
		return "has other hosts by now"
	}
	return ""
}
