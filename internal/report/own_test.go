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
	deletes := fmt.Errorf("%w: 9, and max_deletes is 5: allowed_domains, max_deletes", plan.ErrTooManyDeletes)
	tests := []struct {
		err      error
		manifest bool
		want     string
	}{
		{plan.ErrMismatch, false, "--secret-id and --env-key name different secrets"},
		{plan.ErrConflict, false, "the secret was changed since --if-updated-at"},
		{plan.ErrConflict, true, "the secret was changed since if_updated_at"},
		{fmt.Errorf("%w: choose one by secret_id: sec_1", plan.ErrAmbiguous), false, ": choose one by --secret-id: sec_1"},
		{fmt.Errorf("%w: secret_id; a list; give it allowed_domains", plan.ErrNotFound), true, ": secret_id; a list; give it allowed_domains"},
		{deletes, true, ": 9, and --max-deletes is 5: allowed_domains, max_deletes"},
		{&nairi.Error{Kind: nairi.Refused, Status: 400, Message: "set allowed_domains"}, false, "set allowed_domains"},
		{&nairi.Error{Kind: nairi.Refused, Status: 429, Problem: "it asks to wait 2 h, and the step has 2 min left"}, false, "it asks to wait 2 h, and the run has 2 min left (  → 429 Too Many Requests)"},
		{errors.New("vault_id"), false, ": vault_id"},
	}
	for _, tt := range tests {
		r := of(apply.Fail(rotation, tt.err))
		r.Words = input.Flags{"operation": "set"}.Words
		if r.Manifest = tt.manifest; tt.manifest {
			r.Err = tt.err
		}
		if text, _ := r.Failure(); !strings.HasSuffix(text, tt.want) && !strings.Contains(text, tt.want+"\"") {
			t.Errorf("%v: it says %q, want %q", tt.err, text, tt.want)
		}
		r.Words = nil
		if text, _ := r.Failure(); strings.Contains(text, "--") {
			t.Errorf("%v: a step says %q", tt.err, text)
		}
	}
}

// Somebody who sets a secret that is not there yet is told what a new one needs.
func TestANewSecretIsSaidToNeedWhatItNeeds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		desired plan.Desired
		want    string
	}{
		{plan.Desired{Operation: plan.OpSet, EnvKey: "NEW", Value: secret.New("x")}, "the secret is not in the vault: NEW; " +
			"a new one needs the hosts that it may be sent to: give them with --allowed-domains, or say --allow-any-domain if any host is meant"},
		{plan.Desired{Operation: plan.OpSet, EnvKey: "NEW", Domains: &domains.List{"a.example.com"}}, "the secret is not in the vault: NEW; " +
			"a new one needs a value: give --value-file or --value-env, or use vault-secret create, which asks for it on a terminal"},
	} {
		changes, err := plan.Make([]plan.Vault{{ID: "vlt_1", Secrets: []plan.Desired{tt.desired}}}, [][]nairi.Secret{{}}, plan.Rules{})
		if err != nil {
			t.Fatal(err)
		}
		r := of(apply.Preview(changes)[0])
		r.Words = input.Flags{"operation": "set"}.Words
		if text, _ := r.Failure(); !strings.HasSuffix(text, tt.want) {
			t.Errorf("got %q, want %q", text, tt.want)
		}
	}
}

func TestHintsNameFlags(t *testing.T) {
	t.Parallel()
	r := of(apply.Fail(rotation, plan.ErrConflict))
	r.Words = input.Flags{"operation": "set"}.Words
	if _, hint := r.Failure(); !strings.Contains(hint, "run the command again") || strings.Contains(hint, "job") {
		t.Errorf("the hint is %q", hint)
	}
}
