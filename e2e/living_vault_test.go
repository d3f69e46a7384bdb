package e2e

import (
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/githubtest"
)

// living is the story of the tutorial: its reader, the vault that grew, and the
// repository that adopts it.
type living struct {
	*reader
	vault  vault
	github *githubtest.Server
	all    outcome // the log of all, shell and workflows
}

// A vault of 30 secrets is adopted, planned, changed behind the file's back, checked and
// synced: first in a shell, as the tutorial prints it, then by the workflows that it
// copies, with an issue.
func TestLivingVault(t *testing.T) {
	t.Parallel()
	if testing.Short() || runtime.GOOS != "linux" {
		t.Skip("runs a shell, and workflows in act")
	}
	l := &living{reader: newReader(t, "../docs/tutorial.md")}
	checkDid(t, l.follow("1. A vault to try with"), did{}, did{})
	l.open()
	first := l.held()
	if len(first) != 30 {
		t.Fatalf("the vault holds %d secrets", len(first))
	}
	l.atTheDesk(first)
	l.onGitHub(first)
	checkDid(t, l.follow("Done"), did{})
	l.hidesAll(first)
}

// The hosts that the story writes, and the value.
var (
	stripeWidened  = keptSecret{EnvKey: "STRIPE_KEY", AllowedDomains: []string{"api.stripe.com", "files.stripe.com"}}
	searchOpened   = keptSecret{EnvKey: "SEARCH_TOKEN", AllowedDomains: []string{"*.example.com"}}
	searchBack     = keptSecret{EnvKey: "SEARCH_TOKEN", AllowedDomains: []string{"search.example.com"}}
	webhookRotated = keptSecret{EnvKey: "WEBHOOK_SECRET", Value: "not-a-real-value-either", AllowedDomains: []string{"hooks.example.net"}}
)

// atTheDesk follows the steps of the page that need no GitHub.
func (l *living) atTheDesk(first map[string]keptSecret) {
	l.t.Helper()
	one := func(pairs ...string) map[string][]string {
		outputs := map[string][]string{}
		for i := 0; i < len(pairs); i += 2 {
			outputs[pairs[i]] = strings.Split(pairs[i+1], " ")
		}
		return outputs
	}
	checkDid(l.t, l.follow("2. Export what is there"), did{0, one("result", "unchanged", "changed", "false")})
	l.committed("")
	l.holds(first)

	checkDid(l.t, l.follow("3. Plan"),
		did{0, one("result", "unchanged", "planned_count", "0", "rewritten_count", "0", "unmanaged_count", "0", "unchanged_count", "30")},
		did{0, one("result", "planned", "planned_count", "1", "rewritten_count", "0")})
	l.committed("STRIPE_KEY")
	l.holds(first)

	checkDid(l.t, l.follow("4. Change the vault without the file"),
		did{0, one("result", "updated", "env_key", "SEARCH_TOKEN")},
		did{1, one("result", "failed", "error_code", "drift", "drift", "true", "drift_count", "2", "stale_count", "0")})
	l.holds(first, searchOpened)

	checkDid(l.t, l.follow("5. Sync"), did{0, one(
		"result", "updated unchanged", "updated_count", "2", "drift", "false", "drift_count", "0",
	)})
	l.holds(first, searchBack, stripeWidened)

	checkDid(l.t, l.follow("6. Rotate a value"), did{0, one(
		"result", "updated unchanged", "updated_count", "1 0", "unchanged_count", "29 30", "rewritten_count", "0 0",
	)})
	l.committed("WEBHOOK_SECRET")
	l.holds(first, searchBack, stripeWidened, webhookRotated)
}

// Another change behind the file's back, and one in the file, this time on GitHub.
var (
	mapsWidened    = keptSecret{EnvKey: "MAPS_KEY", AllowedDomains: []string{"maps.example.com", "tiles.example.com"}}
	paymentsOpened = keptSecret{EnvKey: "PAYMENTS_TOKEN", AllowedDomains: []string{"*.payments.example.com"}}
)

const mapsEntry = "      MAPS_KEY: { allowed_domains: [maps.example.com, tiles.example.com] }\n"

// onGitHub runs the workflows that the page copies.
func (l *living) onGitHub(first map[string]keptSecret) {
	l.t.Helper()
	origin := l.t.TempDir()
	output(l.t, origin, "git", "init", "--quiet", "--bare", "--initial-branch=main")
	l.must("git remote add origin '" + origin + "'")
	checkDid(l.t, l.follow("7. Let GitHub do it"), did{})
	got := l.workflow("vault-as-code.yml", "push")
	got.succeeded(l.t)
	got.says(l.t, "Plan for .github/nairi-vault.yml: 0 to create, 0 to update, 0 to delete, 30 unchanged.")
	l.workflow("vault-check.yml", "workflow_dispatch").succeeded(l.t)
	if asked := l.github.Requests(); slices.Contains(asked, "open") {
		l.t.Errorf("GitHub was asked for %q though nothing is off", asked)
	}

	l.must(`vault-secret set PAYMENTS_TOKEN --allowed-domains '*.payments.example.com'`)
	for range 2 { // the second check has nothing to add
		l.workflow("vault-check.yml", "workflow_dispatch").succeeded(l.t)
		l.issue("open", 0, "PAYMENTS&#95;TOKEN", "payments.example.com")
	}
	l.holds(first, searchBack, stripeWidened, webhookRotated, paymentsOpened)

	l.edit(mapsEntry)
	l.must(`git commit -am "MAPS_KEY reaches tiles.example.com" && git push origin main`)
	l.committed("MAPS_KEY")
	got = l.workflow("vault-as-code.yml", "push")
	got.succeeded(l.t)
	got.says(l.t, "update  MAPS_KEY        hosts: + tiles.example.com", "update  PAYMENTS_TOKEN  hosts: + ", "Done: 2 updated, 28 unchanged.")
	paymentsBack := keptSecret{EnvKey: "PAYMENTS_TOKEN", AllowedDomains: first["PAYMENTS_TOKEN"].AllowedDomains}
	l.holds(first, searchBack, stripeWidened, webhookRotated, mapsWidened, paymentsBack)
	l.issue("open", 0)

	l.workflow("vault-check.yml", "workflow_dispatch").succeeded(l.t)
	l.issue("closed", 1)
}
