package plan_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

func inOne(names ...string) [][]nairi.Secret {
	var secrets []nairi.Secret
	for _, name := range names {
		secrets = append(secrets, named(name, nil))
	}
	return [][]nairi.Secret{secrets}
}

// unmanaged are the names of the first vault that are found.
func unmanaged(all []plan.Unmanaged) string {
	var names []string
	for _, vault := range all {
		for _, s := range vault.Secrets {
			names = append(names, s.EnvKey)
		}
	}
	return strings.Join(names, " ")
}

func TestWhatTheManifestDoesNotName(t *testing.T) {
	t.Parallel()
	set := func(name string) plan.Desired { return plan.Desired{Operation: plan.OpSet, EnvKey: name} }
	renamed := set("NEW")
	renamed.RenamedFrom = "OLD"
	for name, tt := range map[string]struct {
		vault plan.Vault
		there string
		rules plan.Rules
		want  string
	}{
		"nothing":               {plan.Vault{Secrets: []plan.Desired{set("A")}}, "A", plan.Rules{}, ""},
		"by name":               {plan.Vault{Secrets: []plan.Desired{set("A")}}, "C A B", plan.Rules{}, "B C"},
		"twice":                 {plan.Vault{Secrets: []plan.Desired{set("A")}}, "A A B B", plan.Rules{}, "B B"},
		"all":                   {plan.Vault{}, "B A", plan.Rules{}, "A B"},
		"what is to go":         {plan.Vault{Secrets: []plan.Desired{{Operation: plan.OpDelete, EnvKey: "A"}}}, "A", plan.Rules{}, ""},
		"a former name":         {plan.Vault{Secrets: []plan.Desired{renamed}}, "OLD NEW A", plan.Rules{}, "A"},
		"prune":                 {plan.Vault{Secrets: []plan.Desired{set("A")}}, "A B", plan.Rules{Prune: true}, ""},
		"not the manifest's":    {plan.Vault{Owned: []string{"BILLING_*"}}, "BILLING_A OTHER", plan.Rules{}, "BILLING_A"},
		"a plan shows the same": {plan.Vault{Secrets: []plan.Desired{set("A")}}, "A B", plan.Rules{DryRun: true}, "B"},
	} {
		tt.vault.ID = vaultOne
		current := inOne(strings.Split(tt.there, " ")...)
		found := plan.FindUnmanaged([]plan.Vault{tt.vault}, current, tt.rules)
		if got := unmanaged(found); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
		// It is an error if that is asked for, in each shard, and else none.
		for _, asked := range []bool{true, false} {
			tt.vault.AllManaged = asked
			for _, shard := range []plan.Shard{{}, {Index: 1, Count: 3}, {Index: 2, Count: 3}, {Index: 3, Count: 3}} {
				tt.rules.Shard = shard
				_, err := plan.Make([]plan.Vault{tt.vault}, current, tt.rules)
				if fails := len(found) > 0 && asked; errors.Is(err, plan.ErrUnmanaged) != fails || (err != nil) != fails {
					t.Errorf("%s, in shard %s: %v", name, shard, err)
				}
			}
		}
	}
}

// The error counts, and names nothing.
func TestTheErrorOfWhatIsNotNamedNamesNothing(t *testing.T) {
	t.Parallel()
	desired := []plan.Vault{{ID: vaultOne, AllManaged: true}, {ID: vaultTwo, AllManaged: true}, {ID: vaultOne}}
	current := append(append(inOne("A", "B"), inOne("C")...), inOne("D")...)
	_, err := plan.Make(desired, current, plan.Rules{})
	const want = "2 vaults have 3 secrets that the manifest does not name, and unmanaged is error"
	if fmt.Sprint(err) != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// What shards find is what the whole finds, each in one of them.
func TestShardsPartWhatIsNotNamed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, count := drawWorld(t), rapid.IntRange(1, 9).Draw(t, "count")
		parts := 0
		for i := range count {
			for _, vault := range plan.FindUnmanaged(w.desired, w.current, plan.Rules{Shard: plan.Shard{Index: i + 1, Count: count}}) {
				parts += len(vault.Secrets)
			}
		}
		whole := 0
		for _, vault := range plan.FindUnmanaged(w.desired, w.current, plan.Rules{}) {
			whole += len(vault.Secrets)
		}
		if parts != whole {
			t.Fatalf("%d in the shards, %d in the whole", parts, whole)
		}
	})
}
