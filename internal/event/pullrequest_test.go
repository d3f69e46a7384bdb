package event_test

import (
	"errors"
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

var cats7 = event.PullRequest{Owner: "octo", Repo: "cats", Number: 7, Head: sha}

// sha is the ID of a commit, merge that of the merge that a runner makes of it.
const (
	sha   = "9f2c1d4e8b7a6f5d4c3b2a1908f7e6d5c4b3a291"
	merge = "0123456789abcdef0123456789abcdef01234567"
)

func TestPullRequest(t *testing.T) {
	t.Parallel()
	const opened = `{"action":"opened","number":7,"pull_request":{"number":7,"title":"a title","head":{"sha":"` + sha + `"}}}`
	for _, name := range []string{"pull_request", "pull_request_target"} {
		if got, err := on(name, "octo/cats", opened).PullRequest(0); err != nil || got != cats7 {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	for _, repository := range []string{"a/b", "octo_corp/.github", "octo/cats.io", "octo/-_-"} {
		if got, err := on("pull_request", repository, opened).PullRequest(0); err != nil || got.String() != repository+"#7" {
			t.Errorf("%s: %v, %v", repository, got, err)
		}
	}
}

// A workflow on workflow_run names the pull request that the run before it was
// for. Which commit the run is for is never the user's to say.
func TestANumberGivenAsAnInput(t *testing.T) {
	t.Parallel()
	const (
		opened = `{"pull_request":{"number":7,"head":{"sha":"` + sha + `"}}}`
		after  = `{"workflow_run":{"head_sha":"` + sha + `","pull_requests":[]}}`
		large  = "9f2c1d4e8b7a6f5d4c3b2a1908f7e6d5c4b3a2919f2c1d4e8b7a6f5d4c3b2a19"
	)
	for _, tt := range []struct {
		name, event, payload string
		head, refused        string
	}{
		{"after another workflow", "workflow_run", after, sha, ""},
		{"after another workflow, with a pull request", "workflow_run", `{"workflow_run":{"head_sha":"` + sha + `"},` + opened[1:], sha, ""},
		{"the same as the event's", "pull_request", opened, sha, ""},
		{"the same as the event's, of the base", "pull_request_target", opened, sha, ""},
		{"a push", "push", `{"after":"` + sha + `"}`, merge, ""},
		{"by hand", "workflow_dispatch", `{"inputs":{}}`, merge, ""},
		{"a comment", "issue_comment", `{"issue":{"number":7}}`, merge, ""},
		{"SHA-256", "workflow_run", `{"workflow_run":{"head_sha":"` + large + `"}}`, large, ""},
		{"no commit", "workflow_run", `{"workflow_run":{}}`, "", ""},
		{"no text", "workflow_run", `{"workflow_run":{"head_sha":7}}`, "", ""},
		{"no ID", "workflow_run", `{"workflow_run":{"head_sha":"` + strings.ToUpper(sha) + `"}}`, "", ""},
		{"a short one", "workflow_run", `{"workflow_run":{"head_sha":"9f2c1d4"}}`, "", ""},
		{"Markdown", "workflow_run", `{"workflow_run":{"head_sha":"` + sha[:39] + `)"}}`, "", ""},
		{
			"another than the event's", "pull_request", strings.Replace(opened, "7", "8", 1), "",
			"this run is for octo/cats#8, and pull_request names another one, 7",
		},
		{"an event that cannot be read", "workflow_run", "{", "", "GITHUB_EVENT_PATH names a file that is not JSON"},
	} {
		event := event.Read(run(tt.payload, "GITHUB_EVENT_NAME="+tt.event, "GITHUB_REPOSITORY=octo/cats", "GITHUB_SHA="+merge))
		got, err := event.PullRequest(7)
		if tt.refused != "" {
			if err == nil || err.Error() != tt.refused {
				t.Errorf("%s: %v, %v; want %s", tt.name, got, err, tt.refused)
			}
			continue
		}
		want := cats7
		want.Head = tt.head
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", tt.name, got, err, want)
		}
	}
	if got, err := on("workflow_run", "", after).PullRequest(7); err == nil || errors.Is(err, event.ErrNoPullRequest) {
		t.Errorf("no repository: %v, %v", got, err)
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
		if got, err := on(test.event, test.repository, test.payload).PullRequest(0); err == nil || got != (event.PullRequest{}) {
			t.Errorf("%s: %v, %v; want none", test.name, got, err)
		}
	}
}

// What is found is safe to put into a path.
func FuzzPullRequest(f *testing.F) {
	f.Add("octo/cats", `{"pull_request":{"number":7}}`)
	f.Add("../..", `{"pull_request":{"number":-1},"pull_request":null}`)
	f.Add("octo/cats", `{"pull_request":{"number":7e2,"NUMBER":1e999}}`)
	f.Fuzz(func(t *testing.T, repository, content string) {
		pr, err := on("pull_request", repository, content).PullRequest(0)
		if err != nil {
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
