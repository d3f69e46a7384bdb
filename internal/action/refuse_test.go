package action

import (
	"testing"

	"github.com/nairi-community/vault-secret/internal/cli"
)

func TestCommandLineIsRefusedWhereTheActionRuns(t *testing.T) {
	t.Parallel()
	tests := []struct {
		variable string
		refused  bool
	}{
		{"GITHUB_ACTIONS", true},
		{"GITEA_ACTIONS", true},
		{"FORGEJO_ACTIONS", true},
		{"ACT", true},
		{"ACT_EXEC", true},
		{"GITLAB_CI", false},
		{"DRONE", false},
		{"CI", false},
	}
	for _, tt := range tests {
		variables := map[string]string{tt.variable: "true"}
		lookup := func(name string) (string, bool) { text, found := variables[name]; return text, found }
		if got := refused(&cli.Command{Verb: "set"}, lookup); (len(got) > 0) != tt.refused {
			t.Errorf("%s: a command line gets %v", tt.variable, got)
		}
		if got := refused(nil, lookup); got != nil {
			t.Errorf("%s: a step gets %v", tt.variable, got)
		}
	}
}
