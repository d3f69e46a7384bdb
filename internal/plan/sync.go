package plan

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

// Vault is a vault as it is wanted, and as it is.
type Vault struct {
	ID    nairi.VaultID
	Wants []Want // by EnvKey, each at most once
	Have  []nairi.Secret
}

// Rules say what a plan of whole vaults may do.
type Rules struct {
	// Prune deletes the secrets that no want names.
	Prune bool
	// MaxDeletes is how many secrets may be deleted, in all vaults and shards
	// together; nil means DefaultMaxDeletes, and that no vault may be emptied.
	MaxDeletes *int
	// Shard is the part that is planned.
	Shard Shard
}

// DefaultMaxDeletes is low enough that a file that lost half of its lines, or
// names the wrong vault, does not take the vault with it.
const DefaultMaxDeletes = 5

// Step is one change of a plan of many.
type Step struct {
	VaultID nairi.VaultID
	Change  Change
	Pruned  bool  // a delete that no want names
	Err     error // why there is no plan for it; Change then has no Action
}

// Why a plan of many changes cannot be made.
var (
	ErrTooManyDeletes = errors.New("too many secrets would be deleted")
	ErrWidens         = errors.New("the secret could go to more hosts than before")
)

// Sync plans the changes that bring vaults to what is wanted, in the order of
// the wants, with what is pruned of a vault behind it. A step with an error
// leaves the others as they are; the error returned is of the plan as a whole.
func Sync(vaults []Vault, rules Rules) ([]Step, error) {
	var steps []Step
	var deletes deletes
	for _, vault := range vaults {
		all := vault.steps(rules)
		deletes.count(vault, all)
		steps = append(steps, slices.DeleteFunc(all, func(step Step) bool {
			return !rules.Shard.Has(step.VaultID, step.Change.Name())
		})...)
	}
	return steps, deletes.check(rules)
}

// steps plans a vault with all of its shards.
func (v Vault) steps(rules Rules) []Step {
	have := byName(v.Have)
	steps := make([]Step, 0, len(v.Wants))
	for _, want := range v.Wants {
		change, err := Make(want, have[want.EnvKey])
		steps = append(steps, Step{VaultID: v.ID, Change: change, Err: err})
		delete(have, want.EnvKey)
	}
	if rules.Prune {
		steps = append(steps, v.pruned(have)...)
	}
	return steps
}

// byName sorts secrets by their name, which hardly any share.
func byName(secrets []nairi.Secret) map[string][]nairi.Secret {
	have := make(map[string][]nairi.Secret, len(secrets))
	for i, s := range secrets {
		if same := have[s.EnvKey]; same != nil {
			have[s.EnvKey] = append(same, s)
			continue
		}
		have[s.EnvKey] = secrets[i : i+1 : i+1]
	}
	return have
}

// pruned deletes what is left, by ID: names may stand in a vault twice.
func (v Vault) pruned(left map[string][]nairi.Secret) []Step {
	var secrets []*nairi.Secret
	for _, named := range left {
		for i := range named {
			secrets = append(secrets, &named[i])
		}
	}
	slices.SortFunc(secrets, func(a, b *nairi.Secret) int {
		return cmp.Or(strings.Compare(a.EnvKey, b.EnvKey), cmp.Compare(a.ID, b.ID))
	})
	steps := make([]Step, len(secrets))
	for i, s := range secrets {
		want := Want{Operation: Delete, SecretID: s.ID, EnvKey: s.EnvKey}
		steps[i] = Step{VaultID: v.ID, Pruned: true, Change: Change{Action: Deletes, Want: want, Before: s}}
	}
	return steps
}

// deletes counts what a plan deletes, over all shards: each of them guards
// against the whole.
type deletes struct {
	names   []string
	emptied []nairi.VaultID
}

func (d *deletes) count(vault Vault, steps []Step) {
	left := len(vault.Have)
	for _, step := range steps {
		if step.Change.Action == Deletes {
			d.names = append(d.names, step.Change.Name())
			left--
		}
	}
	// What is created counts for nothing: it may fail, or be another shard's.
	if left == 0 && len(vault.Have) > 0 {
		d.emptied = append(d.emptied, vault.ID)
	}
}

// check holds the count against what the rules allow.
func (d *deletes) check(rules Rules) error {
	most := DefaultMaxDeletes
	if rules.MaxDeletes != nil {
		most = *rules.MaxDeletes
	}
	switch {
	case len(d.names) > most:
		return &Error{ErrTooManyDeletes, fmt.Sprintf("%d, and max_deletes is %d: %s", len(d.names), most, some(d.names))}
	case len(d.emptied) > 0 && rules.MaxDeletes == nil:
		return &Error{ErrTooManyDeletes, fmt.Sprintf("all of vault %s, and max_deletes is not given: %s", d.emptied[0], some(d.names))}
	}
	return nil
}

// some are the first names of a list that may be long.
func some(names []string) string {
	const shown = 10
	if len(names) <= shown {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:shown], ", "), len(names)-shown)
}
