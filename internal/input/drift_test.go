package input_test

import (
	"slices"
	"testing"

	"github.com/nairi-community/vault-secret/internal/plan"
)

// checking is an environment without problems for a check of the manifest above: it
// has none of the values.
func checking(changes env) env {
	return env{"INPUT_OPERATION": "check", "INPUT_API_KEY": key}.with(changes)
}

// A check reads no value, and misses none: neither the variables nor the files that a
// manifest names are there, and one may be a CI's own where a sync has it from env_json.
func TestACheckReadsNoValue(t *testing.T) {
	t.Parallel()
	given := checking(env{"INPUT_SECRETS": held + "      E: { env: GITHUB_TOKEN, any_domain: true }\n", "A_VALUE": "value-of-a", "GITHUB_TOKEN": "ghs_own"})
	got := load(given, nil)
	got.wantProblems(t)
	if secrets := secretsOf(got); !slices.Equal(secrets, []string{key}) {
		t.Errorf("%d secrets were read", len(secrets))
	}
	vaults := got.config.Vaults
	if len(vaults) != 2 || len(vaults[0].Secrets) != 4 || len(vaults[1].Secrets) != 2 || vaults[0].Secrets[3].Operation != plan.OpDelete || vaults[0].AllManaged {
		t.Errorf("vaults: %+v", vaults)
	}
}

// What a check does with what it finds is said by its inputs.
func TestACheckIsAskedFor(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		given              env
		fails, issue, all  bool
		concurrency, token string
	}{
		"no more than there must be": {fails: true},
		"everything": {
			given: env{
				"INPUT_FAIL_ON_DRIFT": "false", "INPUT_ISSUE": "true", "INPUT_UNMANAGED": "error", "INPUT_GITHUB_TOKEN": "ghs_synthetic",
				"GITHUB_REPOSITORY": "octo/cats",
			},
			issue: true, all: true, token: "ghs_synthetic",
		},
		"a token without an issue": {given: env{"INPUT_GITHUB_TOKEN": "ghs_synthetic"}, fails: true, token: "ghs_synthetic"},
	} {
		got := load(checking(tt.given), heldFiles)
		got.wantProblems(t)
		c := got.config
		if c.Operation != plan.OpCheck || c.FailOnDrift != tt.fails || c.Issue != tt.issue || c.Vaults[1].AllManaged != tt.all || c.GitHubToken.Reveal() != tt.token || c.Concurrency != 8 {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

// An issue needs somewhere to be, and somebody to write it.
func TestAnIssueThatCannotBeWrittenIsRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		given env
		want  []string
	}{
		{env{}, []string{
			"github_token is not set, and issue needs a token that may write issues", "issue needs a repository, and GITHUB_REPOSITORY names none",
		}},
		{env{"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "octo/cats"}, []string{
			"github_token is not set, and issue needs a token that may write issues. Set it to ${{ github.token }}",
		}},
		{env{"INPUT_GITHUB_TOKEN": "ghs_synthetic", "GITHUB_REPOSITORY": "../cats"}, []string{
			"issue needs a repository, and GITHUB_REPOSITORY names none",
		}},
	} {
		load(checking(tt.given.with(env{"INPUT_ISSUE": "true"})), heldFiles).wantProblems(t, tt.want...)
	}
}
