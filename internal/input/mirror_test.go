package input_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/mirror"
)

func TestPlacesAreReadInTheirOrder(t *testing.T) {
	t.Parallel()
	got := load(good(env{
		"INPUT_ENV_KEY": envKey, "INPUT_GITHUB_TOKEN": "github_pat_synthetic",
		"INPUT_MIRROR": "repo:octo/cats, env:octo/cats/production eu\norg:octo:private\r\ndependabot:octo/cats,",
	}), nil)
	want := []mirror.Mirror{
		{Target: mirror.Target{Store: mirror.Repository, Owner: "octo", Repo: "cats"}},
		{Target: mirror.Target{Store: mirror.Environment, Owner: "octo", Repo: "cats", Environment: "production eu"}},
		{Target: mirror.Target{Store: mirror.Organization, Owner: "octo", Visibility: mirror.Private}},
		{Target: mirror.Target{Store: mirror.Dependabot, Owner: "octo", Repo: "cats"}},
	}
	if len(got.problems) > 0 {
		t.Fatal(got.problems)
	}
	if diff := cmp.Diff(want, got.config.Vaults[0].Secrets[0].Mirrors); diff != "" {
		t.Error(diff)
	}
}

func TestThereIsAnEndToPlaces(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{mirror.Most: "", mirror.Most + 1: "mirror names more than 100 places."} {
		var places strings.Builder
		for i := range n {
			fmt.Fprintf(&places, "repo:octo/cats-%d\n", i)
		}
		got := load(good(env{"INPUT_ENV_KEY": envKey, "INPUT_GITHUB_TOKEN": "github_pat_synthetic", "INPUT_MIRROR": places.String()}), nil)
		if text := strings.Join(got.problems.Lines(), "\n"); text != want {
			t.Errorf("%d places: %q, want %q", n, text, want)
		}
	}
}

// A value that only the vault takes would be in the vault alone.
func TestAValueThatGitHubDoesNotTakeIsNotSentAnywhere(t *testing.T) {
	t.Parallel()
	longest := strings.Repeat("ab3dE6gh", mirror.MaxSize/8)
	const wrong = " is not possible: GitHub takes a secret of at most 48 KB, and the value has 49153 bytes. Leave the mirror out."
	manifest := mirroredTo(vaultID, "    TOKEN: {env: A_VALUE, allowed_domains: [example.com], mirror: repo:octo/cats}")
	for value, want := range map[string]string{longest: "", longest + "X": wrong} {
		single := load(good(env{"INPUT_ENV_KEY": envKey, "INPUT_GITHUB_TOKEN": "github_pat_synthetic", "INPUT_VALUE": value, "INPUT_MIRROR": "repo:octo/cats"}), nil)
		many := load(syncing(env{"INPUT_GITHUB_TOKEN": "github_pat_synthetic", "A_VALUE": value, "INPUT_SECRETS": manifest}), nil)
		for place, problems := range map[string][]string{"mirror": single.problems.Lines(), "secrets:4: TOKEN.mirror": many.problems.Lines()} {
			if got := strings.Join(problems, "\n"); want == "" && got != "" || want != "" && got != place+want {
				t.Errorf("%d bytes: %q, want %q", len(value), got, place+want)
			}
		}
	}
}
