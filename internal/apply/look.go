// Package apply reads what is there, carries a planned change out, and says
// exactly what is known of it afterwards.
package apply

import (
	"context"
	"net/http"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// API is what is asked of a client; *nairi.Client is one.
type API interface {
	List(context.Context, nairi.VaultID) ([]nairi.Secret, error)
	Look(context.Context, nairi.VaultID, nairi.SecretID) (nairi.Secret, error)
	Create(context.Context, nairi.VaultID, nairi.New) (nairi.Secret, error)
	Update(context.Context, nairi.VaultID, nairi.SecretID, nairi.Patch) (nairi.Secret, error)
	Delete(context.Context, nairi.VaultID, nairi.SecretID) error
}

// Vault is one vault, reached through a client.
type Vault struct {
	API API
	ID  nairi.VaultID
}

// Find reads the secrets that want addresses: one or none by its ID, any
// number by its name. It changes nothing.
func (v Vault) Find(ctx context.Context, want plan.Want) ([]nairi.Secret, error) {
	if want.SecretID != "" {
		return v.findByID(ctx, want.SecretID)
	}
	secrets, err := v.API.List(ctx, v.ID)
	if err != nil {
		return nil, err
	}
	return only(secrets, func(s nairi.Secret) bool { return s.EnvKey == want.EnvKey }), nil
}

// findByID looks at one secret. A 404 does not say which of vault and secret is
// not there, nor whether it is the API's word at all, and a delete must not take
// a wrong vault for a deleted secret, so the vault's list is asked for then.
func (v Vault) findByID(ctx context.Context, id nairi.SecretID) ([]nairi.Secret, error) {
	found, err := v.API.Look(ctx, v.ID, id)
	if nairi.StatusOf(err) == http.StatusNotFound {
		return v.listed(ctx, id)
	}
	if err != nil {
		return nil, err
	}
	return []nairi.Secret{found}, nil
}

// listed finds a secret by its ID in the list of the vault.
func (v Vault) listed(ctx context.Context, id nairi.SecretID) ([]nairi.Secret, error) {
	secrets, err := v.API.List(ctx, v.ID)
	return only(secrets, func(s nairi.Secret) bool { return s.ID == id }), err
}

func only(secrets []nairi.Secret, wanted func(nairi.Secret) bool) []nairi.Secret {
	var found []nairi.Secret
	for _, s := range secrets {
		if wanted(s) {
			found = append(found, s)
		}
	}
	return found
}
