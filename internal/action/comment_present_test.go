package action

import (
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/githubtest"
	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// pushed is a commit after githubtest.DefaultHead.
const pushed = "c0ffee1c0ffee1c0ffee1c0ffee1c0ffee1c0ffe"

// wentWrong are runs on the same pull request after one whose plan is shown, each
// of which goes wrong in its own way.
var wentWrong = map[string]struct {
	change func(s *stage, with inputs)
	has    []string
}{
	"the manifest is not YAML": {
		func(s *stage, with inputs) { s.rewrite(with, "vaults: [}") },
		[]string{"### ❌ No plan: 1 problem in <code>", "is not YAML", "Nothing was read from the vaults. Push a fix, and the plan appears here."},
	},
	"the manifest has three problems": {
		func(s *stage, with inputs) {
			s.rewrite(with, s.manifestOf("TOKEN: {allowed_domain: [a.example.com]}", "B: {env: B, file: b}", "C: {absent: 'yes'}"))
		},
		[]string{"### ❌ No plan: 3 problems in <code>", "- line 4: ", "- line 5: ", "- line 6: "},
	},
	"the manifest is gone": {
		func(_ *stage, with inputs) { _ = os.Remove(with["manifest"]) },
		[]string{"### ❌ No plan: 1 problem with the inputs", "names a file that does not exist"},
	},
	"the operation is misspelt": {
		func(_ *stage, with inputs) { with["operation"] = "snyc" },
		[]string{"### ❌ No plan: ", "operation must be one of"},
	},
	"the operation is another one": {
		func(_ *stage, with inputs) { with["operation"] = "update" },
		[]string{"### ❌ No plan: ", "manifest is only for operation: sync, export, lint or check"},
	},
	"there is no key": {
		func(_ *stage, with inputs) { with["api_key"] = "" },
		[]string{"### ❌ No plan: 1 problem with the inputs", "api&#95;key is ", "Run the job again"},
	},
	"the key is an agent's": {
		func(_ *stage, with inputs) { with["api_key"] = "ccagent_0123456789abcdef0123456789abcdef" },
		[]string{"### ❌ No plan: 1 problem with the inputs", "**What to do:** Create a public key (nr&#95;…)"},
	},
	"several inputs are wrong": {
		func(_ *stage, with inputs) {
			with["timeout"], with["ca_cert"], with["shards"] = "soon", "no.pem", "many"
		},
		[]string{"### ❌ No plan: 3 problems with the inputs", "timeout must be", "ca&#95;cert ", "shards must be"},
	},
	"the key is refused": {
		func(_ *stage, with inputs) { with["api_key"] = "nr_another-key-of-the-organization" },
		[]string{"### ❌ No plan: Nairi does not accept the API key", "**What to do:** "},
	},
	"the vault is gone": {
		func(s *stage, with inputs) {
			s.rewrite(with, strings.Replace(s.manifestOf("TOKEN: {absent: true}"), s.VaultID, vaultID, 1))
		},
		[]string{"### ❌ No plan: the API key sees no such vault"},
	},
	"Nairi is down": {
		func(s *stage, with inputs) {
			with["request_timeout"], with["timeout"] = "1s", "2s"
			s.Set(func(o *nairitest.Options) { o.Script = nairitest.Script(s.t, "always*list:status=503") })
		},
		[]string{"### ❌ No plan: "},
	},
	"there is no connection": {
		func(_ *stage, with inputs) { with["base_url"], with["timeout"] = "http://127.0.0.1:1", "1s" },
		[]string{"### ❌ No plan: "},
	},
	"something else answers": {
		func(s *stage, _ inputs) {
			s.Set(intercepting(func(*http.Request, string) bool { return true }, saysPage(http.StatusOK)))
		},
		[]string{"### ❌ No plan: something other than Nairi answered"},
	},
	"too much would be deleted": {
		func(s *stage, with inputs) {
			s.rewrite(with, s.manifestOf("TOKEN: {absent: true}"))
			with["max_deletes"] = "0"
		},
		[]string{"### ❌ Plan refused: 1 delete, and <code>max&#95;deletes</code> is 0", "- TOKEN  delete\n"},
	},
	"a secret cannot be planned": {
		func(s *stage, with inputs) {
			s.rewrite(with, s.manifestOf("FRESH: {allowed_domains: [a.example.com]}"))
		},
		[]string{"### ❌ Plan refused: 1 of 1 secret cannot be planned"},
	},
}

// rewrite changes the text of the manifest.
func (s *stage) rewrite(with inputs, text string) {
	s.t.Helper()
	if err := os.WriteFile(with["manifest"], []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// planOf are the inputs of a plan by a manifest of these entries.
func (s *stage) planOf(entries ...string) inputs {
	s.t.Helper()
	delete(s.with, "vault_id")
	return inputs{"operation": "sync", "dry_run": "true", "manifest": file(s.t, s.manifestOf(entries...))}
}

// A stale plan that stays there says of the newest commit what is not so.
func TestWhateverGoesWrongTakesThePlaceOfTheOldPlan(t *testing.T) {
	t.Parallel()
	for name, tt := range wentWrong {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			server := s.onPullRequest()
			with := s.planOf("TOKEN: {allowed_domains: [old-plan.example.com]}")
			s.step(with).ends(t, 0, "planned", "")
			commented(t, server, []string{"old-plan.example.com"}, []string{"❌"})

			s.hidden = append(s.hidden, "nr_another-key-of-the-organization", "ccagent_0123456789abcdef0123456789abcdef")
			tt.change(s, with)
			got := s.step(with)

			if got.code == 0 {
				t.Errorf("exit code 0: %s", got.log)
			}
			commented(t, server, append(tt.has, "\n<sub>**", "** for [<code>9f2c1d4</code>]("), s.hidden)
			current, _, _ := strings.Cut(server.Comments(githubtest.DefaultPullRequest)[0].Body, "\n<details><summary>⚪ Outdated: plan for ")
			if strings.Contains(current, "old-plan.example.com") {
				t.Error("the old plan is there as if it were of the present")
			}
		})
	}
}

// The comment names what it was made of, so that a reviewer sees whether that is
// what is in front of them.
func TestTheCommentSaysOfWhichCommitAndManifestItIs(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	server := s.onPullRequest()
	with := s.planOf("TOKEN: {allowed_domains: [db.example.com]}")
	s.step(with)
	page := server.PageURL + "/octo/cats"
	commented(t, server, []string{
		"\n<sub>**planned** for [<code>9f2c1d4</code>](" + page + "/commit/" + githubtest.DefaultHead + ") · <code>" +
			strings.ReplaceAll(with["manifest"], "_", "&#95;") + "</code> · [run](" + page + "/actions/runs/8412345678) · vault-secret devel</sub>",
	}, nil)
	s.rewrite(with, s.manifestOf("TOKEN: {allowed_domains: [api.example.com]}"))
	s.step(with)
	commented(t, server, []string{"<details><summary>vault-secret: no changes (", "<sub>**no changes** for [<code>9f2c1d4</code>]"}, nil)
}

// A secret in the place of a file's name would be there for everyone to read.
func TestTheCommentNamesNoManifestThatIsNone(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	server := s.onPullRequest()
	s.step(inputs{"operation": "sync", "dry_run": "true", "vault_id": "", "manifest": "stray-horse-battery-staple"})
	commented(t, server, []string{"### ❌ No plan: 1 problem with the inputs"}, []string{"stray-horse-battery-staple"})
}

func TestAnOlderRunLeavesTheCommentOfANewerOne(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	server := s.onPullRequest()
	server.Push(pushed)
	got := s.step(s.planOf("TOKEN: {allowed_domains: [older.example.com]}"))
	got.ends(t, 0, "planned", "")
	if len(server.Comments(githubtest.DefaultPullRequest)) > 0 || len(got.warned()) > 0 {
		t.Errorf("a comment, or a warning: %s", got.log)
	}
	if want := "No comment: octo/cats#7 is at c0ffee1, and this run is for 9f2c1d4.\n"; !strings.Contains(got.log, want) {
		t.Errorf("%q is not in the log: %s", want, got.log)
	}
}

// After another workflow, the number of the pull request is an input, and what it
// is compared with is what the event says.
func TestTheNumberOfThePullRequestIsAnInput(t *testing.T) {
	t.Parallel()
	const after = `{"workflow_run": {"head_sha": "` + githubtest.DefaultHead + `", "pull_requests": []}}`
	for name, tt := range map[string]struct {
		event, payload, number string
		comments               int
		says                   string
	}{
		"the right one":                {"workflow_run", after, "7", 1, ""},
		"another one":                  {"workflow_run", after, "8", 0, "::warning title=vault-secret::The plan could not be posted to the pull request: list the comments of octo/cats#8: 404"},
		"none was found":               {"workflow_run", after, "", 0, "No comment: this run is not for a pull request."},
		"another commit":               {"workflow_run", strings.ReplaceAll(after, githubtest.DefaultHead, pushed), "7", 0, "::warning title=vault-secret::The plan could not be posted to the pull request: octo/cats#7 is at 9f2c1d4, and this run is for c0ffee1"},
		"no commit":                    {"workflow_run", `{}`, "7", 0, "::warning title=vault-secret::The plan could not be posted to the pull request: comment on octo/cats#7: the event of this run does not say which commit it is for"},
		"by hand":                      {"workflow_dispatch", `{}`, "7", 1, ""},
		"a schedule":                   {"schedule", `{}`, "", 0, "No comment: this run is not for a pull request."},
		"of the event":                 {"pull_request", `{"pull_request": {"number": 7, "head": {"sha": "` + githubtest.DefaultHead + `"}}}`, "7", 1, ""},
		"another one than the event's": {"pull_request", `{"pull_request": {"number": 7, "head": {"sha": "` + githubtest.DefaultHead + `"}}}`, "8", 0, "this run is for octo/cats#7, and pull_request names another one, 8"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			server := s.onPullRequest()
			s.env["GITHUB_EVENT_NAME"], s.env["GITHUB_EVENT_PATH"] = tt.event, file(t, tt.payload)
			s.env["GITHUB_SHA"] = githubtest.DefaultHead
			with := s.planOf("TOKEN: {allowed_domains: [db.example.com]}")
			with["pull_request"] = tt.number
			got := s.step(with)
			got.ends(t, 0, "planned", "")
			if n := len(server.Comments(githubtest.DefaultPullRequest)); n != tt.comments || !strings.Contains(got.log, tt.says) {
				t.Errorf("%d comments: %s", n, got.log)
			}
		})
	}
}

// On Gitea and Forgejo as on GitHub.
func TestOnForgesThePlanIsOneCommentToo(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.onPullRequest()
	event := s.env
	s.on("forges")
	maps.Copy(s.env, event)
	server := githubtest.New(t, githubtest.Options{Gitea: true})
	s.env["GITHUB_API_URL"], s.env["GITHUB_SERVER_URL"] = server.URL, server.PageURL+"/"
	with := s.planOf("TOKEN: {allowed_domains: [first.example.com]}")
	s.step(with).ends(t, 0, "planned", "")
	s.rewrite(with, s.manifestOf("TOKEN: {allowed_domains: [second.example.com]}"))
	s.step(with).ends(t, 0, "planned", "")
	commented(t, server, []string{
		"second.example.com", "<sub>**planned** for <code>9f2c1d4</code> · <code>" + strings.ReplaceAll(filepath.ToSlash(with["manifest"]), "_", "&#95;") + "</code> · run 8412345678",
	}, []string{"first.example.com", "]("})
	s.rewrite(with, "vaults: [}")
	s.step(with)
	commented(t, server, []string{"### ❌ No plan: 1 problem in ", "⚪ Outdated: plan for <code>9f2c1d4</code>"}, nil)
}
