package github_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/github"
)

// on is the environment of a run.
func on(event, repository string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, ok := map[string]string{"GITHUB_EVENT_NAME": event, "GITHUB_REPOSITORY": repository}[name]
		return value, ok
	}
}

func TestPullRequestOf(t *testing.T) {
	t.Parallel()
	const event = `{"action":"opened","number":7,"pull_request":{"number":7,"title":"a title"}}`
	for _, name := range []string{"pull_request", "pull_request_target"} {
		if got, ok := github.PullRequestOf(on(name, "octo/cats"), []byte(event)); !ok || got != cats7 {
			t.Errorf("%s: %v, %t", name, got, ok)
		}
	}
	for _, repository := range []string{"a/b", "octo_corp/.github", "octo/cats.io", "octo/-_-"} {
		if got, ok := github.PullRequestOf(on("pull_request", repository), []byte(event)); !ok || got.String() != repository+"#7" {
			t.Errorf("%s: %v, %t", repository, got, ok)
		}
	}
}

func TestNoPullRequest(t *testing.T) {
	t.Parallel()
	const event = `{"pull_request":{"number":7}}`
	for _, test := range []struct{ name, event, repository, payload string }{
		{"push", "push", "octo/cats", event},
		{"no event", "", "octo/cats", event},
		{"comment", "issue_comment", "octo/cats", `{"issue":{"number":7,"pull_request":{}}}`},
		{"workflow run", "workflow_run", "octo/cats", event},
		{"review", "pull_request_review", "octo/cats", event},
		{"no repository", "pull_request", "", event},
		{"no owner", "pull_request", "/cats", event},
		{"no name", "pull_request", "octo/", event},
		{"three parts", "pull_request", "octo/cats/dogs", event},
		{"dots", "pull_request", "../..", event},
		{"one dot", "pull_request", "octo/.", event},
		{"query", "pull_request", "octo/cats?", event},
		{"escape", "pull_request", "octo/%2e%2e", event},
		{"new line", "pull_request", "octo/cats\n", event},
		{"long", "pull_request", "octo/" + strings.Repeat("x", 101), event},
		{"empty file", "pull_request", "octo/cats", ""},
		{"no JSON", "pull_request", "octo/cats", "number: 7"},
		{"cut JSON", "pull_request", "octo/cats", event[:20]},
		{"two JSONs", "pull_request", "octo/cats", event + event},
		{"null", "pull_request", "octo/cats", "null"},
		{"list", "pull_request", "octo/cats", "[" + event + "]"},
		{"no number", "pull_request", "octo/cats", `{"number":7,"pull_request":{}}`},
		{"zero", "pull_request", "octo/cats", `{"pull_request":{"number":0}}`},
		{"negative", "pull_request", "octo/cats", `{"pull_request":{"number":-7}}`},
		{"fraction", "pull_request", "octo/cats", `{"pull_request":{"number":7.5}}`},
		{"text", "pull_request", "octo/cats", `{"pull_request":{"number":"7"}}`},
		{"huge", "pull_request", "octo/cats", `{"pull_request":{"number":99999999999999999999}}`},
		{"deep", "pull_request", "octo/cats", strings.Repeat(`{"pull_request":`, 1<<20)},
		{"too long", "pull_request", "octo/cats", strings.Repeat(" ", 25<<20) + event},
	} {
		if got, ok := github.PullRequestOf(on(test.event, test.repository), []byte(test.payload)); ok || got != (github.PullRequest{}) {
			t.Errorf("%s: %v, %t; want none", test.name, got, ok)
		}
	}
}

// What is found is safe to put into a path.
func FuzzPullRequestOf(f *testing.F) {
	f.Add("octo/cats", []byte(`{"pull_request":{"number":7}}`))
	f.Add("../..", []byte(`{"pull_request":{"number":-1},"pull_request":null}`))
	f.Add("octo/cats", []byte(`{"pull_request":{"number":7e2,"NUMBER":1e999}}`))
	f.Fuzz(func(t *testing.T, repository string, event []byte) {
		pr, ok := github.PullRequestOf(on("pull_request", repository), event)
		if !ok {
			if pr != (github.PullRequest{}) {
				t.Errorf("%v, and none", pr)
			}
			return
		}
		path := fmt.Sprintf("/repos/%s/%s/issues/%d", pr.Owner, pr.Repo, pr.Number)
		u, err := url.Parse("https://api.github.com" + path)
		if err != nil || u.JoinPath().Path != path || u.RawQuery != "" || pr.Number < 1 {
			t.Errorf("%q becomes %q", repository, path)
		}
		if pr.Owner+"/"+pr.Repo != repository {
			t.Errorf("%q becomes %v", repository, pr)
		}
	})
}
