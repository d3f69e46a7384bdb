package apply_test

import (
	"testing"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

func TestFind(t *testing.T) {
	t.Parallel()
	token, lower, other := stored(one, "TOKEN"), stored(two, "token"), stored(two, "OTHER")
	again := stored(two, "TOKEN")
	tests := map[string]struct {
		want    plan.Want
		answers script
		found   []nairi.Secret
		err     error
		calls   []string
	}{
		"by ID, one request reads one secret": {
			want:    plan.Want{SecretID: one},
			answers: script{"look": {says(token)}},
			found:   []nairi.Secret{token},
			calls:   []string{"look " + string(one)},
		},
		"by ID and name, the ID finds it": {
			want:    plan.Want{SecretID: one, EnvKey: "OTHER"},
			answers: script{"look": {says(token)}},
			found:   []nairi.Secret{token},
			calls:   []string{"look " + string(one)},
		},
		"by ID, not there in a vault that is": {
			want:    plan.Want{SecretID: one},
			answers: script{"look": {refuses(notFound)}, "list": {says(other)}},
			calls:   []string{"look " + string(one), "list"},
		},
		"by ID, not there because the vault is not": {
			want:    plan.Want{SecretID: one},
			answers: script{"look": {refuses(notFound)}, "list": {refuses(noVault)}},
			err:     noVault,
			calls:   []string{"look " + string(one), "list"},
		},
		"by ID, any other error is not looked behind": {
			want:    plan.Want{SecretID: one},
			answers: script{"look": {refuses(unauthorized)}},
			err:     unauthorized,
			calls:   []string{"look " + string(one)},
		},
		"by name, in its very case": {
			want:    plan.Want{EnvKey: "TOKEN"},
			answers: script{"list": {says(other, lower, token)}},
			found:   []nairi.Secret{token},
			calls:   []string{"list"},
		},
		"by name, all that have it": {
			want:    plan.Want{EnvKey: "TOKEN"},
			answers: script{"list": {says(token, other, again)}},
			found:   []nairi.Secret{token, again},
			calls:   []string{"list"},
		},
		"by name, none": {
			want:    plan.Want{EnvKey: "TOKEN"},
			answers: script{"list": {says(other)}},
			calls:   []string{"list"},
		},
		"by name, no list": {
			want:    plan.Want{EnvKey: "TOKEN"},
			answers: script{"list": {refuses(unauthorized)}},
			err:     unauthorized,
			calls:   []string{"list"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := &fake{t: t, answers: tt.answers}
			found, err := apply.Vault{API: api, ID: vaultID}.Find(t.Context(), tt.want)
			if d := diff(tt.err, err); d != "" {
				t.Errorf("error: %s", d)
			}
			if d := diff(tt.found, found); d != "" {
				t.Errorf("found: %s", d)
			}
			if d := diff(tt.calls, api.calls); d != "" {
				t.Errorf("calls: %s", d)
			}
		})
	}
}
