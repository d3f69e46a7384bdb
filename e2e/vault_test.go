package e2e

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// vault is an emulator with one vault.
type vault struct{ *nairitest.Server }

func newVault(t *testing.T) vault {
	t.Helper()
	return vault{nairitest.Start(t, nairitest.Options{})}
}

// held is what matters of a secret in the vault.
type held struct {
	EnvKey  string `yaml:"env_key"`
	Value   string
	Domains []string `yaml:"allowed_domains"`
}

// hold puts secrets in that were there long before, and returns the ID of the
// last.
func (v vault) hold(secrets ...held) (id string) {
	for _, s := range secrets {
		id = v.AddSecret(v.VaultID, nairitest.Stored{
			EnvKey: s.EnvKey, Value: s.Value, AllowedDomains: s.Domains,
			CreatedAt: time.Now().AddDate(0, -1, 0),
		})
	}
	return id
}

// age makes secrets a hundred days old.
func (v vault) age(names []string) {
	for _, s := range v.Secrets(v.VaultID) {
		if slices.Contains(names, s.EnvKey) {
			v.SetUpdatedAt(s.ID, time.Now().AddDate(0, 0, -100))
		}
	}
}

// script has faults in store for the requests that follow.
func (v vault) script(t *testing.T, faults ...string) {
	t.Helper()
	script := nairitest.Script(t, faults...)
	v.Set(func(o *nairitest.Options) { o.Script = script })
}

// holds checks what the vault truly holds, oldest first.
func (v vault) holds(t *testing.T, want ...held) {
	t.Helper()
	var got []held
	for _, s := range v.Secrets(v.VaultID) {
		got = append(got, held{s.EnvKey, s.Value, s.AllowedDomains})
	}
	checkSame(t, want, got)
}

func checkSame(t *testing.T, want, got []held) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("secrets, - wanted, + held:\n%s", diff)
	}
}

// outputs are all the outputs of a step that left the vault's only secret as it
// is now.
func (v vault) outputs(t *testing.T, result, changed string) map[string]string {
	t.Helper()
	secrets := v.Secrets(v.VaultID)
	if len(secrets) != 1 {
		t.Fatalf("%d secrets in the vault", len(secrets))
	}
	return v.outputsOf(secrets[0], result, changed)
}

func (v vault) outputsOf(s nairitest.Stored, result, changed string) map[string]string {
	domains, _ := json.Marshal(s.AllowedDomains)
	return map[string]string{
		"secret_id": s.ID, "env_key": s.EnvKey, "vault_id": v.VaultID,
		"allowed_domains": string(domains),
		"created_at":      timestamp(s.CreatedAt), "updated_at": timestamp(s.UpdatedAt),
		"previous_updated_at": "", "mirrors": "",
		"result": result, "changed": changed, "error_code": "",
	}
}

// failure is the outputs of a step that failed before it saw a secret.
func failure(v vault, envKey, code string) map[string]string {
	return map[string]string{
		"secret_id": "", "env_key": envKey, "vault_id": v.VaultID, "allowed_domains": "",
		"created_at": "", "updated_at": "", "previous_updated_at": "", "mirrors": "",
		"result": "failed", "changed": "false", "error_code": code,
	}
}

func timestamp(t time.Time) string {
	return t.UTC().Truncate(time.Second).Format("2006-01-02T15:04:05.000Z")
}

// untouched checks that no request was sent.
func (v vault) untouched(t *testing.T) {
	t.Helper()
	if n := len(v.Requests()); n > 0 {
		t.Errorf("%d requests, want none", n)
	}
}

// sent are the requests but that for the names of vaults, which comes beside others.
func (v vault) sent() []string {
	var sent []string
	for _, r := range v.Requests() {
		if request := r.Method + " " + r.Path; request != "GET /api/public/v1/vaults" {
			sent = append(sent, request)
		}
	}
	return sent
}
