package event_test

import (
	"testing"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/event"
)

// Only an event that says so makes a run private.
func TestWhoMayReadTheRun(t *testing.T) {
	t.Parallel()
	only := func(variable, value string) env.Env {
		return env.Env{Lookup: func(name string) (string, bool) {
			if name != variable {
				return "", false
			}
			return value, true
		}}
	}
	for name, test := range map[string]struct {
		env  env.Env
		want bool
	}{
		"private":                 {run(`{"repository":{"private":true}}`), false},
		"public":                  {run(`{"repository":{"private":false}}`), true},
		"a text":                  {run(`{"repository":{"private":"true"}}`), true},
		"no repository":           {run(`{"schedule":"0 4 * * *"}`), true},
		"another's repository":    {run(`{"pull_request":{"head":{"repo":{"private":true}}}}`), true},
		"unreadable":              {unreadable(), true},
		"half an event":           {run(`{"repository":{"private":true},`), true},
		"GitHub without an event": {only("GITHUB_ACTIONS", "true"), true},
		"elsewhere":               {elsewhere(), false},
		"GitLab, public":          {only("CI_PROJECT_VISIBILITY", "public"), true},
		"GitLab, internal":        {only("CI_PROJECT_VISIBILITY", "internal"), false},
	} {
		if got := event.Read(test.env).Public(); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
