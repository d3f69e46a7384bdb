package e2e

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/githubtest"
)

// snippetRun is how a workflow that we show is run, and what comes of it:
// testdata/runs/snippets.yml. It is run as it is printed, with the files that its page prints.
// One that is not there runs once, by the first event that starts it, and must succeed.
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
	any     bool     // whether nobody has said what comes of it
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
	runs := readYAML[map[string][]snippetRun](t, read(t, "testdata/runs/snippets.yml"))
	found := snippets(t)
	for name := range runs {
		if found[name] == "" {
			t.Errorf("testdata/runs/snippets.yml: nothing shows %q; delete the line, or give it the name that it has now", name)
		}
	}
	for name, workflow := range found {
		page, _, isPage := strings.Cut(name, ": ")
		if isPage && !slices.ContainsFunc(general(t, page), func(b pageBlock) bool { return b.kind == workflowBlock && snippet(t, b) == name }) {
			continue // TestEveryBlockOfAPageHasATest names the test that runs it
		}
		if len(runs[name]) == 0 {
			runs[name] = []snippetRun{anyRun(t, workflow)}
		}
		for _, r := range runs[name] {
			if r.In != "" {
				checkTestOf(t, "e2e."+r.In, page)
				continue
			}
			t.Run(name+" "+r.Event+" "+r.Payload, func(t *testing.T) {
				t.Parallel()
				r.check(t, workflow, filesFor(t, page))
			})
		}
	}
}

// startsBy are the events that start a workflow of which nothing else is known, and their
// payloads.
var startsBy = []struct{ event, payload string }{
	{"workflow_dispatch", ""}, {"schedule", ""}, {"push", "on main"}, {"pull_request", "pull request"}, {"workflow_run", "after a fork's"}, {"release", ""},
}

// anyRun is a run of a workflow by the first event that starts it.
func anyRun(t *testing.T, workflow string) snippetRun {
	t.Helper()
	on := decode[shownJobs](t, workflow)
	for _, by := range startsBy {
		if on.starts(by.event) {
			return snippetRun{Event: by.event, Payload: by.payload, any: true}
		}
	}
	t.Errorf("say in testdata/runs/snippets.yml what starts\n%s", workflow)
	return snippetRun{}
}

// shownManifest is where a manifest is by default.
const shownManifest = ".github/nairi-vault.yml"

// filesFor are the files that a page prints. Where none of them is the manifest, it is the one
// that docs/vault-as-code.md prints.
func filesFor(t *testing.T, page string) map[string]string {
	t.Helper()
	files := map[string]string{}
	if strings.HasSuffix(page, ".md") {
		files = filesOn(t, page)
	}
	if files[shownManifest] == "" {
		files[shownManifest] = read(t, "../examples/nairi-vault.yml")
	}
	return files
}

// vaultID finds the IDs of vaults.
var vaultID = regexp.MustCompile(`\bvlt_[0-9A-Z]{26}\b`)

// repositoryOf is that of a user who has some files.
func repositoryOf(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := userRepository(t)
	writeFiles(t, dir, files)
	output(t, dir, "git", "add", "--all")
	output(t, dir, "git", "commit", "--quiet", "--message=a vault as code", "--no-gpg-sign")
	return dir
}

// check runs a workflow as it stands: act takes this action for the one that
// is named.
func (r snippetRun) check(t *testing.T, workflow string, files map[string]string) {
	v := r.vault(t, workflow, files)
	secrets := map[string]string{
		"DATABASE_URL": freshValue, "PAYMENTS_TOKEN": freshValue, "STRIPE_KEY": stripeValue, "STAGING_WEBHOOK_SECRET": webhookValue, "API_KEY": v.Key,
	}
	values, err := json.Marshal(secrets)
	if err != nil {
		t.Fatal(err)
	}
	secrets["VALUES"] = string(values)
	for _, other := range secretNamed.FindAllStringSubmatch(workflow, -1) {
		if name := other[1]; secrets[name] == "" && name != "NAIRI_API_KEY" {
			secrets[name] = "synthetic-value-of-" + name
		}
	}
	j := job{text: workflow, event: r.Event, payload: payloads[r.Payload], inputs: r.Inputs, vault: v, repository: repositoryOf(t, files), secrets: secrets}
	server := j.onGitHub(t)
	j.withGH(t)
	j.withoutOthers(t)

	got := j.run(t)

	if r.Issue == nil && !r.any {
		checkComment(t, server, r.Comment)
	}
	if !r.any {
		checkIssue(t, server, r.Issue)
	} else if len(v.Requests()) == 0 && !needsNoKey.MatchString(workflow) {
		t.Error("the API was not asked for anything")
	}
	maps.DeleteFunc(got.steps, func(_ string, s step) bool { return r.any && s.Outcome == "skipped" })
	got.succeeded(t)
	for name, value := range secrets {
		if name != "VALUES" {
			got.hides(t, value)
		}
	}
	for _, text := range r.Says {
		if !strings.Contains(got.log, text) {
			t.Errorf("%q is not in the log", text)
		}
	}
	r.checkVaults(t, v, got)
}

var (
	secretNamed = regexp.MustCompile(`\bsecrets\.([A-Za-z_]+)`)
	needsNoKey  = regexp.MustCompile(`operation: (lint|generate)\b|/emulator@`)
)

// vault is an emulator with the vaults that a workflow and its files name.
func (r snippetRun) vault(t *testing.T, workflow string, files map[string]string) vault {
	t.Helper()
	v := newVault(t)
	v.AddVaultWithID(shownVault, "shown")
	text := workflow
	for _, file := range files {
		text += file
	}
	for _, id := range vaultID.FindAllString(text, -1) {
		if !slices.Contains(v.Vaults(), id) {
			v.AddVaultWithID(id, "another")
		}
	}
	v.VaultID = shownVault
	v.hold(before, held{"PAYMENTS_TOKEN", oldValue, []string{"api.example.com"}})
	for _, name := range append(kept, r.Has...) {
		v.hold(held{name, oldValue, []string{"old.example.com"}})
	}
	v.age(r.Old)
	return v
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

// ofOthers are actions that need a machine of GitHub's.
var ofOthers = regexp.MustCompile(`step-security/harden-runner@[0-9a-f]{40}`)

// withoutOthers puts an action that does nothing in the place of each of those.
func (j *job) withoutOthers(t *testing.T) {
	t.Helper()
	for _, action := range ofOthers.FindAllString(j.text, -1) {
		stub := t.TempDir()
		write(t, filepath.Join(stub, "action.yml"), "runs: { using: composite, steps: [{ run: 'true', shell: bash }] }\n", 0o600)
		j.options = append(j.options, "--local-repository", action+"="+stub)
	}
}

// checkComment checks that the plan is on the pull request, if it should be.
func checkComment(t *testing.T, server *githubtest.Server, wanted bool) {
	t.Helper()
	comments := server.Comments(githubtest.DefaultPullRequest)
	const created = "\n+ STRIPE_KEY  create\n"
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
