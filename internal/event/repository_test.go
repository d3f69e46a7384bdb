package event_test

import (
	"testing"

	"github.com/nairi-community/vault-secret/internal/event"
)

func TestRepository(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]struct {
		owner, repo string
		known       bool
	}{
		"octo/cats":    {"octo", "cats", true},
		"octo-1/c.a_s": {"octo-1", "c.a_s", true},
		"":             {"", "", false},
		"octo":         {"octo", "", false},
		"octo/../cats": {"octo", "../cats", false},
		"octo/cats?x":  {"octo", "cats?x", false},
	} {
		owner, repo, known := event.Read(run("", "GITHUB_REPOSITORY="+given)).Repository()
		if owner != want.owner || repo != want.repo || known != want.known {
			t.Errorf("%q: %q, %q, %t", given, owner, repo, known)
		}
	}
}
