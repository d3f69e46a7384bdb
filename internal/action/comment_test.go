package action

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/githubtest"
	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// onPullRequest moves a stage to a run on octo/cats#7.
func (s *stage) onPullRequest() *githubtest.Server {
	server := githubtest.New(s.t, githubtest.Options{})
	s.env["GITHUB_EVENT_NAME"] = "pull_request"
	s.env["GITHUB_EVENT_PATH"] = file(s.t, `{"pull_request": {"number": 7, "head": {"sha": "`+githubtest.DefaultHead+`"}}}`)
	s.env["GITHUB_REPOSITORY"], s.env["GITHUB_API_URL"], s.env["GITHUB_SERVER_URL"] = "octo/cats", server.URL, server.PageURL
	s.env["GITHUB_RUN_ID"], s.env["GITHUB_RUN_ATTEMPT"] = "8412345678", "1"
	s.hidden = append(s.hidden, githubtest.DefaultToken)
	s.with["comment_pr"], s.with["github_token"] = "true", githubtest.DefaultToken
	return server
}

// commented checks that the pull request has one comment, which holds some texts
// and not others, and no value.
func commented(t *testing.T, server *githubtest.Server, has, lacks []string) {
	t.Helper()
	comments := server.Comments(githubtest.DefaultPullRequest)
	if len(comments) != 1 {
		t.Fatalf("comments %v", comments)
	}
	_, text, _ := strings.Cut(comments[0].Body, "-->\n")
	for _, want := range has {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the comment: %s", want, text)
		}
	}
	for _, other := range append(lacks, value) {
		if strings.Contains(text, other) {
			t.Errorf("%q is in the comment: %s", other, text)
		}
	}
}

// A plan is one comment, which the next run brings up to date, and which is
// folded once the vault is as wanted.
func TestThePlanIsOneComment(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	server := s.onPullRequest()
	s.with["dry_run"] = "true"
	got := s.step(s.syncs("TOKEN: {allowed_domains: [db.example.com]}", "NEW: {env: NOT_HERE, any_domain: true}"))
	if got.code != 0 || len(got.warned()) > 0 {
		t.Fatalf("exit code %d: %s", got.code, got.log)
	}
	commented(t, server, []string{
		"+ NEW  create\n+   any host\n", "! TOKEN  update hosts\n+   db.example.com\n",
		"<code>NEW</code> (new) → **any host**\n", "<code>TOKEN</code> → <code>db.example.com</code>\n",
	}, nil)
	s.step(s.syncs("TOKEN: {allowed_domains: [c.example.com]}"))
	commented(t, server, []string{"c.example.com"}, []string{"NEW"})
	s.step(s.syncs("TOKEN: {allowed_domains: [api.example.com]}"))
	commented(t, server, []string{"no changes"}, []string{"c.example.com"})
}

// A plan that nothing is left of, and a look that fails, take the place of the
// plan before them.
func TestNoCommentIsLeftBehind(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	server := s.onPullRequest()
	s.with["dry_run"] = "true"
	s.step(mayEmpty(s.syncs("TOKEN: {absent: true}")))
	with := inputs{"operation": "sync", "secrets": "vaults:\n- vault_id: " + s.VaultID + "\n  secrets: {}\n"}
	s.step(with)
	commented(t, server, []string{"no changes"}, []string{"TOKEN"})
	s.Set(func(o *nairitest.Options) { o.Key = "nr_another-key-of-the-organization" })
	s.step(with)
	commented(t, server, []string{"### ❌ No plan: Nairi does not accept the API key"}, nil)
}

// The files of a pull request have no say in what its plan shows.
func TestAPlanMasksNothingOfThePullRequest(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	server := s.onPullRequest()
	s.with["dry_run"] = "true"
	name := file(t, "evil.example.net\nTOKEN\nwider than before\n<code>\nplanned\n")
	got := s.step(s.syncs("TOKEN: {allowed_domains: [evil.example.net]}", "HARMLESS: {file: "+name+", any_domain: true}"))
	got.ends(t, 0, "planned", "")
	commented(t, server, []string{"<code>TOKEN</code> → <code>evil.example.net</code>\n"}, nil)
}

// Whatever goes wrong with a comment is a warning: it comes after all was written,
// and takes nothing away from what is said of that.
func TestNoCommentIsAWarning(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		prepare func(*stage, *githubtest.Server)
		says    string
	}{
		"not allowed": {func(_ *stage, server *githubtest.Server) {
			server.Fail(githubtest.Fault{Answer: githubtest.Status(http.StatusForbidden)})
		}, ""},
		"another token": {func(s *stage, _ *githubtest.Server) {
			s.with["github_token"] = "ghs_another-token"
			s.hidden = append(s.hidden, s.with["github_token"])
		}, ""},
		"no address": {func(s *stage, _ *githubtest.Server) { delete(s.env, "GITHUB_API_URL") }, ""},
		"a crash":    {func(s *stage, _ *githubtest.Server) { s.crashOn = "GITHUB_API_URL" }, "a bug in vault-secret"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			tt.prepare(s, s.onPullRequest())
			got := s.step(s.syncs("TOKEN: {allowed_domains: [db.example.com]}"))
			got.ends(t, 0, "updated", "")
			if !strings.Contains(got.log, "::warning title=vault-secret::The plan could not be posted to the pull request: "+tt.says) {
				t.Error(got.log)
			}
		})
	}
}

func TestNoPullRequestNoComment(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	server := s.onPullRequest()
	s.env["GITHUB_EVENT_NAME"] = "push"
	got := s.step(s.syncs("TOKEN: {allowed_domains: [db.example.com]}"))
	if got.code != 0 || len(got.warned()) > 0 || len(server.Requests()) > 0 {
		t.Errorf("exit code %d, requests %q: %s", got.code, server.Requests(), got.log)
	}
}

// The run on the default branch says on the pull request that was merged what it did, in the
// comment that its plan is in. Where there is none it says nothing, and does not warn.
func TestWhatWasAppliedIsInTheCommentOnThePlan(t *testing.T) {
	t.Parallel()
	for _, gitea := range []bool{false, true} {
		s := newStage(t)
		server := s.onPullRequest()
		if gitea {
			event := s.env
			s.on("forges")
			maps.Copy(s.env, event)
			server = githubtest.New(t, githubtest.Options{Gitea: true})
			s.env["GITHUB_API_URL"], s.env["GITHUB_SERVER_URL"] = server.URL, server.PageURL+"/"
		}
		with := s.planOf("TOKEN: {allowed_domains: [db.example.com]}")
		s.env["GITHUB_JOB"] = "plan"
		s.step(with).ends(t, 0, "planned", "")
		s.env["GITHUB_JOB"], s.env["GITHUB_RUN_ID"] = "apply", "8412345679"
		s.env["GITHUB_EVENT_NAME"], s.env["GITHUB_SHA"] = "push", pushed
		s.step(with) // which only plans
		with["dry_run"] = "false"
		s.rewrite(with, s.manifestOf("TOKEN: {allowed_domains: [db.example.com]}", "OTHER: {absent: true}"))
		commented(t, server, []string{"### Plan: 0 to create, 1 to update"}, nil)
		server.Merge(pushed)
		got := s.step(with)
		got.ends(t, 0, "updated", "")
		if len(got.warned()) > 0 {
			t.Error(got.log)
		}
		commented(t, server, []string{
			"### ✅ Applied: 1 updated, 1 unchanged\n", "! TOKEN  updated hosts\n", "<sub>**applied** from ", "c0ffee1",
		}, []string{"This is not the plan"})
		same(t, "comments", 1, len(server.Comments(githubtest.DefaultPullRequest)))

		s.rewrite(with, s.manifestOf("TOKEN: {allowed_domains: [x.example.com]}"))
		s.env["GITHUB_RUN_ID"] = "8412345680"
		s.step(with).ends(t, 0, "updated", "")
		commented(t, server, []string{"### ✅ Applied: 1 updated\n", "**This is not the plan that was shown here.**"}, nil)
		s.env["GITHUB_SHA"] = githubtest.DefaultHead
		got = s.step(with)
		if len(got.warned()) > 0 || !strings.Contains(got.log, "No comment: this run is not for a pull request.") {
			t.Error(got.log)
		}
	}
}

// The summary of a dry run has the hosts that are planned, and says what it was made of.
func TestTheSummaryOfADryRunHasThePlannedHosts(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.onPullRequest()
	got := s.step(s.planOf("TOKEN: {allowed_domains: [planned.example.com]}"))
	for _, want := range []string{"+   planned.example.com\n", "<sub>**planned** for [<code>9f2c1d4</code>]("} {
		if !strings.Contains(got.summary, want) {
			t.Errorf("%q is not in %s", want, got.summary)
		}
	}
}
