package action

import (
	"fmt"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/nairi-community/vault-secret/internal/githubtest"
)

type hubKey struct{}

// mirrorCommands are those of stories with mirrors. Their GitHub listens for as long as t
// runs.
//
//	github              starts it, and sets the variables that lead a step there
//	grants PLACE WORD   lets the token do with a place as much as the word says
//	mirrored            prints what the places have, beside what the vault has under the name
func mirrorCommands(t *testing.T) map[string]func(ts *testscript.TestScript, neg bool, args []string) {
	hub := func(ts *testscript.TestScript) *githubtest.Server { return ts.Value(hubKey{}).(*hubOf).Server }
	return map[string]func(ts *testscript.TestScript, neg bool, args []string){
		"github": func(ts *testscript.TestScript, neg bool, args []string) {
			arguments(ts, neg, args, 0, "github")
			server := githubtest.New(t, githubtest.Options{})
			ts.Value(hubKey{}).(*hubOf).Server = server
			ts.Setenv("GITHUB_API_URL", server.URL)
			ts.Setenv("INPUT_GITHUB_TOKEN", githubtest.DefaultToken)
		},
		"grants": func(ts *testscript.TestScript, neg bool, args []string) {
			arguments(ts, neg, args, 2, "grants PLACE writes|reads|nothing")
			access, known := map[string]githubtest.Access{"writes": githubtest.Writes, "reads": githubtest.Reads, "nothing": githubtest.Refused}[args[1]]
			if !known {
				ts.Fatalf("%q is no word for it", args[1])
			}
			hub(ts).Grant(args[0], access)
		},
		"mirrored": func(ts *testscript.TestScript, neg bool, args []string) {
			arguments(ts, neg, args, 0, "mirrored")
			values, stdout := map[string]string{}, ts.Stdout()
			for _, secret := range of(ts).Secrets(of(ts).vaultID) {
				values[secret.EnvKey] = secret.Value
			}
			for _, place := range githubtest.Places {
				for _, secret := range hub(ts).Secrets(place) {
					as := "as in the vault"
					if values[secret.Name] != secret.Value {
						as = "otherwise"
					}
					if secret.Visibility != "" {
						as += ", " + secret.Visibility
					}
					_, _ = fmt.Fprintf(stdout, "%s %s %s\n", place, secret.Name, as)
				}
			}
			_, _ = fmt.Fprintln(stdout, "no other")
		},
	}
}

// hubOf is the GitHub of one story.
type hubOf struct{ *githubtest.Server }
