package event_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/event"
)

// on is the run of a workflow on an event of this name and content.
func on(name, repository, content string) event.Event {
	return event.Read(run(content, "GITHUB_EVENT_NAME="+name, "GITHUB_REPOSITORY="+repository))
}

var cats7 = event.PullRequest{Owner: "octo", Repo: "cats", Number: 7}

func TestPullRequest(t *testing.T) {
	t.Parallel()
	const opened = `{"action":"opened","number":7,"pull_request":{"number":7,"title":"a title"}}`
	for _, name := range []string{"pull_request", "pull_request_target"} {
		if got, ok := on(name, "octo/cats", opened).PullRequest(); !ok || got != cats7 {
			t.Errorf("%s: %v, %t", name, got, ok)
		}
	}
	for _, repository := range []string{"a/b", "octo_corp/.github", "octo/cats.io", "octo/-_-"} {
		if got, ok := on("pull_request", repository, opened).PullRequest(); !ok || got.String() != repository+"#7" {
			t.Errorf("%s: %v, %t", repository, got, ok)
		}
	}
}

func TestNoPullRequest(t *testing.T) {
	t.Parallel()
	const opened = `{"pull_request":{"number":7}}`
	for _, test := range []struct{ name, event, repository, payload string }{
		{"push", "push", "octo/cats", opened},
		{"no event", "", "octo/cats", opened},
		{"comment", "issue_comment", "octo/cats", `{"issue":{"number":7,"pull_request":{}}}`},
		{"workflow run", "workflow_run", "octo/cats", opened},
		{"review", "pull_request_review", "octo/cats", opened},
		{"no repository", "pull_request", "", opened},
		{"no owner", "pull_request", "/cats", opened},
		{"no name", "pull_request", "octo/", opened},
		{"three parts", "pull_request", "octo/cats/dogs", opened},
		{"dots", "pull_request", "../..", opened},
		{"one dot", "pull_request", "octo/.", opened},
		{"query", "pull_request", "octo/cats?", opened},
		{"escape", "pull_request", "octo/%2e%2e", opened},
		{"new line", "pull_request", "octo/cats\n", opened},
		{"long", "pull_request", "octo/" + strings.Repeat("x", 101), opened},
		{"empty file", "pull_request", "octo/cats", ""},
		{"no JSON", "pull_request", "octo/cats", "number: 7"},
		{"cut JSON", "pull_request", "octo/cats", opened[:20]},
		{"two JSONs", "pull_request", "octo/cats", opened + opened},
		{"null", "pull_request", "octo/cats", "null"},
		{"list", "pull_request", "octo/cats", "[" + opened + "]"},
		{"no number", "pull_request", "octo/cats", `{"number":7,"pull_request":{}}`},
		{"zero", "pull_request", "octo/cats", `{"pull_request":{"number":0}}`},
		{"negative", "pull_request", "octo/cats", `{"pull_request":{"number":-7}}`},
		{"fraction", "pull_request", "octo/cats", `{"pull_request":{"number":7.5}}`},
		{"text", "pull_request", "octo/cats", `{"pull_request":{"number":"7"}}`},
		{"huge", "pull_request", "octo/cats", `{"pull_request":{"number":99999999999999999999}}`},
		{"deep", "pull_request", "octo/cats", strings.Repeat(`{"pull_request":`, 1<<14)},
		{"too long", "pull_request", "octo/cats", strings.Repeat(" ", 25<<20) + opened},
	} {
		if got, ok := on(test.event, test.repository, test.payload).PullRequest(); ok || got != (event.PullRequest{}) {
			t.Errorf("%s: %v, %t; want none", test.name, got, ok)
		}
	}
}

// What is found is safe to put into a path.
func FuzzPullRequest(f *testing.F) {
	f.Add("octo/cats", `{"pull_request":{"number":7}}`)
	f.Add("../..", `{"pull_request":{"number":-1},"pull_request":null}`)
	f.Add("octo/cats", `{"pull_request":{"number":7e2,"NUMBER":1e999}}`)
	f.Fuzz(func(t *testing.T, repository, content string) {
		pr, ok := on("pull_request", repository, content).PullRequest()
		if !ok {
			if pr != (event.PullRequest{}) {
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
