package plan_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// hosts draws a list of hosts, so few that lists often are the same.
var hosts = rapid.SliceOfN(rapid.SampledFrom([]string{"a.example", "b.example", "*.c.example"}), 0, 3)

// drawWant draws any Want, also one that package input would refuse.
func drawWant(t *rapid.T) plan.Want {
	w := want(rapid.SampledFrom(plan.Operations).Draw(t, "operation"))
	for _, o := range rapid.SampledFrom([][]option{nil, {byID}, {byName}, {byID, byName}}).Draw(t, "which") {
		o(&w)
	}
	if rapid.Bool().Draw(t, "value given") {
		withValue(&w)
	}
	if rapid.Bool().Draw(t, "domains given") {
		withDomains(hosts.Draw(t, "domains wanted")...)(&w)
	}
	return w
}

// drawFound draws what a vault may hold of any Want.
func drawFound(t *rapid.T) []nairi.Secret {
	found := make([]nairi.Secret, rapid.IntRange(0, 3).Draw(t, "found"))
	for i := range found {
		found[i] = stored(rapid.SampledFrom([]nairi.SecretID{one, two}).Draw(t, "ID"), hosts.Draw(t, "domains there")...)
		found[i].EnvKey = rapid.SampledFrom([]string{name, "OTHER"}).Draw(t, "name")
		if rapid.Bool().Draw(t, "domains unknown") {
			found[i].AllowedDomains = nil
		}
	}
	return found
}

// planned is one outcome of Make with what led to it.
type planned struct {
	want   plan.Want
	found  []nairi.Secret
	change plan.Change
	err    error
}

// always checks a rule on every plan.
func always(t *testing.T, rule func(*rapid.T, planned)) {
	t.Helper()
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := planned{want: drawWant(t), found: drawFound(t)}
		p.change, p.err = plan.Make(p.want, p.found)
		rule(t, p)
	})
}

func TestOnlySetAndCreateCreateAndOnlyByName(t *testing.T) {
	always(t, func(t *rapid.T, p planned) {
		if p.change.Action != plan.Creates {
			return
		}
		if p.want.Operation != plan.Set && p.want.Operation != plan.Create {
			t.Fatalf("%q creates", p.want.Operation)
		}
		if p.want.SecretID != "" || p.want.EnvKey == "" {
			t.Fatalf("created by ID %q and name %q", p.want.SecretID, p.want.EnvKey)
		}
		if p.want.Value.IsZero() || p.want.Domains == nil || len(p.found) != 0 {
			t.Fatalf("created without a value, without domains, or beside one that is there")
		}
	})
}

func TestDeleteOnlyDeletes(t *testing.T) {
	always(t, func(t *rapid.T, p planned) {
		deletes := p.change.Action == plan.Deletes || p.change.Action == plan.Gone
		if p.err == nil && deletes != (p.want.Operation == plan.Delete) {
			t.Fatalf("%q plans %q", p.want.Operation, p.change.Action)
		}
		if p.change.Action == plan.Deletes && (p.change.Before == nil || len(p.found) != 1) {
			t.Fatalf("a delete of %d secrets", len(p.found))
		}
	})
}

func TestAPatchIsOnlyWhatIsGivenAndDiffers(t *testing.T) {
	always(t, func(t *rapid.T, p planned) {
		patch := p.change.Patch
		if p.change.Action != plan.Updates {
			if patch != (nairi.Patch{}) {
				t.Fatalf("%q with a patch", p.change.Action)
			}
			return
		}
		if patch == (nairi.Patch{}) {
			t.Fatal("an update of nothing")
		}
		if patch.Value != p.want.Value {
			t.Fatal("the value is not the one that was given")
		}
		if patch.AllowedDomains != nil && !cmp.Equal(patch.AllowedDomains, p.want.Domains) {
			t.Fatalf("domains %v are sent, %v were given", *patch.AllowedDomains, p.want.Domains)
		}
		have := p.change.Before.AllowedDomains
		if patch.AllowedDomains != nil && have != nil && sameHosts(*patch.AllowedDomains, have) {
			t.Fatalf("domains %v are sent, which are there", have)
		}
		if patch.AllowedDomains == nil && p.want.Domains != nil && !sameHosts(*p.want.Domains, have) {
			t.Fatalf("domains %v are not sent, %v are there", *p.want.Domains, have)
		}
	})
}

func sameHosts(a, b []string) bool {
	in := func(list []string) func(string) bool {
		return func(host string) bool { return !slices.Contains(list, host) }
	}
	return !slices.ContainsFunc(a, in(b)) && !slices.ContainsFunc(b, in(a))
}

func TestAnErrorPlansNoWrite(t *testing.T) {
	always(t, func(t *rapid.T, p planned) {
		if p.err != nil && p.change.Writes() {
			t.Fatalf("%v, and yet %q", p.err, p.change.Action)
		}
		if p.err == nil && p.change.Action == "" {
			t.Fatal("no error and no action")
		}
	})
}

func TestSeveralAreNeverTouched(t *testing.T) {
	always(t, func(t *rapid.T, p planned) {
		if len(p.found) > 1 && (p.err == nil || p.change.Writes()) {
			t.Fatalf("%d found, planned %q", len(p.found), p.change.Action)
		}
	})
}

func TestASecondRunOfTheSameDomainsKeeps(t *testing.T) {
	always(t, func(t *rapid.T, p planned) {
		if p.change.Action != plan.Updates || p.want.Domains == nil || !p.want.Value.IsZero() {
			return
		}
		after := *p.change.Before
		after.AllowedDomains = *p.want.Domains
		again, err := plan.Make(p.want, []nairi.Secret{after})
		if err != nil || again.Action != plan.Keep {
			t.Fatalf("again: %q, %v", again.Action, err)
		}
	})
}
