//go:build unix

package action

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/cli"
	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// Each example of a help does what it says, as it is printed, at a terminal.
func TestTheExamplesOfTheHelpRun(t *testing.T) {
	t.Parallel()
	together := newCrowd(t)
	defer together.running.Wait()
	for _, example := range cli.Examples {
		together.runsExample("", example)
	}
	for _, v := range cli.Verbs() {
		for _, example := range v.Examples {
			if v.Name != "completion" { // which have tests in their shells
				together.runsExample(v.Name, example)
			}
		}
	}
}

func (c *crowd) runsExample(verb string, example cli.Example) {
	c.run(verb+" "+example.For, func(t *testing.T) {
		for _, tool := range []string{"jq", "openssl"} {
			if _, err := exec.LookPath(tool); err != nil && strings.Contains(example.Line, tool+" ") {
				t.Skipf("there is no %s on this machine", tool)
			}
		}
		s := newStage(t)
		s.AddVaultWithID(otherVaultID, "staging")
		for _, secret := range exampleSecrets {
			if !strings.Contains(example.Line, "create "+secret.EnvKey) {
				s.AddSecret(s.VaultID, secret)
			}
		}
		line := example.Line
		if strings.Contains(line, "$digest") {
			line = planExample(t) + "; " + line
		}
		p := s.sit("cd "+exampleFolder(t, s.VaultID, verb)+" && "+line,
			"DATABASE_URL="+value, "PRODUCTION_VAULT="+s.VaultID, "STAGING_VAULT="+otherVaultID)
		if strings.Contains(strings.ToLower(example.For), "type ") {
			p.answers("Value of ", value+"\n")
			p.answers(repeat, value+"\n")
		}
		p.ends(0)
	})
}

// exampleSecrets are those of which the examples tell.
var exampleSecrets = []nairitest.Stored{
	{EnvKey: "STRIPE_KEY", Value: former, AllowedDomains: []string{"api.stripe.com"}},
	{EnvKey: "SESSION_KEY", Value: former, AllowedDomains: []string{"api.example.com"}},
	{EnvKey: "DATABASE_URL", Value: former, AllowedDomains: []string{"db.example.com"}},
	{EnvKey: "LEGACY_TOKEN", Value: former, AllowedDomains: []string{"old.example.com"}},
}

// exampleFolder is a folder with the files that the examples name, but for the manifest that
// an export writes.
func exampleFolder(t *testing.T, vault, verb string) string {
	t.Helper()
	dir := t.TempDir()
	manifest := "vaults:\n  - vault_id: " + vault + "\n    secrets:\n" +
		"      STRIPE_KEY: { allowed_domains: [api.stripe.com] }\n      DATABASE_URL: { env: DATABASE_URL, allowed_domains: [db.example.com] }\n"
	for name, text := range map[string]string{
		".github/nairi-vault.yml": manifest,
		"vaults/production.yml":   manifest,
		"vaults/staging.yml":      "vaults:\n  - vault_id: " + otherVaultID + "\n    secrets: {}\n",
		"values.env":              "DATABASE_URL=" + value + "\n",
		"key.pem":                 value + "\n",
	} {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if verb == "export" && strings.HasSuffix(name, "nairi-vault.yml") {
			continue
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// planExample is the example that keeps the digest of a plan.
func planExample(t *testing.T) string {
	t.Helper()
	for _, v := range cli.Verbs() {
		for _, example := range v.Examples {
			if strings.HasPrefix(example.Line, "digest=") {
				return example.Line
			}
		}
	}
	t.Fatal("no example keeps a digest")
	return ""
}
