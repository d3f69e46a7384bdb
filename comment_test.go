package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/githubtest"
)

// onPullRequest moves a stage to a run on octo/cats#7.
func (s *stage) onPullRequest() *githubtest.Server {
	server := githubtest.New(s.t, githubtest.Options{})
	event := filepath.Join(s.t.TempDir(), "event.json")
	if err := os.WriteFile(event, []byte(`{"pull_request": {"number": 7}}`), 0o600); err != nil {
		s.t.Fatal(err)
	}
	s.env["GITHUB_EVENT_NAME"], s.env["GITHUB_EVENT_PATH"] = "pull_request", event
	s.env["GITHUB_REPOSITORY"], s.env["GITHUB_API_URL"] = "octo/cats", server.URL
	s.hidden = append(s.hidden, githubtest.DefaultToken)
	return server
}

// comments are those on the pull request, without their markers.
func comments(server *githubtest.Server) []string {
	var texts []string
	for _, c := range server.Comments(githubtest.DefaultPullRequest) {
		_, text, _ := strings.Cut(c.Body, "-->\n")
		texts = append(texts, text)
	}
	return texts
}

// A plan is one comment, which the next run brings up to date, and which is
// folded once the vault is as wanted.
func TestThePlanIsOneComment(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	server := s.onPullRequest()
	with := s.syncs("TOKEN: {allowed_domains: [db.example.com]}", "NEW: {env: NOT_HERE, any_domain: true}")
	with["comment_pr"], with["github_token"], with["dry_run"] = "true", githubtest.DefaultToken, "true"

	if got := s.step(with); got.code != 0 || strings.Contains(got.log, "::warning") {
		t.Fatalf("exit code %d: %s", got.code, got.log)
	}
	texts := comments(server)
	if len(texts) != 1 || !strings.Contains(texts[0], "| <code>NEW</code> | create | + <code>ANY</code> | planned |") ||
		!strings.Contains(texts[0], "**wider than before:** <code>TOKEN</code> may now go to <code>db.example.com</code>") {
		t.Fatalf("comments %q", texts)
	}

	with["secrets"] = s.manifestOf("TOKEN: {allowed_domains: [c.example.com]}")
	s.step(with)
	if texts = comments(server); len(texts) != 1 || strings.Contains(texts[0], "NEW") || !strings.Contains(texts[0], "c.example.com") {
		t.Errorf("comments %q", texts)
	}

	with["secrets"] = s.manifestOf("TOKEN: {allowed_domains: [api.example.com]}")
	s.step(with)
	if texts = comments(server); len(texts) != 1 || !strings.Contains(texts[0], "no changes") || strings.Contains(texts[0], "c.example.com") {
		t.Errorf("comments %q", texts)
	}
	if values := strings.Join(texts, ""); strings.Contains(values, value) {
		t.Error("a comment holds a value")
	}
}

// A token that may not comment, and anything else that goes wrong with a comment,
// is a warning.
func TestNoCommentIsAWarning(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(*stage, *githubtest.Server, inputs){
		"not allowed": func(_ *stage, server *githubtest.Server, _ inputs) {
			server.Fail(githubtest.Fault{Answer: githubtest.Status(http.StatusForbidden)})
		},
		"another token": func(_ *stage, _ *githubtest.Server, with inputs) { with["github_token"] = "ghs_another-token" },
		"no address":    func(s *stage, _ *githubtest.Server, _ inputs) { delete(s.env, "GITHUB_API_URL") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			server := s.onPullRequest()
			with := s.syncs("TOKEN: {allowed_domains: [db.example.com]}")
			with["comment_pr"], with["github_token"] = "true", githubtest.DefaultToken
			prepare(s, server, with)
			got := s.step(with)
			if got.code != 0 || got.outputs["result"] != "updated" || !strings.Contains(got.log, "::warning title=vault-secret::the plan is not on the pull request: ") {
				t.Errorf("exit code %d, outputs %v: %s", got.code, got.outputs, got.log)
			}
			if strings.Contains(got.log, with["github_token"]) {
				t.Error("the token shows")
			}
		})
	}
}

func TestNoPullRequestNoComment(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	server := s.onPullRequest()
	s.env["GITHUB_EVENT_NAME"] = "push"
	with := s.syncs("TOKEN: {allowed_domains: [db.example.com]}")
	with["comment_pr"], with["github_token"] = "true", githubtest.DefaultToken
	got := s.step(with)
	if got.code != 0 || strings.Contains(got.log, "::warning") || len(server.Requests()) > 0 {
		t.Errorf("exit code %d, requests %q: %s", got.code, server.Requests(), got.log)
	}
}
