package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/nairi"
)

// Listed is what vaults hold.
type Listed struct {
	// Secrets are those of each vault that is desired, by name.
	Secrets [][]*nairi.Secret
	now     time.Time
}

// NewListed is what vaults hold at a time.
func NewListed(current [][]nairi.Secret, now time.Time) *Listed {
	l := &Listed{make([][]*nairi.Secret, len(current)), now}
	for i, secrets := range current {
		sorted := make([]*nairi.Secret, len(secrets)) // pointers are sorted by what sorts all others
		for j := range secrets {
			sorted[j] = &secrets[j]
		}
		slices.SortFunc(sorted, func(a, b *nairi.Secret) int {
			return cmp.Or(strings.Compare(a.EnvKey, b.EnvKey), cmp.Compare(a.ID, b.ID))
		})
		l.Secrets[i] = sorted
	}
	return l
}

// count is how many secrets there are in all vaults.
func (l *Listed) count() int {
	n := 0
	for _, secrets := range l.Secrets {
		n += len(secrets)
	}
	return n
}

// open is how many secrets any host may get.
func (l *Listed) open() int {
	n := 0
	for _, secrets := range l.Secrets {
		for _, s := range secrets {
			if s.AllowedDomains.Unlimited() {
				n++
			}
		}
	}
	return n
}

// listOutputs are the outputs of a list. All are empty if a vault could not be read.
func (r *Report) listOutputs() []ci.Output {
	results := ""
	if r.Listed != nil {
		results = r.results()
	}
	return append([]ci.Output{output("results", results)}, r.listNumbers()...)
}

// listNumbers are those of them that are no JSON.
func (r *Report) listNumbers() []ci.Output {
	listed := ""
	if r.Listed != nil {
		listed = strconv.Itoa(r.Listed.count())
	}
	return []ci.Output{output("listed_count", listed)}
}

// held is one element of the results of a list.
type held struct {
	VaultID        string   `json:"vault_id"`
	EnvKey         string   `json:"env_key"`
	SecretID       string   `json:"secret_id"`
	AllowedDomains []string `json:"allowed_domains"`
	CreatedAt      string   `json:"created_at"`
	UpdatedAt      string   `json:"updated_at"`
}

// news implements entry: no secret of a list is less worth than another.
func (held) news() bool { return true }

// heldElements are the elements of a list, vault by vault.
func (r *Report) heldElements() (n int, at func(int) entry) {
	type place struct {
		vault  nairi.VaultID
		secret *nairi.Secret
	}
	places := make([]place, 0, r.Listed.count())
	for i, secrets := range r.Listed.Secrets {
		for _, s := range secrets {
			places = append(places, place{r.Desired[i].ID, s})
		}
	}
	return len(places), func(i int) entry { return r.held(places[i].vault, places[i].secret) }
}

func (r *Report) held(vault nairi.VaultID, secret *nairi.Secret) held {
	h := held{
		VaultID: string(vault), EnvKey: r.clean(secret.EnvKey), SecretID: r.id(secret.ID),
		CreatedAt: timestamp(secret.CreatedAt), UpdatedAt: timestamp(secret.UpdatedAt),
	}
	if secret.AllowedDomains.Known() {
		h.AllowedDomains = r.cleanAll(secret.AllowedDomains)
	}
	return h
}

// hidesListed reports whether there is a secret in what is listed.
func (r *Report) hidesListed() bool {
	if r.Listed == nil {
		return false
	}
	for _, secrets := range r.Listed.Secrets {
		for _, s := range secrets {
			if r.hides(s.EnvKey) || r.hides(s.AllowedDomains...) {
				return true
			}
		}
	}
	return false
}

// listText is how many secrets there are, in a line.
func (r *Report) listText() []string { return []string{r.listHeading() + "." + r.openText()} }

func (r *Report) listHeading() string {
	vaults := r.theVaults()
	text := strings.ToUpper(vaults[:1]) + vaults[1:] + plural(len(r.Desired), " has ", " have ")
	if n := r.Listed.count(); n > 0 {
		return text + counted(n, "secret")
	}
	return text + "no secrets"
}

// openText says how many of them any host may get, if there are any.
func (r *Report) openText() string {
	n := r.Listed.open()
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" %s be sent to any host.", agree(n, "secret can", "secrets can"))
}
