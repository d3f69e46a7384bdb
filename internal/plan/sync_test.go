package plan_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/secret"
)

const (
	vaultOne = nairi.VaultID("vlt_01KEQ6963XS96YDP3NF9NKB7QJ")
	vaultTwo = nairi.VaultID("vlt_01KEQ6963XS96YDP3NF9NKB7QK")
)

// keyed is a secret of a vault, with its name in the ID.
func keyed(name string, domains ...string) nairi.Secret {
	return nairi.Secret{ID: nairi.SecretID("sec_" + name), EnvKey: name, AllowedDomains: append(nairi.Domains{}, domains...)}
}

// wants of a manifest.
func sets(name string, domains ...string) plan.Want {
	list := nairi.Domains(domains)
	return plan.Want{Operation: plan.Set, EnvKey: name, Value: secret.New("value of " + name), Domains: &list}
}

func fences(name string, domains ...string) plan.Want {
	w := sets(name, domains...)
	w.Value = secret.Value{}
	return w
}

func absent(name string) plan.Want { return plan.Want{Operation: plan.Delete, EnvKey: name} }

// lines are steps in short, as in "create A" or "B: error".
func lines(steps []plan.Step) []string {
	var all []string
	for _, step := range steps {
		line := string(step.Change.Action) + " " + step.Change.Name()
		if step.Err != nil {
			line = step.Change.Name() + ": " + step.Err.Error()
		}
		all = append(all, line)
	}
	return all
}

func TestSync(t *testing.T) {
	t.Parallel()
	have := []nairi.Secret{keyed("A", "a.example"), keyed("B", "a.example"), keyed("C"), keyed("D"), keyed("D"), keyed("E")}
	kept := sets("A", "a.example")
	kept.KeepValue = true
	promised := fences("NEW", "a.example")
	promised.Promised = true
	denied := func(w plan.Want) plan.Want { w.DenyWidening = true; return w }
	elsewhere := fences("A", "a.example")
	elsewhere.Promised = true
	tests := map[string]struct {
		wants []plan.Want
		rules plan.Rules
		want  []string
	}{
		"in the order of the wants":    {[]plan.Want{fences("B", "a.example"), sets("NEW", "a.example"), sets("A", "a.example"), absent("C"), absent("GONE")}, plan.Rules{}, []string{"keep B", "create NEW", "update A", "delete C", "gone GONE"}},
		"domains alone":                {[]plan.Want{fences("A", "b.example"), fences("B", "a.example")}, plan.Rules{}, []string{"update A", "keep B"}},
		"values when created":          {[]plan.Want{kept}, plan.Rules{}, []string{"keep A"}},
		"values that are not at hand":  {[]plan.Want{promised, elsewhere}, plan.Rules{}, []string{"create NEW", "update A"}},
		"errors beside others":         {[]plan.Want{fences("NEW", "a.example"), sets("D", "a.example"), sets("A", "a.example")}, plan.Rules{}, []string{"NEW: the secret is not in the vault: NEW; a secret cannot be created without a value", "D: several secrets have this name: choose one by secret_id: sec_D, sec_D", "update A"}},
		"pruned, in order":             {[]plan.Want{fences("A", "a.example"), absent("E")}, plan.Rules{Prune: true}, []string{"keep A", "delete E", "delete B", "delete C", "delete D", "delete D"}},
		"not pruned":                   {nil, plan.Rules{}, nil},
		"wider and denied":             {[]plan.Want{denied(fences("A", "a.example", "b.example")), denied(fences("C", "a.example"))}, plan.Rules{}, []string{"A: the secret could go to more hosts than before: b.example", "update C"}},
		"any host and denied":          {[]plan.Want{denied(fences("A"))}, plan.Rules{}, []string{"A: the secret could go to more hosts than before: ANY"}},
		"new with any host and denied": {[]plan.Want{denied(sets("NEW")), sets("NEW2"), denied(sets("NEW3", "a.example"))}, plan.Rules{}, []string{"NEW: the secret could go to more hosts than before: ANY", "create NEW2", "create NEW3"}},
	}
	for name, tt := range tests {
		steps, err := plan.Sync([]plan.Vault{{ID: vaultOne, Wants: tt.wants, Have: have}}, tt.rules)
		if d := cmp.Diff(tt.want, lines(steps)); d != "" || err != nil {
			t.Errorf("%s: %v %s", name, err, d)
		}
	}
}

func TestDeletesAreGuarded(t *testing.T) {
	t.Parallel()
	many := func(n int) []nairi.Secret {
		var have []nairi.Secret
		for i := range n {
			have = append(have, keyed(fmt.Sprintf("S%02d", i), "a.example"))
		}
		return have
	}
	number := func(n int) *int { return &n }
	keep := []plan.Want{fences("S00", "a.example")}
	tests := map[string]struct {
		vaults []plan.Vault
		most   *int
		want   string // of the error
	}{
		"five":                      {[]plan.Vault{{Wants: keep, Have: many(6)}}, nil, ""},
		"six":                       {[]plan.Vault{{Wants: keep, Have: many(7)}}, nil, "6, and max_deletes is 5: S01, S02"},
		"six that may":              {[]plan.Vault{{Wants: keep, Have: many(7)}}, number(6), ""},
		"none may":                  {[]plan.Vault{{Wants: keep, Have: many(2)}}, number(0), "1, and max_deletes is 0: S01"},
		"all of a vault":            {[]plan.Vault{{ID: vaultOne, Have: many(1)}}, nil, "all of vault " + string(vaultOne) + ", and max_deletes is not given: S00"},
		"all that may":              {[]plan.Vault{{Have: many(1)}}, number(5), ""},
		"all, though others come":   {[]plan.Vault{{Wants: []plan.Want{sets("NEW", "a.example")}, Have: many(1)}}, nil, "all of vault"},
		"none of an empty vault":    {[]plan.Vault{{}}, nil, ""},
		"by absent":                 {[]plan.Vault{{ID: vaultOne, Wants: []plan.Want{absent("S00")}, Have: many(1)}}, nil, "all of vault"},
		"of two vaults together":    {[]plan.Vault{{Wants: keep, Have: many(4)}, {ID: vaultTwo, Wants: keep, Have: many(4)}}, nil, "6, and max_deletes is 5"},
		"many are not all named":    {[]plan.Vault{{Wants: keep, Have: many(30)}}, nil, "S10 and 19 more"},
		"a guard that is not asked": {[]plan.Vault{{Wants: keep, Have: many(1)}}, nil, ""},
	}
	for name, tt := range tests {
		for _, shard := range []plan.Shard{{}, {Index: 1, Count: 3}, {Index: 3, Count: 3}} {
			_, err := plan.Sync(tt.vaults, plan.Rules{Prune: true, MaxDeletes: tt.most, Shard: shard})
			if (err == nil) != (tt.want == "") || err != nil && (!errors.Is(err, plan.ErrTooManyDeletes) || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("%s, shard %s: %v", name, shard, err)
			}
		}
	}
}

func TestWidening(t *testing.T) {
	t.Parallel()
	change := func(before, now nairi.Domains) plan.Change {
		return plan.Change{Action: plan.Updates, Before: &nairi.Secret{AllowedDomains: before}, Patch: nairi.Patch{AllowedDomains: &now}}
	}
	tests := map[string]struct {
		change plan.Change
		want   []string
	}{
		"more":                {change(nairi.Domains{"a.example"}, nairi.Domains{"a.example", "b.example"}), []string{"b.example"}},
		"any":                 {change(nairi.Domains{"a.example"}, nairi.Domains{}), []string{plan.AnyHost}},
		"any as before":       {change(nairi.Domains{}, nairi.Domains{}), nil},
		"any was before":      {change(nairi.Domains{}, nairi.Domains{"a.example"}), nil},
		"not known before":    {change(nil, nairi.Domains{"a.example"}), []string{"a.example"}},
		"not known, then any": {change(nil, nairi.Domains{}), []string{plan.AnyHost}},
		"no list is sent":     {plan.Change{Action: plan.Updates, Before: &nairi.Secret{}}, nil},
		"a create":            {plan.Change{Action: plan.Creates, Want: sets("A", "a.example")}, nil},
		"a create for any":    {plan.Change{Action: plan.Creates, Want: sets("A")}, []string{plan.AnyHost}},
	}
	for name, tt := range tests {
		if d := cmp.Diff(tt.want, tt.change.Widening()); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}
