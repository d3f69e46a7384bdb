// Package drift says how vaults differ from what a manifest says of them, and which
// of their values are old. It does no I/O.
package drift

import (
	"time"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// Kind is what is off about a secret. The texts are part of the results output.
type Kind string

// The kinds.
const (
	Missing Kind = "missing" // the manifest wants it, and the vault does not have it
	Extra   Kind = "extra"   // the vault has it, and the manifest, which is to be all, does not name it
	Hosts   Kind = "hosts"   // its hosts are others than the manifest's, or are not known
	Twice   Kind = "twice"   // several secrets have the name, and none is the one that is meant
	Present Kind = "present" // it is to be absent, or is the old name of a renamed one, and is there
	Stale   Kind = "stale"   // its last change is longer ago than max_age
)

// Kinds lists them in the order in which they are documented.
var Kinds = []Kind{Missing, Extra, Hosts, Twice, Present, Stale}

// Finding is one thing that is off about one name of a vault. A secret that has
// other hosts and is stale as well has two.
type Finding struct {
	Kind    Kind
	VaultID nairi.VaultID
	Name    string           // of the secret; that of an Extra is known to the vault alone
	IDs     []nairi.SecretID // of the secrets there that have the name, sorted; none of a Missing
	// Wanted are the hosts that the manifest gives; nil if it gives none. There are
	// those of the vault; nil if they are not known, or if several secrets have the name.
	Wanted, There domains.List
	UpdatedAt     time.Time // zero if it is not known, or if several secrets have the name
	// Age is the time since UpdatedAt, and MaxAge what the manifest allows; both are
	// only set of a Stale.
	Age, MaxAge time.Duration
	// Place is that of the entry, or of its vault for an Extra.
	Place plan.Place
}

// Count is how many findings are differences, and how many are old values.
func Count(findings []Finding) (differences, stale int) {
	for _, f := range findings {
		if f.Kind == Stale {
			stale++
		}
	}
	return len(findings) - stale, stale
}
