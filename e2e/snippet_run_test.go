package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/githubtest"
)

// snippetRun is how a workflow that we show is run, and what comes of it:
// testdata/runs/snippets.yml. It is run as it is printed, with the manifest that the
// page prints, or else the one that vault-as-code.md does.
type snippetRun struct {
	In      string // another test, which runs it
	Event   string
	Payload string // of the event, by its name in payloads
	Inputs  map[string]string
	Has     []string // secrets that the vault has beside the usual ones
	Old     []string // those that were last changed a hundred days ago
	Want    []held   // secrets that there are afterwards, in any vault; "*" as a value is one that the job makes
	Gone    []string // and that there are not
	Comment bool     // whether the plan is on the pull request
	Issue   []string // texts of the one issue that there is afterwards
	Says    []string // texts of the log
}

const (
	stripeValue  = "sk_synthetic_correct-horse"
	webhookValue = "whsec_synthetic-battery-staple"
)

const ofMain = `"repository": {"default_branch": "main"}`

var payloads = map[string]string{
	"pull request": `{"pull_request": {"number": 7, "head": {"sha": "` + githubtest.DefaultHead + `", "repo": {"full_name": "octo/cats"}}}, ` + ofMain + `}`,
	"from a fork":  `{"pull_request": {"number": 7, "head": {"sha": "` + githubtest.DefaultHead + `", "repo": {"full_name": "mallory/cats"}}}, ` + ofMain + `}`,
	"after a fork's": `{"workflow_run": {"event": "pull_request", "conclusion": "success", "head_sha": "` + githubtest.DefaultHead + `",
		"head_branch": "kittens", "head_repository": {"owner": {"login": "mallory"}}, "pull_requests": []}}`,
	"on main": `{"ref": "refs/heads/main", ` + ofMain + `}`,
}

// kept are secrets that are there before, and old.
var kept = []string{"STALE", "SEARCH_TOKEN", "LEGACY_TOKEN"}

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
			if r.In != "" {
				continue
			}
			t.Run(name+" "+r.Event+" "+r.Payload, func(t *testing.T) {
				t.Parallel()
				r.check(t, workflow, manifestOn(t, name))
			})
		}
	}
}

// manifestOn is the manifest that a page prints, or else the one of all.
func manifestOn(t *testing.T, name string) string {
	t.Helper()
	if page, _, isPage := strings.Cut(name, " "); isPage {
		for _, text := range blocks(read(t, "../"+page), "yaml") {
			if strings.Contains("\n"+text, "\nvaults:\n") {
				return text
			}
		}
	}
	return read(t, "../examples/nairi-vault.yml")
}

// vaultsOf are the IDs of the vaults that a manifest names.
func vaultsOf(t *testing.T, manifest string) []string {
	t.Helper()
	var file struct {
		Vaults []struct {
			ID string `yaml:"vault_id"`
		}
	}
	if err := yaml.Unmarshal([]byte(manifest), &file); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, vault := range file.Vaults {
		ids = append(ids, vault.ID)
	}
	return ids
}

// repositoryOf is that of a user who has a manifest.
func repositoryOf(t *testing.T, manifest string) string {
	t.Helper()
	dir := userRepository(t)
	if err := os.Mkdir(filepath.Join(dir, ".github"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, ".github", "nairi-vault.yml"), manifest, 0o644)
	output(t, dir, "git", "add", "--all")
	output(t, dir, "git", "commit", "--quiet", "--message=a vault as code", "--no-gpg-sign")
	return dir
}

// check runs a workflow as it stands: act takes this action for the one that
// is named.
func (r snippetRun) check(t *testing.T, workflow, manifest string) {
	v := newVault(t)
	v.AddVaultWithID(shownVault, "shown")
	for _, id := range vaultsOf(t, manifest) {
		if id != shownVault {
			v.AddVaultWithID(id, "another")
		}
	}
	v.VaultID = shownVault
	v.hold(before, held{"PAYMENTS_TOKEN", oldValue, []string{"api.example.com"}})
	for _, name := range append(kept, r.Has...) {
		v.hold(held{name, oldValue, []string{"old.example.com"}})
	}

	v.age(r.Old)

	secrets := map[string]string{
		"DATABASE_URL": freshValue, "PAYMENTS_TOKEN": freshValue, "STRIPE_KEY": stripeValue, "STAGING_WEBHOOK_SECRET": webhookValue, "API_KEY": v.Key,
	}
	values, err := json.Marshal(secrets)
	if err != nil {
		t.Fatal(err)
	}
	secrets["VALUES"] = string(values)
	j := job{text: workflow, event: r.Event, payload: payloads[r.Payload], inputs: r.Inputs, vault: v, repository: repositoryOf(t, manifest), secrets: secrets}
	server := j.onGitHub(t)
	j.withGH(t)

	got := j.run(t)

	if r.Issue == nil {
		checkComment(t, server, r.Comment)
	}
	checkIssue(t, server, r.Issue)
	got.succeeded(t)
	for _, value := range []string{freshValue, stripeValue, webhookValue} {
		got.hides(t, value)
	}
	for _, text := range r.Says {
		if !strings.Contains(got.log, text) {
			t.Errorf("%q is not in the log", text)
		}
	}
	r.checkVaults(t, v, got)
}

// onGitHub gives a job a GitHub with the pull request octo/cats#7.
func (j *job) onGitHub(t *testing.T) *githubtest.Server {
	t.Helper()
	server := githubtest.New(t, githubtest.Options{})
	j.on(server)
	return server
}

// on gives a job a GitHub that other jobs may have too.
func (j *job) on(server *githubtest.Server) {
	j.secrets["GITHUB_TOKEN"] = githubtest.DefaultToken
	j.env = map[string]string{"GITHUB_API_URL": server.URL, "GITHUB_REPOSITORY": "octo/cats"}
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

// checkComment checks that the plan is on the pull request, if it should be.
func checkComment(t *testing.T, server *githubtest.Server, wanted bool) {
	t.Helper()
	comments := server.Comments(githubtest.DefaultPullRequest)
	const created = "STRIPE&#95;KEY"
	if wanted && (len(comments) != 1 || !strings.Contains(comments[0].Body, created)) || !wanted && len(server.Requests()) > 0 {
		t.Errorf("comments %v after %q", comments, server.Requests())
	}
}

// checkIssue checks that there is one open issue that says texts, or none.
func checkIssue(t *testing.T, server *githubtest.Server, texts []string) {
	t.Helper()
	issues := server.Issues(githubtest.DefaultRepository)
	switch {
	case len(texts) == 0 && len(issues) == 0:
		return
	case len(texts) == 0 || len(issues) != 1 || issues[0].State != "open":
		t.Errorf("the issues are %+v", issues)
		return
	}
	for _, text := range texts {
		if !strings.Contains(issues[0].Body, text) {
			t.Errorf("%q is not in the issue:\n%s", text, issues[0].Body)
		}
	}
}

// checkVaults checks the secrets that the run is about, in all vaults.
func (r snippetRun) checkVaults(t *testing.T, v vault, got outcome) {
	t.Helper()
	there := map[string]held{}
	for _, id := range v.Vaults() {
		for _, s := range v.Secrets(id) {
			there[s.EnvKey] = held{s.EnvKey, s.Value, s.AllowedDomains}
		}
	}
	for _, name := range r.Gone {
		if _, found := there[name]; found {
			t.Errorf("%s is still there", name)
		}
	}
	for _, want := range r.Want {
		is := there[want.EnvKey]
		if want.Value == "*" {
			got.hides(t, is.Value)
			is.Value = "*"
		}
		checkSame(t, []held{want}, []held{is})
	}
}
