package apply

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// Unverified is a vault that could not be listed after something was created in
// it, so that nobody looked whether a name stands in it twice.
type Unverified struct {
	Vault nairi.VaultID
	Err   error
}

// Verify lists each vault once in which something was created by its name, and
// corrects the results of what the list shows otherwise: where a server does not
// keep names unique, two runs that create one at the same time both do. A vault
// that cannot be listed leaves its results as they are.
func (e Engine) Verify(ctx context.Context, results []Result) []Unverified {
	created := map[nairi.VaultID][]*Result{}
	var vaults []nairi.VaultID
	for i := range results {
		if result := &results[i]; result.Outcome == Created {
			vault := result.Change.VaultID
			if created[vault] == nil {
				vaults = append(vaults, vault)
			}
			created[vault] = append(created[vault], result)
		}
	}
	failures := make([]error, len(vaults))
	var group errgroup.Group
	group.SetLimit(e.Concurrency)
	for i, vault := range vaults {
		group.Go(func() error { failures[i] = e.verify(ctx, vault, created[vault]); return nil })
	}
	_ = group.Wait()
	var unverified []Unverified
	for i, err := range failures {
		if err != nil {
			unverified = append(unverified, Unverified{vaults[i], err})
		}
	}
	return unverified
}

// verify lists a vault, and corrects the results of what was created in it.
func (e Engine) verify(ctx context.Context, vault nairi.VaultID, created []*Result) error {
	var secrets []nairi.Secret
	err := Ended(ctx)
	if err == nil {
		if mistake := problem.Recovered(func() { secrets, err = e.API.List(ctx, vault) }); mistake != nil {
			return mistake
		}
	}
	if err != nil {
		return err
	}
	named := map[string][]nairi.Secret{}
	for _, result := range created {
		named[result.Change.Desired.EnvKey] = nil
	}
	for _, s := range secrets {
		if found, ok := named[s.EnvKey]; ok {
			named[s.EnvKey] = append(found, s)
		}
	}
	for _, result := range created {
		result.correct(named[result.Change.Desired.EnvKey])
	}
	return nil
}

// ErrReplaced is the error for a created secret in whose place the vault has
// another one of the name.
var ErrReplaced = errors.New("the vault has another secret of this name instead of the one that was created")

// correct corrects what is said of a created secret by the secrets of its name. A
// list without any says nothing: somebody may have deleted it, or the list may be
// late.
func (r *Result) correct(found []nairi.Secret) {
	switch {
	case len(found) > 1:
		r.Outcome, r.Err = Unknown, twice(found)
	case len(found) == 1 && r.After != nil && found[0].ID != r.After.ID:
		r.Outcome, r.Err = Unknown, fmt.Errorf("%w: %s", ErrReplaced, found[0].ID)
	case len(found) == 0 && r.Note == "":
		r.Note = "The vault does not list the secret yet. Check the dashboard."
	}
}

// ErrTwice is the error for a name that stands in the vault more than once
// after a create.
var ErrTwice = errors.New("the name is in the vault more than once now")

func twice(found []nairi.Secret) error {
	return fmt.Errorf("%w: %s. Keep one, and delete the others", ErrTwice, plan.IDs(found))
}
