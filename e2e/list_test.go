package e2e

import (
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

const listPage = "../docs/list.md"

// The workflow of the page shows what the vault holds, and its next step has it all.
func TestListingAVaultInARunner(t *testing.T) {
	t.Parallel()
	page := read(t, listPage)
	v := newVault(t)
	v.AddVaultWithID(shownVault, "production")
	v.VaultID = shownVault
	for _, s := range []nairitest.Stored{{EnvKey: "OPEN_TOKEN"}, {EnvKey: "DATABASE_URL", AllowedDomains: replicas}} {
		s.Value = oldValue
		v.AddSecret(shownVault, s)
	}
	j := job{text: workflows(page)[0], event: "workflow_dispatch", vault: v, secrets: map[string]string{}}
	got := j.run(t)
	got.succeeded(t)
	for _, want := range []string{
		"production (" + shownVault + ")\n", "NAME          HOSTS", "DATABASE_URL  db.example.com, *.replicas.example.com  under an hour  sec_",
		"OPEN_TOKEN    any host ", "The vault has 2 secrets. 1 secret can be sent to any host.\n", "The vault has 2 secrets.\n", "| OPEN_TOKEN\n",
	} {
		if !strings.Contains(got.log, want) {
			t.Errorf("the log has no %q:\n%s", want, got.log)
		}
	}
}
