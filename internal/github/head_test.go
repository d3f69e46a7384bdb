package github_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/github"
	"github.com/nairi-community/vault-secret/internal/githubtest"
)

// pushed is the commit after githubtest.DefaultHead.
const pushed = "c0ffee1c0ffee1c0ffee1c0ffee1c0ffee1c0ffe"

// outdated checks that an error says why a comment was left as it is.
func outdated(t *testing.T, err error, want string) {
	t.Helper()
	var o *github.Outdated
	if !errors.As(err, &o) || o.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

const movedOn = "octo/cats#7 is at c0ffee1, and this run is for 9f2c1d4"

func TestARunForAnOlderCommitDoesNotOverwriteTheNewerPlan(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	server.Push(pushed)
	newer := cats7
	newer.Head = pushed
	// The later one has the lower number: it is the commit that decides.
	if err := newClient(t, options(server)).Comment(t.Context(), newer, github.Comment{Run: github.Run{ID: 1, Attempt: 1}, Body: "the newer plan"}); err != nil {
		t.Fatal(err)
	}
	outdated(t, run(t, server, 2, "the older plan"), movedOn)
	wantTexts(t, server, bot+": the newer plan")
}

func TestARunForAnOlderCommitMakesNoComment(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	server.Push(pushed)
	outdated(t, run(t, server, 1, "the older plan"), movedOn)
	wantRequests(t, server, "list", "pull")
}

// The head is asked for anew before each attempt to write.
func TestAPushBetweenTwoAttempts(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	server.Fail(githubtest.Fault{On: "create", Times: 1, Answer: func(w http.ResponseWriter, r *http.Request) {
		server.Push(pushed)
		githubtest.Status(http.StatusBadGateway)(w, r)
	}})
	outdated(t, run(t, server, 1, "the older plan"), movedOn)
	wantRequests(t, server, "list", "pull", "create", "list", "pull")
}

func TestARunThatKnowsNoCommit(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	pr := cats7
	pr.Head = ""
	err := newClient(t, options(server)).Comment(t.Context(), pr, github.Comment{Body: "text"})
	wantError(t, err, "comment on octo/cats#7: the event of this run does not say which commit it is for")
	wantRequests(t, server)
}

// Of two runs for one commit the later has the last word; a plan for another
// commit is of the past, whenever it was made.
func TestTheLatestRunHasTheLastWord(t *testing.T) {
	t.Parallel()
	key, _, _ := strings.Cut(ours(t, "the plan there"), " commit=")
	for _, tt := range []struct {
		there   string // in the marker
		id      int64
		attempt int64
		stays   bool
	}{
		{"", 8, 1, false}, // of an earlier version
		{" run=7.1 commit=" + githubtest.DefaultHead, 8, 1, false},
		{" run=8.1 commit=" + githubtest.DefaultHead, 8, 1, false},
		{" run=8.1 commit=" + githubtest.DefaultHead, 8, 2, false},
		{" run=8.2 commit=" + githubtest.DefaultHead, 8, 1, true},
		{" run=9.1 commit=" + githubtest.DefaultHead, 8, 7, true},
		{" run=10.1 commit=" + githubtest.DefaultHead, 9, 1, true}, // not by their letters
		{" run=9.1 commit=" + pushed, 8, 1, false},
		{" run=9.1", 8, 1, false},
		{" commit=" + githubtest.DefaultHead, 8, 1, false},
		{" run=9.1 commit=" + githubtest.DefaultHead, 0, 0, false}, // of a runner that does not number its runs
		{" run=9 commit=" + githubtest.DefaultHead, 8, 1, false},
		{" run=x.y commit=" + githubtest.DefaultHead, 8, 1, false},
		{" run=99999999999999999999.1 commit=" + githubtest.DefaultHead, 8, 1, false},
	} {
		server := githubtest.New(t, githubtest.Options{})
		server.Add(cats, bot, key+tt.there+" -->\nthe plan there")
		err := newClient(t, options(server)).Comment(t.Context(), cats7, github.Comment{Run: github.Run{ID: tt.id, Attempt: tt.attempt}, Body: "the new plan"})
		want := bot + ": the new plan"
		if tt.stays {
			want = bot + ": the plan there"
		}
		var o *github.Outdated
		if errors.As(err, &o) != tt.stays || err != nil && !tt.stays {
			t.Errorf("%s: %v", tt.there, err)
		}
		wantTexts(t, server, want)
	}
}

func TestRunsAsTheRunnerNumbersThem(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		id, attempt string
		want        github.Run
	}{
		{"8412345678", "1", github.Run{ID: 8412345678, Attempt: 1}},
		{"8412345678", "", github.Run{}}, {"", "1", github.Run{}}, {"-1", "1", github.Run{}}, {"1", "0", github.Run{}},
		{"run", "1", github.Run{}}, {"99999999999999999999", "1", github.Run{}},
	} {
		if got := github.ParseRun(tt.id, tt.attempt); got != tt.want {
			t.Errorf("%q, %q: %v", tt.id, tt.attempt, got)
		}
	}
}
