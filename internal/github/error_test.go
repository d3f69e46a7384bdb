package github_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/github"
	"github.com/nairi-community/vault-secret/internal/githubtest"
)

// wantError compares an error's text, which must hold nothing from outside.
func wantError(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case err == nil:
		t.Errorf("no error, want %q", want)
	case err.Error() != want:
		t.Errorf("the error is %q, want %q", err, want)
	}
	for _, verb := range []string{"%v", "%+v", "%#v"} {
		text := fmt.Sprintf(verb, err)
		for _, hidden := range []string{githubtest.DefaultToken, "hostile", "everyone", "Bearer"} {
			if strings.Contains(text, hidden) {
				t.Errorf("the error holds a text from outside in %s", verb)
			}
		}
	}
}

// failing comments on a pull request where one of our comments is there, and
// something goes wrong each time.
func failing(t *testing.T, fault githubtest.Fault) (*githubtest.Server, error) {
	t.Helper()
	server := githubtest.New(t, githubtest.Options{})
	if needsOurs[fault.On] {
		server.Add(cats, bot, ours(t, "old"))
	}
	server.Fail(fault)
	o := options(server)
	o.Timeout = time.Minute
	return server, newClient(t, o).Comment(t.Context(), cats7, github.Comment{Body: "new"})
}

// attempts are the requests, and what is attempted by each. That nobody tells
// whose token it is ends nothing, and has tests of its own.
var attempts = map[string]string{
	"list":   "list the comments of octo/cats#7",
	"pull":   "read octo/cats#7",
	"create": "comment on octo/cats#7",
	"edit":   "update the comment on octo/cats#7",
}

// needsOurs are the requests that are made only where a comment of ours is.
var needsOurs = map[string]bool{"edit": true, "viewer": true}

func TestTokenThatMayNotComment(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{
		401: ": 401 Unauthorized: GitHub does not accept the token",
		403: ": 403 Forbidden: the token may not do this. It needs the permission pull-requests: write",
		404: ": 404 Not Found: not there, or the token may not see it. It needs the permission pull-requests: write",
	} {
		for on, attempt := range attempts {
			server, err := failing(t, githubtest.Fault{On: on, Answer: githubtest.Status(status)})
			wantError(t, err, attempt+want)
			var e *github.Error
			if !errors.As(err, &e) || e.Status != status || e.Attempt != attempt {
				t.Errorf("%s, %d: the error is %#v", on, status, e)
			}
			if got := server.Requests(); got[len(got)-1] != on {
				t.Errorf("%s, %d: %q, want no request after the refusal", on, status, got)
			}
		}
	}
}

func TestRefusalsThatStay(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{
		400: ": 400 Bad Request",
		410: ": 410 Gone",
		422: ": 422 Unprocessable Entity",
		202: ": 202 Accepted: GitHub only accepted the request, which does not say that it is done",
	} {
		for on, attempt := range attempts {
			_, err := failing(t, githubtest.Fault{On: on, Answer: githubtest.Status(status)})
			wantError(t, err, attempt+want)
		}
	}
}

func TestAnswersThatAreNotGitHubs(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "null", "<html>hostile</html>", `"hostile"`, `{"errors":[{"message":"hostile"}]}`, "{}", `{"id":"hostile"}`} {
		for on, attempt := range attempts {
			server, err := failing(t, githubtest.Fault{On: on, Answer: githubtest.Text(text)})
			wantError(t, err, attempt+": 200 OK: the answer is not the documented JSON")
			if got := server.Requests(); got[len(got)-1] != on {
				t.Errorf("%s, %q: %q, want no request after it", on, text, got)
			}
		}
	}
}

func TestAnswersWithoutEnd(t *testing.T) {
	t.Parallel()
	for on, attempt := range attempts {
		_, err := failing(t, githubtest.Fault{On: on, Answer: githubtest.Endless})
		wantError(t, err, attempt+": 200 OK: the answer is longer than 8 MiB")
		_, err = failing(t, githubtest.Fault{On: on, Answer: func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			githubtest.Endless(w, r)
		}})
		wantError(t, err, attempt+": 403 Forbidden: the token may not do this. It needs the permission pull-requests: write")
	}
}

func TestLongestAnswer(t *testing.T) {
	t.Parallel()
	server, err := failing(t, githubtest.Fault{On: "list", Answer: githubtest.Text(strings.Repeat(" ", 8<<20-2) + "[]")})
	if err != nil {
		t.Error(err)
	}
	wantRequests(t, server, "list", "pull", "create")
}

func TestNoRedirectIsFollowed(t *testing.T) {
	t.Parallel()
	stranger := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("a redirect was followed with %s", r.Method)
	}))
	t.Cleanup(stranger.Close)
	for _, status := range []int{300, 301, 302, 303, 304, 305, 307, 308} {
		for _, location := range []string{stranger.URL + "/hostile", "/hostile", "%zz", ""} {
			for on, attempt := range attempts {
				server, err := failing(t, githubtest.Fault{On: on, Answer: githubtest.Status(status, "Location: "+location)})
				wantError(t, err, fmt.Sprintf("%s: %d %s: a redirect, which is never followed", attempt, status, http.StatusText(status)))
				if got := server.Requests(); got[len(got)-1] != on {
					t.Errorf("%s, %d: %q, want no request after it", on, status, got)
				}
			}
		}
	}
}

func TestCancelledRun(t *testing.T) {
	t.Parallel()
	for on, attempt := range attempts {
		ctx, cancel := context.WithCancel(t.Context())
		server := githubtest.New(t, githubtest.Options{})
		if needsOurs[on] {
			server.Add(cats, bot, ours(t, "old"))
		}
		server.Fail(githubtest.Fault{On: on, Answer: func(_ http.ResponseWriter, r *http.Request) {
			cancel()
			<-r.Context().Done()
		}})
		err := newClient(t, options(server)).Comment(ctx, cats7, github.Comment{Body: "new"})
		wantError(t, err, attempt+": stopped, because the run was cancelled")
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v is not context.Canceled", on, err)
		}
	}
}
