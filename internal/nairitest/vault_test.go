package nairitest_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

func TestAddedVaultsAndSecretsStand(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{})
	b.AddVaultWithID(noVault, "first")
	b.AddSecret(noVault, nairitest.Stored{EnvKey: "GONE", Value: "v"})
	b.AddVaultWithID(noVault, "second")
	if got := b.call("GET", "/"+noVault, "").body; !strings.Contains(got, `"name":"second"`) || !strings.Contains(got, `"secret_count":0,`) {
		t.Errorf("vault = %s, want the second, empty", got)
	}

	domains := []string{"a.example"}
	given := nairitest.Stored{ID: noSecret, EnvKey: "NAIRI_odd key", Value: "v", AllowedDomains: domains, CreatedAt: noon, UpdatedAt: noon.Add(time.Hour)}
	if got := b.AddSecret(noVault, given); got != noSecret {
		t.Errorf("AddSecret = %q, want the ID that was given", got)
	}
	b.AddSecret(noVault, given)
	domains[0] = "changed.example"
	got := b.Secrets(noVault)
	given.AllowedDomains = []string{"a.example"}
	if diff := cmp.Diff([]nairitest.Stored{given}, got); diff != "" {
		t.Errorf("Secrets (-want +got):\n%s", diff)
	}
	got[0].AllowedDomains[0] = "changed.example"
	if diff := cmp.Diff([]nairitest.Stored{given}, b.Secrets(noVault)); diff != "" {
		t.Errorf("Secrets gave no copy (-want +got):\n%s", diff)
	}
}

func TestShuffledListsComeInAnotherOrderEachTime(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{Shuffled: true})
	all := strings.Split("ABCDEFGH", "")
	for _, name := range all {
		b.AddSecret(b.VaultID, nairitest.Stored{EnvKey: name, Value: "v"})
	}
	orders := map[string]bool{}
	for range 5 {
		var got []string
		for _, match := range regexp.MustCompile(`"env_key":"(.)"`).FindAllStringSubmatch(b.call("GET", "/"+b.VaultID+"/secrets", "").body, -1) {
			got = append(got, match[1])
		}
		orders[strings.Join(got, "")] = true
		if slices.Sort(got); !slices.Equal(got, all) {
			t.Errorf("listed %q, want %q in some order", got, all)
		}
	}
	if len(orders) < 2 {
		t.Errorf("five lists in one order: %v", orders)
	}
}
