package report_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// What a command line says of an error names flags, and leaves alone what came from
// outside, even if it looks like an input.
func TestErrorsNameFlags(t *testing.T) {
	t.Parallel()
	named := planned(plan.Desired{Operation: plan.OpSet, SecretID: secretID, EnvKey: "max_deletes"}, *stored()).Err
	late := setByName
	late.IfUpdatedAt, late.EnvKey = &createdAt, "vault_id"
	tests := []struct {
		err      error
		manifest bool
		want     string
	}{
		{named, false, "--secret-id is sec_01KQ27AQH800XQTQPJZ0DH14SJ, which is named DATABASE_URL, but --env-key is max_deletes."},
		{planned(late).Err, false, "has no secret vault_id any more, and --if-updated-at says that it was there."},
		{planned(late).Err, true, "has no secret vault_id any more, and if_updated_at says that it was there."},
		{tooMany(1, "allowed_domains", "max_deletes"), true, "deletes 2 secrets, and --max-deletes is 1: allowed_domains, max_deletes."},
		{&nairi.Error{Kind: nairi.Refused, Status: 400, Message: "set allowed_domains"}, false, `"set allowed_domains".`},
		{&nairi.Error{Kind: nairi.Refused, Status: 429, Note: "it asks to wait 2 h, and the step has 2 min left"}, false, "it asks to wait 2 h, and the run has 2 min left."},
		{errors.New("vault_id"), false, "vault_id"},
	}
	for _, tt := range tests {
		r := of(apply.Fail(rotation, tt.err))
		r.Words = input.Flags{"operation": "set"}.Words
		if r.Manifest = tt.manifest; tt.manifest {
			r.Err = tt.err
		}
		if text, _ := failureOf(r); !strings.Contains(text, tt.want) {
			t.Errorf("%v: it says %q, want %q", tt.err, text, tt.want)
		}
		r.Words = nil
		if text, _ := failureOf(r); strings.Contains(text, "--") {
			t.Errorf("%v: a step says %q", tt.err, text)
		}
	}
}

// tooMany is why secrets of these names are not deleted, where so many may be.
func tooMany(most int, names ...string) error {
	var there []nairi.Secret
	for i, name := range names {
		there = append(there, nairi.Secret{ID: nairi.SecretID(fmt.Sprint("sec_", i)), EnvKey: name})
	}
	_, err := plan.Make([]plan.Vault{{ID: vaultID}}, [][]nairi.Secret{there}, plan.Rules{Prune: true, Guard: &plan.DeleteGuard{Most: most}})
	return err
}

// Somebody who sets a secret that is not there yet is told what a new one needs.
func TestANewSecretIsSaidToNeedWhatItNeeds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		desired plan.Desired
		want    string
	}{
		{plan.Desired{Operation: plan.OpSet, EnvKey: "NEW", Value: secret.New("x")}, "Vault vlt_1 has no secret NEW, and it cannot be created without --allowed-domains. Nothing was changed. [secret_not_found] " +
			"Check the name. To create the secret, add --allowed-domains, or --allow-any-domain if any host is meant."},
		{plan.Desired{Operation: plan.OpSet, EnvKey: "NEW", Domains: &domains.List{"a.example.com"}}, "Vault vlt_1 has no secret NEW, and it cannot be created without a value. Nothing was changed. [secret_not_found] " +
			"Check the name. To create the secret, add --value-file (or --value-env)."},
	} {
		changes, err := plan.Make([]plan.Vault{{ID: "vlt_1", Secrets: []plan.Desired{tt.desired}}}, [][]nairi.Secret{{}}, plan.Rules{})
		if err != nil {
			t.Fatal(err)
		}
		r := of(apply.Preview(changes)[0])
		r.Words = input.Flags{"operation": "set"}.Words
		if text, hint := failureOf(r); text+" "+hint != tt.want {
			t.Errorf("got %q %q, want %q", text, hint, tt.want)
		}
	}
}

func TestHintsNameFlags(t *testing.T) {
	t.Parallel()
	r := of(apply.Fail(rotation, &nairi.Error{Kind: nairi.Timeout}))
	r.Words = input.Flags{"operation": "set"}.Words
	if _, hint := failureOf(r); !strings.Contains(hint, "Run the command again") || strings.Contains(hint, "job") {
		t.Errorf("the hint is %q", hint)
	}
}
