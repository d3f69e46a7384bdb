package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

// Rules say what a plan may do.
type Rules struct {
	// DryRun says that nothing is written. The present state, and what would change, is
	// all there is to show.
	DryRun bool
	// Prune deletes the secrets of a vault that no Desired selects.
	Prune bool
	// Guard bounds the deletes of a plan; nil for none, as where a delete was
	// asked for by itself.
	Guard *DeleteGuard
	// Shard is the part that is planned.
	Shard Shard
}

// Make plans the changes that bring vaults to what is desired, in the order of
// the Desired, each with the delete of its old name behind it, and with what is
// pruned of a vault behind all. current are the secrets of each vault, as far as
// rules.Look asks for them. A change with an Err leaves the others as they are; the
// error returned is of the plan as a whole.
func Make(desired []Vault, current [][]nairi.Secret, rules Rules) ([]Change, error) {
	var changes []Change
	var deletes deletes
	for i, vault := range desired {
		all := vault.changes(current[i], rules)
		deletes.count(&vault, current[i], all)
		rules.Shard.awaitCreates(all)
		all = rules.Shard.of(all)
		if i == 0 { // mostly the only one, and changes are large
			changes = all
			continue
		}
		changes = append(changes, all...)
	}
	return changes, cmp.Or(rules.Guard.check(deletes), checkManaged(desired, current, rules))
}

// changes plans a vault with all of its shards.
func (v Vault) changes(current []nairi.Secret, rules Rules) []Change {
	if rules.Look(v) == LookAtNone {
		return []Change{unseen(v.ID, v.Secrets[0])}
	}
	named := byName(current)
	asked := make(map[nairi.SecretID]bool, len(v.Secrets)) // for, by some Desired
	changes := make([]Change, 0, len(v.Secrets))
	renames := newRenames(&v)
	for _, desired := range v.Secrets {
		found := named[desired.EnvKey]
		if desired.SecretID != "" {
			found = selected(current, desired)
		}
		var old []nairi.Secret
		if desired.RenamedFrom != "" {
			old = named[desired.RenamedFrom]
		}
		changes = append(changes, makeOne(v.ID, desired, found, former(old)))
		for _, s := range found {
			asked[s.ID] = true
		}
		if desired.RenamedFrom != "" {
			changes = append(changes, renames.forget(&changes[len(changes)-1], old)...)
			for _, s := range old { // which is asked for too
				asked[s.ID] = true
			}
		}
	}
	slips := newSlips(current, asked)
	for i := range changes {
		slips.look(&changes[i])
	}
	if rules.Prune {
		changes = append(changes, v.pruned(current, asked)...)
	}
	return changes
}

func selected(current []nairi.Secret, desired Desired) []nairi.Secret {
	var found []nairi.Secret
	for _, s := range current {
		if desired.Selects(s) {
			found = append(found, s)
		}
	}
	return found
}

// byName sorts secrets by their name, which hardly any share.
func byName(secrets []nairi.Secret) map[string][]nairi.Secret {
	named := make(map[string][]nairi.Secret, len(secrets))
	for i, s := range secrets {
		if same := named[s.EnvKey]; same != nil {
			named[s.EnvKey] = append(same, s)
			continue
		}
		named[s.EnvKey] = secrets[i : i+1 : i+1]
	}
	return named
}

// pruned deletes what the manifest owns and does not ask for, by ID: names may stand in
// a vault twice. Pointers are sorted, since a Change is large.
func (v Vault) pruned(current []nairi.Secret, asked map[nairi.SecretID]bool) []Change {
	var secrets []*nairi.Secret
	for i := range current {
		if !asked[current[i].ID] && v.owns(current[i].EnvKey) {
			secrets = append(secrets, &current[i])
		}
	}
	sortByName(secrets)
	changes := make([]Change, len(secrets))
	for i, s := range secrets {
		desired := Desired{Operation: OpDelete, SecretID: s.ID, EnvKey: s.EnvKey}
		changes[i] = Change{VaultID: v.ID, Pruned: true, Action: Delete, Desired: desired, Current: s}
	}
	return changes
}

// sortByName sorts secrets by their names, and those of one name by their IDs. All kinds
// of pointers share one copy of the generic code, which of secrets would be a second one
// of 17 KB.
func sortByName(secrets []*nairi.Secret) {
	slices.SortFunc(secrets, func(a, b *nairi.Secret) int {
		return cmp.Or(strings.Compare(a.EnvKey, b.EnvKey), cmp.Compare(a.ID, b.ID))
	})
}

// Blocked reports whether something cannot be planned. Then nothing is carried
// out: half of what was meant is not what was meant.
func Blocked(changes []Change) bool {
	for i := range changes {
		if changes[i].Err != nil {
			return true
		}
	}
	return false
}

// Writes is how many of the changes write.
func Writes(changes []Change) int {
	writes := 0
	for _, c := range changes {
		if c.Writes() {
			writes++
		}
	}
	return writes
}
