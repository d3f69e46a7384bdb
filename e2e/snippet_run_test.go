package e2e

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/githubtest"
)

// snippetRun is how a workflow that we show is run, and what comes of it for a
// vault that holds before and STALE.
type snippetRun struct {
	event   string
	payload string // of the event
	inputs  map[string]string
	envKey  string // of the secret that it is about
	want    *held  // nil: it is gone; "*" as a value is one that the job makes
}

const stripeValue = "sk_synthetic_correct-horse"

// Payloads of events.
const (
	pullRequest = `{"pull_request": {"number": 7}, "repository": {"default_branch": "main"}}`
	onMain      = `{"ref": "refs/heads/main", "repository": {"default_branch": "main"}}`
)

var stale = held{"STALE", oldValue, []string{"old.example.com"}}

var replicas = []string{"db.example.com", "*.replicas.example.com"}

// snippetRuns has every snippet, under its name and, where there are several
// ways, what tells them apart.
var snippetRuns = map[string][]snippetRun{
	"README.md 1": {
		{event: "workflow_dispatch", envKey: "DATABASE_URL", want: &held{"DATABASE_URL", freshValue, replicas}},
	},
	"docs/ci/gitea.md 1": {
		{event: "workflow_dispatch", envKey: "DATABASE_URL", want: &held{"DATABASE_URL", freshValue, replicas}},
	},
	"examples/workflows/fence.yml": {
		{event: "pull_request", envKey: "DATABASE_URL", want: &before},
		{event: "push", envKey: "DATABASE_URL", want: &held{"DATABASE_URL", oldValue, replicas}},
	},
	"examples/workflows/generated.yml": {
		{event: "schedule", envKey: "SIGNING_KEY", want: &held{"SIGNING_KEY", "*", []string{"api.example.com"}}},
	},
	"docs/pull-request.md 1": {
		{event: "pull_request", payload: pullRequest, envKey: "DATABASE_URL", want: &before},
	},
	"docs/vault-as-code.md 1": {
		{event: "push", payload: onMain, envKey: "STRIPE_KEY", want: &held{"STRIPE_KEY", stripeValue, []string{"api.stripe.com"}}},
	},
	"docs/vault-as-code.md 2": {
		{event: "pull_request", payload: pullRequest, envKey: "STALE", want: &stale},
		{event: "push", payload: onMain, envKey: "STALE"},
	},
	"examples/workflows/vault-as-code.yml": {
		{event: "pull_request", payload: pullRequest, envKey: "DATABASE_URL", want: &before},
		{event: "push", payload: onMain, envKey: "DATABASE_URL", want: &held{"DATABASE_URL", freshValue, replicas}},
	},
	"examples/workflows/vault-matrix.yml": {
		{event: "workflow_dispatch", envKey: "DATABASE_URL", want: &held{"DATABASE_URL", freshValue, replicas}},
		{event: "workflow_dispatch", envKey: "STRIPE_KEY", want: &held{"STRIPE_KEY", stripeValue, []string{"api.stripe.com"}}},
	},
	"examples/workflows/remove.yml": {
		{event: "workflow_dispatch", inputs: map[string]string{"env_key": "STALE"}, envKey: "STALE"},
	},
	"examples/workflows/rotate.yml": {
		{event: "release", envKey: "PAYMENTS_TOKEN", want: &held{"PAYMENTS_TOKEN", freshValue, []string{"api.example.com"}}},
	},
}

// shownVault is the vault that README.md names.
const shownVault = "vlt_01KEQ6963XS96YDP3NF9NKB7QJ"

func TestSnippetsRun(t *testing.T) {
	t.Parallel()
	for name, workflow := range snippets(t) {
		if shownImage.MatchString(workflow) {
			continue // TestContainer runs it
		}
		if len(snippetRuns[name]) == 0 {
			t.Errorf("%s: say in snippetRuns how it is run", name)
		}
		for _, r := range snippetRuns[name] {
			t.Run(name+" "+r.event, func(t *testing.T) {
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
	path := filepath.Join(t.TempDir(), "workflow.yml")
	write(t, path, workflow, 0o600)

	j := job{
		workflow: path, event: r.event, payload: r.payload, inputs: r.inputs, vault: v,
		secrets: map[string]string{"DATABASE_URL": freshValue, "PAYMENTS_TOKEN": freshValue, "STRIPE_KEY": stripeValue},
	}
	server := j.onGitHub(t)

	got := j.run(t)

	checkComment(t, server, r.payload == pullRequest)
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
	var left []held
	for _, s := range v.Secrets(v.VaultID) {
		if s.EnvKey != r.envKey {
			continue
		}
		if r.want != nil && r.want.Value == "*" {
			got.hides(t, s.Value)
			s.Value = "*"
		}
		left = append(left, held{s.EnvKey, s.Value, s.AllowedDomains})
	}
	var want []held
	if r.want != nil {
		want = []held{*r.want}
	}
	checkSame(t, want, left)
}
