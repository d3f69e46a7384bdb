package drift_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/drift"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// runs is how many worlds each property is held against: the number.
var runs = flag.Int("drift.runs", 1000, "how many random manifests and vaults there are")

// TestMain has rapid check so many, unless it was told another number. It prints the
// seed of a check that fails.
func TestMain(m *testing.M) {
	flag.Parse()
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		if err := checks.Value.Set(fmt.Sprint(*runs)); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// world is a manifest, and what its vaults hold.
type world struct {
	desired []plan.Vault
	current [][]nairi.Secret
	serial  int // of the last ID that was given
}

var (
	someNames = rapid.SampledFrom([]string{"A", "B", "C", "a", "OURS_1", "OURS_2", "OURS_", "é"})
	someHosts = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a.example.com", "b.example.com", "*.example.com"}), 0, 3, rapid.ID)
)

func drawHosts(t *rapid.T) domains.List { return append(domains.List{}, someHosts.Draw(t, "hosts")...) }

// add adds a secret to a vault, last changed within the last hundred days.
func (w *world) add(t *rapid.T, vault int, name string, hosts domains.List) {
	w.serial++
	w.current[vault] = append(w.current[vault], nairi.Secret{
		ID: nairi.SecretID(fmt.Sprint("sec_", w.serial)), EnvKey: name, AllowedDomains: hosts,
		UpdatedAt: now.Add(-time.Duration(rapid.IntRange(0, 100).Draw(t, "age")) * day),
	})
}

// drawWorld draws vaults with each name once, and a manifest of theirs. Nothing in it
// gets too old within a hundred days.
func drawWorld(t *rapid.T) *world {
	w := &world{desired: []plan.Vault{{ID: vaultID}, {ID: otherID}}, current: make([][]nairi.Secret, 2)}
	for i := range w.desired {
		v := &w.desired[i]
		v.AllManaged = rapid.Bool().Draw(t, "all managed")
		for _, name := range rapid.SliceOfDistinct(someNames, rapid.ID).Draw(t, "names there") {
			w.add(t, i, name, drawHosts(t))
		}
		for _, name := range rapid.SliceOfDistinct(someNames, rapid.ID).Draw(t, "names desired") {
			d := changed(entry(name, drawHosts(t)...), maxAge(time.Duration(rapid.SampledFrom([]int{0, 101, 365}).Draw(t, "max_age"))*day))
			d.Value = secret.New("the value")
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				d = changed(d, absent)
			case 1:
				if d.RenamedFrom = name + "_WAS"; rapid.Bool().Draw(t, "old name is there") {
					w.add(t, i, d.RenamedFrom, drawHosts(t))
				}
			}
			v.Secrets = append(v.Secrets, d)
		}
		if rapid.Bool().Draw(t, "owns some") {
			v.Owned = []string{"OURS_*"}
			v.Secrets = slices.DeleteFunc(v.Secrets, func(d plan.Desired) bool { return !owns(*v, d.EnvKey) })
		}
	}
	return w
}

func owns(v plan.Vault, name string) bool {
	return v.Owned == nil || len(name) >= 5 && name[:5] == "OURS_"
}

// sync brings the vaults to what is desired, as a plan says, and deletes what is left
// over where nothing may be.
func (w *world) sync(t *rapid.T) {
	for i := range w.desired {
		v := w.desired[i]
		changes, err := plan.Make([]plan.Vault{v}, [][]nairi.Secret{slices.Clone(w.current[i])}, plan.Rules{Prune: v.AllManaged})
		if err != nil || plan.Blocked(changes) {
			t.Fatalf("no plan: %v, %+v", err, changes)
		}
		for _, c := range changes {
			w.carryOut(t, i, c)
		}
	}
}

func (w *world) carryOut(t *rapid.T, vault int, c plan.Change) {
	held := w.current[vault]
	at := slices.IndexFunc(held, func(s nairi.Secret) bool { return s.EnvKey == c.Name() })
	switch c.Action {
	case plan.Create:
		w.add(t, vault, c.Desired.EnvKey, *c.Desired.Domains)
	case plan.Update:
		held[at].UpdatedAt = now
		if c.Patch.AllowedDomains != nil {
			held[at].AllowedDomains = *c.Patch.AllowedDomains
		}
	case plan.Delete:
		w.current[vault] = slices.Delete(held, at, at+1)
	}
}

// Right after a sync nothing is off, whatever was there before and in whatever order a
// vault lists its secrets.
func TestNothingIsOffRightAfterASync(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		w.sync(t)
		for i, held := range w.current {
			w.current[i] = rapid.Permutation(held).Draw(t, "order")
		}
		if got := find(w.desired, w.current, now); got != nil {
			t.Fatalf("found %v", texts(got))
		}
	})
}

// Whatever happens to one secret of a vault that was all right is found, once and for
// what it is, and nothing else is.
func TestEverySingleMutationIsFound(t *testing.T) {
	t.Parallel()
	seen := map[drift.Kind]int{}
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		w.sync(t)
		want := w.mutate(t)
		got := find(w.desired, w.current, now)
		if diff := cmp.Diff(want, inShort(got)); diff != "" {
			t.Fatalf("-want +got:\n%s", diff)
		}
		for _, f := range got {
			seen[f.Kind]++
		}
	})
	for _, kind := range drift.Kinds {
		if seen[kind] == 0 && *runs >= 1000 && !testing.Short() {
			t.Errorf("no mutation was %s", kind)
		}
	}
}

// inShort are findings by their vault, kind and name.
func inShort(findings []drift.Finding) []string {
	var short []string
	for _, f := range findings {
		short = append(short, fmt.Sprint(f.VaultID, " ", f.Kind, " ", f.Name))
	}
	return short
}

// mutate does something to one secret, and returns what is to be found.
func (w *world) mutate(t *rapid.T) []string {
	vault := rapid.IntRange(0, 1).Draw(t, "vault")
	v, held := w.desired[vault], w.current[vault]
	found := func(kind drift.Kind, name string) []string {
		return []string{fmt.Sprint(v.ID, " ", kind, " ", name)}
	}
	name := someNames.Draw(t, "name")
	at := slices.IndexFunc(held, func(s nairi.Secret) bool { return s.EnvKey == name })
	asked := slices.IndexFunc(v.Secrets, func(d plan.Desired) bool { return d.EnvKey == name })
	switch {
	case asked < 0:
		w.add(t, vault, name, drawHosts(t))
		if v.AllManaged && owns(v, name) {
			return found(drift.Extra, name)
		}
		return nil
	case v.Secrets[asked].Operation == plan.OpDelete:
		w.add(t, vault, name, drawHosts(t))
		return found(drift.Present, name)
	}
	if old := v.Secrets[asked].RenamedFrom; old != "" {
		w.add(t, vault, old, drawHosts(t))
		return found(drift.Present, old)
	}
	switch rapid.IntRange(0, 4).Draw(t, "mutation") {
	case 0:
		w.current[vault] = slices.Delete(held, at, at+1)
		return found(drift.Missing, name)
	case 1:
		w.add(t, vault, name, drawHosts(t))
		return found(drift.Twice, name)
	case 2:
		held[at].AllowedDomains = nil
		return found(drift.Hosts, name)
	case 3:
		hosts := drawHosts(t)
		same := hosts.Equal(held[at].AllowedDomains)
		if held[at].AllowedDomains = hosts; same {
			return nil
		}
		return found(drift.Hosts, name)
	}
	held[at].UpdatedAt = now.Add(-366 * day)
	if v.Secrets[asked].MaxAge == 0 {
		return nil
	}
	return found(drift.Stale, name)
}
