package plan_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

var names = rapid.SampledFrom([]string{"A", "B", "C", "D", "E", "F", "G", "H"})

// drawVault draws a vault, each name in it once, and what it is to become. Only
// secrets that are there can be fenced, so that there always is a plan.
func drawVault(t *rapid.T, id nairi.VaultID) plan.Vault {
	v := plan.Vault{ID: id}
	for _, name := range rapid.SliceOfDistinct(names, rapid.ID).Draw(t, "names there") {
		v.Have = append(v.Have, keyed(name, hosts.Draw(t, "domains there")...))
	}
	for _, name := range rapid.SliceOfDistinct(names, rapid.ID).Draw(t, "names wanted") {
		there := slices.ContainsFunc(v.Have, func(s nairi.Secret) bool { return s.EnvKey == name })
		list := hosts.Draw(t, "domains wanted")
		switch rapid.IntRange(0, 2).Draw(t, "what") {
		case 0:
			v.Wants = append(v.Wants, absent(name))
		case 1:
			v.Wants = append(v.Wants, sets(name, list...))
		case 2:
			if there {
				v.Wants = append(v.Wants, fences(name, list...))
			}
		}
	}
	return v
}

func drawVaults(t *rapid.T) []plan.Vault {
	return []plan.Vault{drawVault(t, vaultOne), drawVault(t, vaultTwo)}
}

// every lets a plan delete as much as it likes.
func every(prune bool) plan.Rules {
	most := 1000
	return plan.Rules{Prune: prune, MaxDeletes: &most}
}

func planOf(t *rapid.T, vaults []plan.Vault, rules plan.Rules) []plan.Step {
	steps, err := plan.Sync(vaults, rules)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range steps {
		if step.Err != nil {
			t.Fatal(step.Err)
		}
	}
	return steps
}

// carriedOut are vaults after the steps, as an API carries them out.
func carriedOut(vaults []plan.Vault, steps []plan.Step) []plan.Vault {
	var after []plan.Vault
	for _, v := range vaults {
		have := slices.Clone(v.Have)
		for _, step := range steps {
			if step.VaultID == v.ID {
				have = carryOut(have, step.Change)
			}
		}
		after = append(after, plan.Vault{ID: v.ID, Wants: v.Wants, Have: have})
	}
	return after
}

func carryOut(have []nairi.Secret, change plan.Change) []nairi.Secret {
	at := slices.IndexFunc(have, func(s nairi.Secret) bool { return s.EnvKey == change.Name() })
	switch change.Action {
	case plan.Creates:
		return append(have, keyed(change.Want.EnvKey, *change.Want.Domains...))
	case plan.Updates:
		if domains := change.Patch.AllowedDomains; domains != nil {
			have[at].AllowedDomains = *domains
		}
	case plan.Deletes:
		return slices.Delete(have, at, at+1)
	}
	return have
}

// What a plan makes of a vault is what was wanted of it, and a second plan finds
// nothing to create or delete and no domains to change.
func TestSyncBringsWhatIsWanted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		vaults, rules := drawVaults(t), every(rapid.Bool().Draw(t, "prune"))
		after := carriedOut(vaults, planOf(t, vaults, rules))
		for i, v := range after {
			wantVault(t, vaults[i], v, rules.Prune)
		}
		for _, step := range planOf(t, after, rules) {
			fenced := step.Change.Action == plan.Updates && step.Change.Patch.AllowedDomains != nil
			if step.Change.Action == plan.Creates || step.Change.Action == plan.Deletes || fenced {
				t.Fatalf("a second plan: %s %s", step.Change.Action, step.Change.Name())
			}
		}
	})
}

// wantVault checks a vault against the wants: what they name is as they say, and
// of the rest all is left, or nothing if it was to be pruned.
func wantVault(t *rapid.T, before, after plan.Vault, prune bool) {
	want := map[string]nairi.Domains{}
	if !prune {
		for _, s := range before.Have {
			want[s.EnvKey] = s.AllowedDomains
		}
	}
	for _, w := range before.Wants {
		delete(want, w.EnvKey)
		if w.Operation != plan.Delete {
			want[w.EnvKey] = *w.Domains
		}
	}
	have := map[string]nairi.Domains{}
	for _, s := range after.Have {
		have[s.EnvKey] = s.AllowedDomains
	}
	equal := cmp.Comparer(func(a, b nairi.Domains) bool { return a.Equal(b) })
	if d := cmp.Diff(want, have, equal); d != "" {
		t.Fatalf("vault %s: %s", before.ID, d)
	}
}

// The shards of a plan are the plan, each step in one of them, whatever the order
// in which a file names its secrets.
func TestShardsPartition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		vaults, rules := drawVaults(t), every(rapid.Bool().Draw(t, "prune"))
		count := rapid.IntRange(1, 9).Draw(t, "count")
		whole := planOf(t, vaults, rules)
		for i := range vaults {
			vaults[i].Wants = rapid.Permutation(vaults[i].Wants).Draw(t, "order")
		}
		var parts []plan.Step
		for i := range count {
			rules.Shard = plan.Shard{Index: i + 1, Count: count}
			part := planOf(t, vaults, rules)
			parts = append(parts, part...)
			busy := slices.Contains(plan.Shards(whole, count), rules.Shard)
			if writes := slices.ContainsFunc(part, func(s plan.Step) bool { return s.Change.Writes() }); writes != busy {
				t.Fatalf("shard %s writes: %t, and is listed: %t", rules.Shard, writes, busy)
			}
		}
		if d := cmp.Diff(inOrder(whole), inOrder(parts)); d != "" {
			t.Fatal(d)
		}
	})
}

func inOrder(steps []plan.Step) []string {
	var all []string
	for _, step := range steps {
		all = append(all, fmt.Sprint(step.VaultID, " ", step.Change.Name(), " ", step.Change.Action))
	}
	slices.Sort(all)
	return all
}

// A hash that changed would let two shards of one run, on machines that updated
// at different times, leave a secret out.
func TestShardsAreStable(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	for _, name := range []string{"DATABASE_URL", "STRIPE_KEY", "FENCE_ONLY", "LEGACY_TOKEN"} {
		for i := range 8 {
			if shard := (plan.Shard{Index: i + 1, Count: 8}); shard.Has(vaultOne, name) {
				got[name] += shard.String()
			}
		}
	}
	want := map[string]string{"DATABASE_URL": "7/8", "STRIPE_KEY": "1/8", "FENCE_ONLY": "6/8", "LEGACY_TOKEN": "1/8"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
