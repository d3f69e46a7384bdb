package plan

import (
	"errors"
	"fmt"
	"slices"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

// Unmanaged are the secrets of one vault that the manifest owns and does not name.
type Unmanaged struct {
	VaultID nairi.VaultID
	Secrets []*nairi.Secret // by name
}

// ErrUnmanaged is the error of a plan that leaves secrets alone of which the manifest
// should have named all. It names none: whoever reads it may not be meant to know what
// else a vault holds.
var ErrUnmanaged = errors.New("the manifest does not name all secrets")

// FindUnmanaged finds them among what the vaults hold, in the order of the vaults; of
// one without any there is none. Those that a plan by these rules deletes are none, nor
// are those of another shard.
func FindUnmanaged(desired []Vault, current [][]nairi.Secret, rules Rules) []Unmanaged {
	var all []Unmanaged
	for i, vault := range desired {
		secrets := vault.unmanaged(current[i], rules)
		secrets = slices.DeleteFunc(secrets, func(s *nairi.Secret) bool { return !rules.Shard.Has(vault.ID, s.EnvKey) })
		if len(secrets) > 0 {
			all = append(all, Unmanaged{VaultID: vault.ID, Secrets: secrets})
		}
	}
	return all
}

// unmanaged are those of the vault, of all shards. A name that a secret had before is
// one that the manifest names.
func (v Vault) unmanaged(current []nairi.Secret, rules Rules) []*nairi.Secret {
	if rules.Prune || rules.Look(v) != LookAtAll {
		return nil
	}
	names := v.names()
	var secrets []*nairi.Secret
	for i := range current {
		if s := &current[i]; !names[s.EnvKey] && v.owns(s.EnvKey) {
			secrets = append(secrets, s)
		}
	}
	sortByName(secrets)
	return secrets
}

// checkManaged is why a plan is not made: a vault has more than the manifest names, and
// that is an error. Each shard looks at all of them.
func checkManaged(desired []Vault, current [][]nairi.Secret, rules Rules) error {
	left, vaults := 0, 0
	for i, vault := range desired {
		if !vault.AllManaged {
			continue
		}
		if n := len(vault.unmanaged(current[i], rules)); n > 0 {
			left, vaults = left+n, vaults+1
		}
	}
	if left == 0 {
		return nil
	}
	return refuse(ErrUnmanaged, "%s that the manifest does not name, and unmanaged is error", words(inVaults(left, vaults)))
}

// inVaults counts secrets in words.
func inVaults(secrets, vaults int) string {
	if vaults > 1 {
		return fmt.Sprintf("%d vaults have %d secrets", vaults, secrets)
	}
	if secrets == 1 {
		return "the vault has 1 secret"
	}
	return fmt.Sprintf("the vault has %d secrets", secrets)
}
