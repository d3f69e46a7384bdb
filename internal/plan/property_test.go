package plan_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// So few hosts, names and IDs that they are often the same.
var (
	someHosts = rapid.SliceOfN(rapid.SampledFrom([]string{"a.example", "b.example", "*.c.example"}), 0, 3)
	someNames = rapid.SampledFrom([]string{"A", "B", "C", "D", "E", "F", "G", "H"})
)

func drawList(t *rapid.T, label string) domains.List {
	return append(domains.List{}, someHosts.Draw(t, label)...)
}

// drawDesired draws what may be desired, also what the inputs would refuse.
func drawDesired(t *rapid.T) plan.Desired {
	d := plan.Desired{
		Operation: rapid.SampledFrom(plan.Operations).Draw(t, "operation"),
		SecretID:  rapid.SampledFrom([]nairi.SecretID{"", "sec_1"}).Draw(t, "ID desired"),
		EnvKey:    rapid.SampledFrom([]string{"", "A"}).Draw(t, "name desired"),
	}
	if rapid.Bool().Draw(t, "value given") {
		d.Value = secret.New("the value")
	}
	if rapid.Bool().Draw(t, "domains given") {
		list := drawList(t, "domains desired")
		d.Domains = &list
	}
	return d
}

// drawFound draws up to three secrets that d selects, or that an API gave for them.
func drawFound(t *rapid.T) []nairi.Secret {
	found := make([]nairi.Secret, rapid.IntRange(0, 3).Draw(t, "found"))
	for i := range found {
		found[i].ID = rapid.SampledFrom([]nairi.SecretID{"sec_1", "sec_2"}).Draw(t, "ID")
		found[i].EnvKey = rapid.SampledFrom([]string{"A", "B"}).Draw(t, "name")
		if rapid.Bool().Draw(t, "domains known") {
			found[i].AllowedDomains = drawList(t, "domains there")
		}
	}
	return found
}

// always checks a rule on the change of every Desired and all that may be there.
func always(t *testing.T, rule func(t *rapid.T, found []nairi.Secret, c plan.Change)) {
	t.Helper()
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		found := drawFound(t)
		rule(t, found, (&plan.Change{Desired: drawDesired(t)}).Again(found))
	})
}

func TestOnlySetAndCreateCreateAndOnlyByName(t *testing.T) {
	always(t, func(t *rapid.T, found []nairi.Secret, c plan.Change) {
		d := c.Desired
		switch {
		case c.Action != plan.Create:
		case d.Operation != plan.OpSet && d.Operation != plan.OpCreate:
			t.Fatalf("%q creates", d.Operation)
		case d.SecretID != "" || d.EnvKey == "":
			t.Fatalf("created by ID %q and name %q", d.SecretID, d.EnvKey)
		case d.Value.IsZero() || d.Domains == nil || len(found) != 0:
			t.Fatal("created without a value, without domains, or beside one that is there")
		}
	})
}

func TestDeleteOnlyDeletes(t *testing.T) {
	always(t, func(t *rapid.T, found []nairi.Secret, c plan.Change) {
		deletes := c.Action == plan.Delete || c.Action == plan.NoOp && c.Current == nil
		if c.Err == nil && deletes != (c.Desired.Operation == plan.OpDelete) {
			t.Fatalf("%q plans %q", c.Desired.Operation, c.Action)
		}
		if c.Action == plan.Delete && (c.Current == nil || len(found) != 1) {
			t.Fatalf("a delete of %d secrets", len(found))
		}
	})
}

func TestAPatchIsOnlyWhatIsGivenAndDiffers(t *testing.T) {
	always(t, func(t *rapid.T, _ []nairi.Secret, c plan.Change) {
		sent, given := c.Patch.AllowedDomains, c.Desired.Domains
		if (c.Action == plan.Update) != (c.Patch != nairi.Patch{}) {
			t.Fatalf("%q, and the patch is %+v", c.Action, c.Patch)
		}
		if c.Action != plan.Update {
			return
		}
		if c.Patch.Value != c.Desired.Value {
			t.Fatal("the value is not the one that was given")
		}
		if sent != nil && sent != given {
			t.Fatalf("domains %v are sent, %v were given", *sent, given)
		}
		there := c.Current.AllowedDomains
		if differs := given != nil && (there == nil || !sameHosts(*given, there)); differs != (sent != nil) {
			t.Fatalf("domains %v are sent, %v were given, %v are there", sent, given, there)
		}
	})
}

func sameHosts(a, b []string) bool {
	lacks := func(list []string) func(string) bool {
		return func(host string) bool { return !slices.Contains(list, host) }
	}
	return !slices.ContainsFunc(a, lacks(b)) && !slices.ContainsFunc(b, lacks(a))
}

func TestAnErrorPlansNoWriteAndSeveralAreNeverTouched(t *testing.T) {
	always(t, func(t *rapid.T, found []nairi.Secret, c plan.Change) {
		if (c.Err == nil) == (c.Action == "") {
			t.Fatalf("error %v, and yet %q", c.Err, c.Action)
		}
		if len(found) > 1 && c.Err == nil {
			t.Fatalf("%d found, planned %q", len(found), c.Action)
		}
	})
}

func TestASecondRunOfTheSameDomainsWritesNothing(t *testing.T) {
	always(t, func(t *rapid.T, _ []nairi.Secret, c plan.Change) {
		if c.Action != plan.Update || c.Desired.Domains == nil || !c.Desired.Value.IsZero() {
			return
		}
		after := *c.Current
		after.AllowedDomains = *c.Desired.Domains
		if again := c.Again([]nairi.Secret{after}); again.Err != nil || again.Action != plan.NoOp {
			t.Fatalf("again: %q, %v", again.Action, again.Err)
		}
	})
}

// world are two vaults, and what is to become of them.
type world struct {
	desired []plan.Vault
	current [][]nairi.Secret
}

func named(name string, list domains.List) nairi.Secret {
	return nairi.Secret{ID: nairi.SecretID("sec_" + name), EnvKey: name, AllowedDomains: list}
}

// drawWorld draws vaults with each name once. Only secrets that are there get
// domains alone, so that there always is a plan.
func drawWorld(t *rapid.T) world {
	w := world{desired: []plan.Vault{{ID: vaultOne}, {ID: vaultTwo}}, current: make([][]nairi.Secret, 2)}
	for i := range w.desired {
		there := map[string]bool{}
		for _, name := range rapid.SliceOfDistinct(someNames, rapid.ID).Draw(t, "names there") {
			there[name] = true
			w.current[i] = append(w.current[i], named(name, drawList(t, "domains there")))
		}
		for _, name := range rapid.SliceOfDistinct(someNames, rapid.ID).Draw(t, "names desired") {
			list := drawList(t, "domains desired")
			d := plan.Desired{Operation: plan.OpSet, EnvKey: name, Domains: &list}
			switch what := rapid.IntRange(0, 2).Draw(t, "what"); {
			case what == 0:
				d = plan.Desired{Operation: plan.OpDelete, EnvKey: name}
			case what == 1 || !there[name]:
				d.Value = secret.New("the value")
			}
			w.desired[i].Secrets = append(w.desired[i].Secrets, d)
		}
		drawRenames(t, &w.desired[i])
		drawOwned(t, &w.desired[i])
	}
	return w
}

// drawRenames draws an old name for some of the secrets that can be created, none of
// which is another's.
func drawRenames(t *rapid.T, v *plan.Vault) {
	olds := rapid.SliceOfDistinct(someNames, rapid.ID).Draw(t, "old names")
	olds = slices.DeleteFunc(olds, func(old string) bool {
		return slices.ContainsFunc(v.Secrets, func(d plan.Desired) bool { return d.EnvKey == old })
	})
	for i := range v.Secrets {
		if d := &v.Secrets[i]; len(olds) > 0 && !d.Value.IsZero() {
			d.RenamedFrom, olds = olds[0], olds[1:]
		}
	}
}

// drawOwned draws which names a manifest owns: all, or those that it speaks of and
// some more.
func drawOwned(t *rapid.T, v *plan.Vault) {
	if rapid.Bool().Draw(t, "owns all") {
		return
	}
	v.Owned = rapid.SliceOfDistinct(someNames, rapid.ID).Draw(t, "owned")
	for i := range v.Secrets {
		v.Owned = append(v.Owned, v.Secrets[i].EnvKey, v.Secrets[i].RenamedFrom)
	}
}

func owned(v plan.Vault, name string) bool {
	return len(v.Owned) == 0 || slices.Contains(v.Owned, name)
}

func (w world) plan(t *rapid.T, rules plan.Rules) []plan.Change {
	changes, err := plan.Make(w.desired, w.current, rules)
	if err != nil || plan.Blocked(changes) {
		t.Fatalf("%v, %+v", err, changes)
	}
	return changes
}

// after is the world after the changes, as an API carries them out.
func (w world) after(changes []plan.Change) world {
	after := world{desired: w.desired}
	for i, v := range w.desired {
		held := slices.Clone(w.current[i])
		for _, c := range changes {
			at := slices.IndexFunc(held, func(s nairi.Secret) bool { return s.EnvKey == c.Name() })
			switch {
			case c.VaultID != v.ID:
			case c.Action == plan.Create:
				held = append(held, named(c.Desired.EnvKey, *c.Desired.Domains))
			case c.Action == plan.Delete:
				held = slices.Delete(held, at, at+1)
			case c.Patch.AllowedDomains != nil:
				held[at].AllowedDomains = *c.Patch.AllowedDomains
			}
		}
		after.current = append(after.current, held)
	}
	return after
}

// What a plan makes of a vault is what was desired of it, under its new name alone, and
// of the rest all is left or, if it was to be pruned, nothing that the manifest owns; and
// a second plan finds nothing to create or delete and no domains to change.
func TestAPlanBringsWhatIsDesiredAndASecondOneNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before, rules := drawWorld(t), plan.Rules{Prune: rapid.Bool().Draw(t, "prune")}
		after := before.after(before.plan(t, rules))
		for i, v := range before.desired {
			want, got := map[string]domains.List{}, map[string]domains.List{}
			for _, s := range before.current[i] {
				if !rules.Prune || !owned(v, s.EnvKey) {
					want[s.EnvKey] = s.AllowedDomains
				}
			}
			for _, d := range v.Secrets {
				delete(want, d.EnvKey)
				delete(want, d.RenamedFrom)
				if d.Operation != plan.OpDelete {
					want[d.EnvKey] = *d.Domains
				}
			}
			for _, s := range after.current[i] {
				got[s.EnvKey] = s.AllowedDomains
			}
			if d := cmp.Diff(want, got, cmp.Comparer(domains.List.Equal)); d != "" {
				t.Fatalf("vault %s: %s", v.ID, d)
			}
		}
		for _, c := range after.plan(t, rules) {
			if c.Action == plan.Create || c.Action == plan.Delete || c.Patch.AllowedDomains != nil {
				t.Fatalf("a second plan: %s %s", c.Action, c.Name())
			}
		}
	})
}

// The shards of a plan are the plan, each change in one of them, whatever the
// order in which a file names its secrets. An old name is in the shard of the new one.
func TestShardsPartThePlan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, rules := drawWorld(t), plan.Rules{Prune: rapid.Bool().Draw(t, "prune")}
		count := rapid.IntRange(1, 9).Draw(t, "count")
		whole := w.plan(t, rules)
		for i := range w.desired {
			w.desired[i].Secrets = rapid.Permutation(w.desired[i].Secrets).Draw(t, "order")
		}
		var parts []plan.Change
		for i := range count {
			rules.Shard = plan.Shard{Index: i + 1, Count: count}
			part := w.plan(t, rules)
			parts = append(parts, part...)
			for _, c := range part {
				if c.RenamedTo != "" && (c.Awaits || !rules.Shard.Has(c.VaultID, c.RenamedTo)) {
					t.Fatalf("shard %s deletes %s, which %s was; it waits for others: %t", rules.Shard, c.Name(), c.RenamedTo, c.Awaits)
				}
			}
			if busy := slices.Contains(plan.Shards(whole, count), rules.Shard); busy != (plan.Writes(part) > 0) {
				t.Fatalf("shard %s writes %d, and is listed: %t", rules.Shard, plan.Writes(part), busy)
			}
		}
		if d := cmp.Diff(inOrder(whole), inOrder(parts)); d != "" {
			t.Fatal(d)
		}
	})
}

func inOrder(changes []plan.Change) []string {
	var all []string
	for _, c := range changes {
		all = append(all, fmt.Sprint(c.VaultID, " ", c.Name(), " ", c.Action))
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
