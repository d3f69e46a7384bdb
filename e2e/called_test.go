package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/githubtest"
	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// called is a run of examples/workflows/vault-as-code.yml, which calls vault-sync.yml,
// with a plan on pull requests too. A job after it prints what it hands on.
type called struct {
	event, payload string
	with           string // more inputs, a line each
	server         *nairitest.Server
	without        []string // secrets that there are not
	environ        []string
	// variable says that the manifest has the vault's ID in a variable, and that the
	// workflow is given the ID.
	variable bool
}

const handedOn = `
  after:
    needs: vault
    runs-on: ubuntu-latest
    steps:
      - env:
          OUTPUTS: ${{ toJSON(needs.vault.outputs) }}
        run: echo $OUTPUTS
`

func (c called) run(t *testing.T) (outcome, *githubtest.Server, vault) {
	t.Helper()
	workflow := read(t, "../examples/workflows/vault-as-code.yml")
	const condition = "${{ github.event_name != 'pull_request' && 'vault-plan' || '' }}"
	if !strings.Contains(workflow, condition) {
		t.Fatal("the example has another plan_environment")
	}
	manifest := read(t, "../examples/nairi-vault.yml")
	if c.variable {
		manifest = strings.Replace(manifest, "vault_id: "+shownVault, "vault_id: ${VAULT_ID}", 1)
		c.with += "\n      vault_id: " + shownVault
	}
	workflow = strings.Replace(workflow, condition, "vault-plan"+c.with, 1) + handedOn
	v := vault{c.server}
	v.AddVaultWithID(shownVault, "shown")
	v.AddVaultWithID("vlt_01KQ27AQH800XQTQPJZ0DH14SJ", "staging")
	v.VaultID = shownVault
	v.hold(before, held{"SEARCH_TOKEN", oldValue, []string{"search.example.com"}})
	secrets := map[string]string{
		"API_KEY": v.Key, "VALUES": `{"DATABASE_URL": "` + freshValue + `", "STRIPE_KEY": "` + stripeValue + `", "STAGING_WEBHOOK_SECRET": "` + webhookValue + `"}`,
	}
	for _, name := range c.without {
		delete(secrets, name)
	}
	j := job{
		text: workflow, event: c.event, payload: payloads[c.payload], vault: v, secrets: secrets, environ: c.environ,
		repository: repositoryOf(t, map[string]string{shownManifest: manifest}),
	}
	server := j.onGitHub(t)
	got := j.run(t)
	got.hides(t, freshValue)
	got.hides(t, v.Key)
	return got, server, v
}

// says checks for texts in the log.
func (o outcome) says(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(o.log, text) {
			t.Errorf("%q is not in the log", text)
		}
	}
}

// The plan of one job is what the next one does, on a private endpoint, and the caller
// learns of it.
func TestTheCalledWorkflowDoesWhatItPlanned(t *testing.T) {
	t.Parallel()
	server := nairitest.StartTLS(t, nairitest.Options{})
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, server.CA, 0o600); err != nil {
		t.Fatal(err)
	}
	got, _, v := called{
		event: "push", payload: "on main", server: server, environ: []string{"NAIRI_BASE_URL=http://127.0.0.1:1"}, variable: true,
		with: "\n      runs_on: '[\"ubuntu-latest\"]'\n      base_url: " + server.BaseURL + "\n      ca_cert: " + ca,
	}.run(t)
	got.succeeded(t)
	got.says(t, `"changed": "true"`, `"created_count": "2"`, `"updated_count": "1"`, `"deleted_count": "0"`, `"planned_count": "3"`, `"result": "updated"`)
	if secrets := v.Secrets(v.VaultID); len(secrets) != 3 || secrets[0].Value != freshValue || secrets[2].Value != stripeValue {
		t.Errorf("the vault holds %d secrets", len(secrets))
	}
}

// Between the two jobs somebody creates a secret of the manifest.
func TestTheCalledWorkflowDoesNothingElseThanItPlanned(t *testing.T) {
	t.Parallel()
	server, lists := nairitest.Start(t, nairitest.Options{}), 0
	server.Set(func(o *nairitest.Options) {
		o.Intercept = func(_ http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodGet && strings.Contains(r.URL.Path, shownVault) {
				lists++
			}
			if lists == 2 {
				lists++
				server.AddSecret(shownVault, nairitest.Stored{EnvKey: "STRIPE_KEY", Value: oldValue, AllowedDomains: []string{"evil.example.com"}})
			}
			return false
		}
	})
	got, _, v := called{event: "push", payload: "on main", server: server}.run(t)
	if !got.failed {
		t.Error("the run succeeded")
	}
	// In the summary: act does not wait for the last lines that a step printed before it failed.
	got.says(t, "### ❌ Plan refused: it is not the plan that was approved\n", "The plan is not the one that was approved: 1 different. Different: STRIPE&#95;KEY in shown (", "; hosts: api.stripe.com; the value is written. Now: update STRIPE&#95;KEY (sec&#95;", "Nothing was changed.")
	v.holds(t, before, held{"SEARCH_TOKEN", oldValue, []string{"search.example.com"}}, held{"STRIPE_KEY", oldValue, []string{"evil.example.com"}})
}

// A pull request has its plan where the key is, and the lint where it is not.
func TestTheCalledWorkflowOnPullRequests(t *testing.T) {
	t.Parallel()
	const noPlan = "No plan was made, because this job has no API key."
	for name, test := range map[string]struct {
		payload string
		without []string
		plans   bool
	}{
		"with the key":    {"pull request", nil, true},
		"without the key": {"pull request", []string{"API_KEY", "VALUES"}, false},
		"from a fork":     {"from a fork", nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, github, v := called{event: "pull_request", payload: test.payload, without: test.without, server: nairitest.Start(t, nairitest.Options{}), variable: true}.run(t)
			got.succeeded(t)
			if strings.Contains(got.log, `"plan_digest": "",`) == test.plans {
				t.Error("the caller gets another plan_digest")
			}
			checkComment(t, github, test.plans)
			if strings.Contains(got.log, noPlan) == test.plans || (len(v.Requests()) > 0) != test.plans {
				t.Errorf("%d requests", len(v.Requests()))
			}
			v.holds(t, before, held{"SEARCH_TOKEN", oldValue, []string{"search.example.com"}})
		})
	}
}
