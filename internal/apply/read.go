package apply

import (
	"context"
	"net/http"

	"golang.org/x/sync/errgroup"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// Read returns the secrets of each vault that a plan by these rules is made from,
// and changes nothing.
func (e Engine) Read(ctx context.Context, vaults []plan.Vault, rules plan.Rules) ([][]nairi.Secret, error) {
	current := make([][]nairi.Secret, len(vaults))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(e.Concurrency)
	for i, vault := range vaults {
		group.Go(func() (err error) {
			if mistake := problem.Recovered(func() { current[i], err = e.read(ctx, vault, rules.Look(vault)) }); mistake != nil {
				return mistake
			}
			return err
		})
	}
	return current, group.Wait()
}

func (e Engine) read(ctx context.Context, vault plan.Vault, look plan.Look) ([]nairi.Secret, error) {
	switch look {
	case plan.LookAtNone:
		return nil, nil
	case plan.LookAtOne:
		w := &writer{api: e.API, vault: vault.ID}
		return w.findByID(ctx, vault.Secrets[0].SecretID)
	}
	return e.API.List(ctx, vault.ID)
}

// find reads the secrets that desired selects: one or none by its ID, any number
// by its name.
func (w *writer) find(ctx context.Context, desired plan.Desired) ([]nairi.Secret, error) {
	if desired.SecretID != "" {
		return w.findByID(ctx, desired.SecretID)
	}
	return w.listed(ctx, desired)
}

// findByID looks at one secret. A 404 does not say which of vault and secret is
// not there, nor whether it is the API's word at all, and a delete must not take
// a wrong vault for a deleted secret, so the vault's list is asked for then.
func (w *writer) findByID(ctx context.Context, id nairi.SecretID) ([]nairi.Secret, error) {
	found, err := w.api.Look(ctx, w.vault, id)
	if nairi.StatusOf(err) == http.StatusNotFound {
		return w.listed(ctx, plan.Desired{SecretID: id})
	}
	if err != nil {
		return nil, err
	}
	return []nairi.Secret{found}, nil
}

// listed are the secrets in the list of the vault that desired selects.
func (w *writer) listed(ctx context.Context, desired plan.Desired) ([]nairi.Secret, error) {
	secrets, err := w.api.List(ctx, w.vault)
	var found []nairi.Secret
	for _, s := range secrets {
		if desired.Selects(s) {
			found = append(found, s)
		}
	}
	return found, err
}
