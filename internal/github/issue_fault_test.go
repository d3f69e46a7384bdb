package github_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nairi-community/vault-secret/internal/github"
	"github.com/nairi-community/vault-secret/internal/githubtest"
)

// unlucky is a network that loses one request, or the answer to it.
type unlucky struct {
	next    http.RoundTripper
	lost    int64 // the number of the request, from 1
	late    bool
	counted atomic.Int64
}

// RoundTrip implements http.RoundTripper.
func (u *unlucky) RoundTrip(r *http.Request) (*http.Response, error) {
	lost := u.counted.Add(1) == u.lost
	if lost && !u.late {
		return nil, errors.New("lost")
	}
	resp, err := u.next.RoundTrip(r)
	if lost && err == nil {
		resp.Body.Close()
		return nil, errors.New("lost")
	}
	return resp, err
}

// keepBy keeps the issue in a bubble, and returns how long that took by its clock.
func keepBy(t *testing.T, server *githubtest.Server, issue github.Issue, within time.Duration, change func(*github.Options)) (took time.Duration, err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), within)
		defer cancel()
		o := options(server)
		o.Transport = server.Transport()
		change(&o)
		start := time.Now()
		err = newClient(t, o).Issue(ctx, octoCats, issue)
		took = time.Since(start)
	})
	return took, err
}

// However much a list lags behind, a run makes no second issue because of one lost
// request, unless it is the one that made the first: of that it knows nothing, and the
// next run closes what is too many.
func TestNoLostRequestMakesASecondIssue(t *testing.T) {
	t.Parallel()
	for _, lag := range []time.Duration{0, 5 * time.Second, time.Hour} {
		for request := range int64(12) {
			for _, late := range []bool{false, true} {
				const opens = 4 // viewer issues issues open
				server := githubtest.New(t, githubtest.Options{})
				server.Lag(lag)
				_, err := keepBy(t, server, off(1, "one"), time.Hour, func(o *github.Options) {
					o.Transport = &unlucky{next: o.Transport, lost: request + 1, late: late}
				})
				want := 1
				if late && request+1 == opens && lag > 0 {
					want = 2
				}
				if got := len(server.Issues(repo)); err != nil || got != want {
					t.Errorf("%v, lag %s, late %v: %v, %d issues, want %d", request+1, lag, late, err, got, want)
				}
				server.Lag(0)
				keep(t, server, off(2, "two"))
				wantOpen(t, server, []string{"two"}, 0)
			}
		}
	}
}

func TestNoLostRequestSaysTwiceThatAllIsWell(t *testing.T) {
	t.Parallel()
	for request := range int64(8) {
		for _, late := range []bool{false, true} {
			server := githubtest.New(t, githubtest.Options{})
			keep(t, server, off(1, "one"))
			_, err := keepBy(t, server, off(2, ""), time.Hour, func(o *github.Options) {
				o.Transport = &unlucky{next: o.Transport, lost: request + 1, late: late}
			})
			if got := server.Comments(repo + "#8"); err != nil || len(got) != 1 || server.Issues(repo)[0].State != "closed" {
				t.Errorf("request %d, late %v: %v, comments %v", request+1, late, err, got)
			}
		}
	}
}

// issueRequests are the kinds of requests, each with what a run finds after one that
// found something off.
var issueRequests = map[string]string{"viewer": "one", "issues": "one", "open": "one", "change": "two", "list": "", "create": ""}

func TestPassingFaultsDoNotKeepAnIssueFromBeingKept(t *testing.T) {
	t.Parallel()
	for name, answer := range passing {
		for on, text := range issueRequests {
			for _, late := range []bool{false, true} {
				server := githubtest.New(t, githubtest.Options{})
				if on != "open" {
					keep(t, server, off(1, "one"))
				}
				server.Fail(githubtest.Fault{On: on, Times: 2, Late: late, Answer: answer})
				_, err := keepBy(t, server, off(2, text), time.Hour, func(*github.Options) {})
				if err != nil {
					t.Errorf("%s, %s: %v", name, on, err)
				}
				wantOpen(t, server, []string{text}, 0)
			}
		}
	}
}

func TestALimitIsWaitedForOrNothingIsSentAnyMore(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	server.Fail(githubtest.Fault{On: "open", Times: 1, Answer: githubtest.Status(403, "Retry-After: 40")})
	took, err := keepBy(t, server, off(1, "one"), time.Hour, func(*github.Options) {})
	if err != nil || took != 40*time.Second {
		t.Errorf("%v after %s", err, took)
	}
	server.Fail(githubtest.Fault{On: "change", Answer: githubtest.Status(429, "Retry-After: 61")})
	took, err = keepBy(t, server, off(2, "two"), time.Hour, func(*github.Options) {})
	wantError(t, err, "update octo/cats#8: 429 Too Many Requests: GitHub is receiving too many requests, and asks to wait 1 min 1 s")
	if got := server.Requests(); took != 0 || got[len(got)-1] != "change" {
		t.Errorf("after %s: %q", took, got)
	}
}

func TestAnIssueThatTakesTooLong(t *testing.T) {
	t.Parallel()
	for _, on := range []string{"issues", "open"} {
		server := githubtest.New(t, githubtest.Options{})
		server.Fail(githubtest.Fault{On: on, Answer: githubtest.Hang})
		took, err := keepBy(t, server, off(1, "one"), time.Minute, func(o *github.Options) { o.Timeout = 50 * time.Second })
		if err == nil || !strings.Contains(err.Error(), ": no answer in time") || took != time.Minute || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v after %s", on, err, took)
		}
	}
}

// A success that says nothing, or that the state is another one, is none.
func TestAnAnswerThatDoesNotShowTheIssueIsNone(t *testing.T) {
	t.Parallel()
	const undocumented = ": the answer is not the documented JSON"
	for text, want := range map[string]string{
		"{}":                            "200 OK" + undocumented,
		"":                              "200 OK" + undocumented,
		"null":                          "200 OK" + undocumented,
		"<html>":                        "200 OK" + undocumented,
		`{"number":8,"state":"closed"}`: "200 OK" + undocumented,
	} {
		for on, attempt := range map[string]string{"open": "open an issue in octo/cats: ", "change": "update octo/cats#8: "} {
			server := githubtest.New(t, githubtest.Options{})
			if on == "change" {
				keep(t, server, off(1, "one"))
			}
			server.Fail(githubtest.Fault{On: on, Answer: githubtest.Text(text)})
			wantError(t, newClient(t, options(server)).Issue(t.Context(), octoCats, off(2, "two")), attempt+want)
		}
	}
	for _, text := range []string{"", "null", "{}", "<html>"} {
		server := githubtest.New(t, githubtest.Options{})
		server.Fail(githubtest.Fault{On: "issues", Answer: githubtest.Text(text)})
		wantError(t, newClient(t, options(server)).Issue(t.Context(), octoCats, off(2, "two")), "list the issues of octo/cats: 200 OK"+undocumented)
		wantIssues(t, server)
	}
}

// What is deleted between the list and the update is looked for anew.
func TestAnIssueThatIsDeletedMeanwhileIsFollowedByANewOne(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	keep(t, server, off(1, "one"))
	server.Fail(githubtest.Fault{On: "change", Times: 1, Answer: func(w http.ResponseWriter, r *http.Request) {
		server.DeleteIssue(repo, 8)
		githubtest.Status(http.StatusGone)(w, r)
	}})
	keep(t, server, off(2, "two"))
	wantIssues(t, server, "#9 open: two\n\n<sub>run 2</sub>")
}

// So is a second one of this run's own, which is then none to close any more.
func TestASecondIssueThatIsDeletedMeanwhileIsForgotten(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	keep(t, server, off(1, "one"))
	theirs := server.Issues(repo)[0]
	server.DeleteIssue(repo, theirs.Number)
	server.Fail(githubtest.Fault{On: "open", Times: 1, Answer: func(w http.ResponseWriter, r *http.Request) {
		server.AddIssue(repo, githubtest.Issue{Body: theirs.Body, Labels: theirs.Labels}) // by another run
		githubtest.Status(http.StatusUnprocessableEntity)(w, r)                           // and then again without the label
	}})
	server.Fail(githubtest.Fault{On: "change", Times: 1, Answer: func(w http.ResponseWriter, r *http.Request) {
		server.DeleteIssue(repo, 10)
		githubtest.Status(http.StatusGone)(w, r)
	}})
	keep(t, server, off(2, "two"))
	wantIssues(t, server, "#9 open: two\n\n<sub>run 2</sub>")
}
