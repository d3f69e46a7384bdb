package drift

import (
	"slices"
	"time"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// Compared is one name of a vault, and what is off about it, if anything is.
type Compared struct {
	VaultID nairi.VaultID
	Name    string
	Wanted  bool             // whether the manifest wants it; else it is to be absent, or is not named
	IDs     []nairi.SecretID // of the secrets there that have the name
	// WantedHosts are those that the manifest gives, and Hosts those of the one secret
	// there; nil if there is none, or if they are not known.
	WantedHosts, Hosts domains.List
	UpdatedAt          time.Time     // of the one secret there; zero if it is not known
	Age                time.Duration // since then
	MaxAge             time.Duration // 0 for any age
	Place              plan.Place
	Findings           []Finding
}

// AgeKnown reports whether there is an age: it is by updated_at, and never by guess.
func (c *Compared) AgeKnown() bool { return !c.UpdatedAt.IsZero() }

// HasAge reports whether the name is of one secret, which the manifest wants.
func (c *Compared) HasAge() bool { return c.Wanted && len(c.IDs) == 1 }

// Compare compares vaults with what is desired of them. current are all secrets of
// each vault. What it returns is in the order of the manifest; the secrets of a vault
// that it is to name and does not come behind the others of that vault, by name.
func Compare(desired []plan.Vault, current [][]nairi.Secret, now time.Time) []Compared {
	var compared []Compared
	for i := range desired {
		v := newVault(&desired[i], current[i], now)
		for _, entry := range desired[i].Secrets {
			compared = append(compared, v.compare(entry)...)
		}
		if desired[i].AllManaged {
			compared = append(compared, v.extras(plan.FindUnmanaged(desired[i:i+1], current[i:i+1], plan.Rules{}))...)
		}
	}
	return compared
}

// vault is one that is compared.
type vault struct {
	*plan.Vault
	there map[string][]nairi.Secret // by name
	now   time.Time
}

func newVault(desired *plan.Vault, current []nairi.Secret, now time.Time) vault {
	v := vault{desired, make(map[string][]nairi.Secret, len(current)), now}
	for _, s := range current {
		v.there[s.EnvKey] = append(v.there[s.EnvKey], s)
	}
	return v
}

// extras are the names of secrets that the manifest does not name.
func (v vault) extras(unmanaged []plan.Unmanaged) []Compared {
	var extras []Compared
	for _, u := range unmanaged {
		for _, s := range u.Secrets {
			if last := len(extras) - 1; last >= 0 && extras[last].Name == s.EnvKey {
				continue // which has been compared with all of its name
			}
			extra := v.compared(plan.Desired{Operation: plan.OpDelete, EnvKey: s.EnvKey, Place: v.Place}, v.there[s.EnvKey])
			extra.find(Extra)
			extras = append(extras, extra)
		}
	}
	return extras
}

// idsOf are the IDs of secrets in an order that does not change from run to run.
func idsOf(secrets []nairi.Secret) []nairi.SecretID {
	var ids []nairi.SecretID
	for _, s := range secrets {
		ids = append(ids, s.ID)
	}
	slices.Sort(ids)
	return ids
}
