package plan_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// Each case is what a vault holds, then what is asked of it; < is before the name that a
// secret had.
func TestNamesThatDifferInCaseAloneAreTwins(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ holds, asks, want string }{
		{"DATABASE_URL STRIPE_KEY", "DATABASE_URL", ""},
		{"DATABASE_URL database_url", "STRIPE_KEY", "DATABASE_URL database_url"},
		{"DATABASE_URL", "database_url", "DATABASE_URL database_url"},
		{"DATABASE_URL database_url", "DATABASE_URL database_url", "DATABASE_URL database_url, desired"},
		{"", "A_b a_B A_B", "A_B A_b a_B, desired"},
		{"A A A", "A", ""},
		{"database_url", "DATABASE_URL<database_url", "DATABASE_URL database_url, desired"},
		{"ab AB cd CD", "AB", "AB ab; CD cd"},
		{"NAIRI_a NAIRI_A \x1b[31ma \x1b[31mA", "B", ""},
	} {
		vault := plan.Vault{ID: vaultOne}
		var current []nairi.Secret
		for i, name := range strings.Fields(test.holds) {
			current = append(current, nairi.Secret{ID: nairi.SecretID(fmt.Sprint("sec_", i)), EnvKey: name})
		}
		for _, name := range strings.Fields(test.asks) {
			vault.Secrets = append(vault.Secrets, desired("set NEW value [a.example]"))
			secret := &vault.Secrets[len(vault.Secrets)-1]
			secret.EnvKey, secret.RenamedFrom, _ = strings.Cut(name, "<")
		}
		changes, err := plan.Make([]plan.Vault{vault}, [][]nairi.Secret{current}, plan.Rules{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, twins := range plan.FindTwins([]plan.Vault{vault}, [][]nairi.Secret{current}, changes) {
			text := strings.Join(twins.Names, " ")
			if twins.Desired {
				text += ", desired"
			}
			got = append(got, text)
		}
		if d := gocmp.Diff(test.want, strings.Join(got, "; ")); d != "" {
			t.Errorf("%+v: %s", test, d)
		}
	}
}

// What another shard creates may be what goes, under its new name; whether it is
// there by then this shard does not know.
func TestADeleteWaitsForTheCreatesOfOtherShards(t *testing.T) {
	t.Parallel()
	vaults := []plan.Vault{{ID: vaultOne, Secrets: []plan.Desired{desired("delete OLD"), desired("set NEW value [a.example]"), desired("set KEPT value")}}}
	current := [][]nairi.Secret{{stored("OLD [a.example]"), stored("KEPT [a.example]")}}
	for count := 1; count <= 8; count++ {
		for index := 1; index <= count; index++ {
			shard := plan.Shard{Index: index, Count: count}
			changes, err := plan.Make(vaults, current, plan.Rules{Shard: shard})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range changes {
				if waits := c.Action == plan.Delete && !shard.Has(vaultOne, "NEW"); waits != c.Awaits {
					t.Errorf("shard %s: %s %s awaits %t", shard, c.Action, c.Name(), c.Awaits)
				}
			}
		}
	}
}

// Thousands of new names beside thousands of others take no time to speak of.
func TestTheSearchForSlipsIsBounded(t *testing.T) {
	t.Parallel()
	vault, current := plan.Vault{ID: vaultOne}, []nairi.Secret{}
	for i := range 5000 {
		vault.Secrets = append(vault.Secrets, desired("set NEW value [a.example]"))
		vault.Secrets[i].EnvKey = fmt.Sprintf("NEW_SECRET_%d", i)
		current = append(current, nairi.Secret{ID: nairi.SecretID(fmt.Sprint("sec_", i)), EnvKey: fmt.Sprintf("OLD_SECRET_%d", i)})
	}
	changes, err := plan.Make([]plan.Vault{vault}, [][]nairi.Secret{current}, plan.Rules{})
	if err != nil || plan.Writes(changes) != 5000 {
		t.Errorf("%d writes, %v", plan.Writes(changes), err)
	}
}

// Nor do thousands of twins, nor thousands of vaults.
func TestTheSearchForTwinsIsLinear(t *testing.T) {
	t.Parallel()
	const many = 100_000
	twins, current := plan.Vault{ID: vaultOne}, []nairi.Secret{}
	var vaults []plan.Vault
	for i := range many {
		name := fmt.Sprintf("NAME_%d", i)
		twins.Secrets = append(twins.Secrets, plan.Desired{Operation: plan.OpSet, EnvKey: name})
		current = append(current, nairi.Secret{ID: nairi.SecretID(fmt.Sprint("sec_", i)), EnvKey: strings.ToLower(name)})
		vaults = append(vaults, plan.Vault{ID: nairi.VaultID(name)})
	}
	changes := make([]plan.Change, many)
	for i := range changes {
		changes[i] = plan.Change{VaultID: vaultOne, Action: plan.Create, Desired: twins.Secrets[i]}
	}
	begin := time.Now()
	found := plan.FindTwins([]plan.Vault{twins}, [][]nairi.Secret{current}, changes)
	none := plan.FindTwins(vaults, make([][]nairi.Secret, many), changes)
	if len(found) != many || len(none) != 0 {
		t.Errorf("%d and %d", len(found), len(none))
	}
	if took := time.Since(begin); took > 30*time.Second { // in pairs it takes two minutes
		t.Errorf("it took %s", took)
	}
}
