package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/githubtest"
)

// snippetRun is how a workflow that we show is run, and what comes of it for a
// vault that holds before, stale, and a PAYMENTS_TOKEN: testdata/runs/snippets.yml.
type snippetRun struct {
	Event   string
	Payload string // of the event, by its name in payloads
	Inputs  map[string]string
	Has     []string // secrets that the vault has beside the usual ones
	EnvKey  string   `yaml:"env_key"` // of the secret that it is about
	Want    *held    // nil: it is gone; "*" as a value is one that the job makes
}

const stripeValue = "sk_synthetic_correct-horse"

var payloads = map[string]string{
	"pull request": `{"pull_request": {"number": 7, "head": {"sha": "` + githubtest.DefaultHead + `"}}, "repository": {"default_branch": "main"}}`,
	"from a fork":  `{"pull_request": {"number": 7, "head": {"sha": "` + githubtest.DefaultHead + `"}}}`,
	"after a fork's": `{"workflow_run": {"event": "pull_request", "conclusion": "success", "head_sha": "` + githubtest.DefaultHead + `",
		"head_branch": "kittens", "head_repository": {"owner": {"login": "mallory"}}, "pull_requests": []}}`,
	"on main": `{"ref": "refs/heads/main", "repository": {"default_branch": "main"}}`,
}

var stale = held{"STALE", oldValue, []string{"old.example.com"}}

var replicas = []string{"db.example.com", "*.replicas.example.com"}

// shownVault is the vault that README.md names.
const shownVault = "vlt_01KEQ6963XS96YDP3NF9NKB7QJ"

func TestSnippetsRun(t *testing.T) {
	t.Parallel()
	snippetRuns := readYAML[map[string][]snippetRun](t, read(t, "testdata/runs/snippets.yml"))
	for name, workflow := range snippets(t) {
		if shownImage.MatchString(workflow) {
			continue // TestContainer runs it
		}
		if len(snippetRuns[name]) == 0 {
			t.Errorf("%s: say in testdata/runs/snippets.yml how it is run", name)
		}
		for _, r := range snippetRuns[name] {
			t.Run(name+" "+r.Event, func(t *testing.T) {
				t.Parallel()
				r.check(t, workflow)
			})
		}
	}
}

// check runs a workflow as it stands: act takes this action for the one that
// is named.
func (r snippetRun) check(t *testing.T, workflow string) {
	v := newVault(t)
	v.AddVaultWithID(shownVault, "shown")
	v.VaultID = shownVault
	v.hold(before, stale, held{"PAYMENTS_TOKEN", oldValue, []string{"api.example.com"}})
	for _, name := range r.Has {
		v.hold(held{name, oldValue, []string{"old.example.com"}})
	}

	j := job{
		text: workflow, event: r.Event, payload: payloads[r.Payload], inputs: r.Inputs, vault: v,
		secrets: map[string]string{"DATABASE_URL": freshValue, "PAYMENTS_TOKEN": freshValue, "STRIPE_KEY": stripeValue},
	}
	server := j.onGitHub(t)
	j.withGH(t)

	got := j.run(t)

	checkComment(t, server, r.Payload == "pull request" || r.Payload == "after a fork's")
	got.succeeded(t)
	got.hides(t, freshValue)
	got.hides(t, stripeValue)
	r.checkVault(t, v, got)
}

// onGitHub gives a job a GitHub with the pull request octo/cats#7.
func (j *job) onGitHub(t *testing.T) *githubtest.Server {
	t.Helper()
	server := githubtest.New(t, githubtest.Options{})
	j.secrets["GITHUB_TOKEN"] = githubtest.DefaultToken
	j.env = map[string]string{"GITHUB_API_URL": server.URL, "GITHUB_REPOSITORY": "octo/cats"}
	return server
}

// ghAnswers stands for GitHub's own program, where a workflow asks it for the
// pull request of a branch and for a file of a commit.
const ghAnswers = `#!/bin/sh
case "$*" in
"api --method GET repos/octo/cats/pulls -f state=open -f head=mallory:kittens --jq "*) echo 7 ;;
"api --method GET repos/octo/cats/contents/.github/nairi-vault.yml -f ref=` + githubtest.DefaultHead + ` "*) cat .github/nairi-vault.yml.there ;;
*) echo "gh: $*" && exit 1 ;;
esac
`

// withGH puts a gh first in a job's search path.
func (j *job) withGH(t *testing.T) {
	t.Helper()
	bin := t.TempDir()
	manifest := filepath.Join(j.in(), ".github", "nairi-vault.yml")
	write(t, filepath.Join(bin, "gh"), strings.Replace(ghAnswers, ".github/nairi-vault.yml.there", "'"+manifest+"'", 1), 0o755)
	j.environ = append(j.environ, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
}

// checkComment checks that the plan is on the pull request, if there is one.
func checkComment(t *testing.T, server *githubtest.Server, wanted bool) {
	t.Helper()
	comments := server.Comments(githubtest.DefaultPullRequest)
	const row = "| <code>STRIPE&#95;KEY</code> | create | + <code>api.stripe.com</code> | planned |"
	if wanted && (len(comments) != 1 || !strings.Contains(comments[0].Body, row)) || !wanted && len(server.Requests()) > 0 {
		t.Errorf("comments %v after %q", comments, server.Requests())
	}
}

func (r snippetRun) checkVault(t *testing.T, v vault, got outcome) {
	t.Helper()
	var left, want []held
	for _, s := range v.Secrets(v.VaultID) {
		if s.EnvKey != r.EnvKey {
			continue
		}
		if r.Want != nil && r.Want.Value == "*" {
			got.hides(t, s.Value)
			s.Value = "*"
		}
		left = append(left, held{s.EnvKey, s.Value, s.AllowedDomains})
	}
	if r.Want != nil {
		want = []held{*r.Want}
	}
	checkSame(t, want, left)
}
