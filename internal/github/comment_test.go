package github_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/event"
	"github.com/nairi-community/vault-secret/internal/github"
	"github.com/nairi-community/vault-secret/internal/githubtest"
	"github.com/nairi-community/vault-secret/internal/secret"
)

const (
	cats = githubtest.DefaultPullRequest
	bot  = githubtest.DefaultLogin
)

var cats7 = event.PullRequest{Owner: "octo", Repo: "cats", Number: 7, Head: githubtest.DefaultHead}

// half is always the next random number.
func half() float64 { return 0.5 }

// options are those of a client of a server, which never waits for long.
func options(server *githubtest.Server) github.Options {
	return github.Options{
		APIURL:    server.URL,
		Token:     secret.New(githubtest.DefaultToken),
		Transport: &http.Transport{DisableKeepAlives: true},
		Version:   "1.2.3",
		Random:    func() float64 { return 0 },
		Now:       time.Now,
	}
}

func newClient(t *testing.T, o github.Options) *github.Client {
	t.Helper()
	client, err := github.NewClient(o)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// comment comments by a new client, as another run would.
func comment(t *testing.T, server *githubtest.Server, c github.Comment) {
	t.Helper()
	if err := newClient(t, options(server)).Comment(t.Context(), cats7, c); err != nil {
		t.Fatal(err)
	}
}

// texts are the comments as they show, without the marker.
func texts(t *testing.T, server *githubtest.Server) []string {
	t.Helper()
	var shown []string
	for _, c := range server.Comments(cats) {
		text := c.Body
		if marker, rest, found := strings.Cut(text, "-->\n"); found && strings.HasPrefix(marker, "<!--") {
			text = rest
		}
		shown = append(shown, c.Author+": "+text)
	}
	return shown
}

func wantTexts(t *testing.T, server *githubtest.Server, want ...string) {
	t.Helper()
	if d := gocmp.Diff(want, texts(t, server)); d != "" {
		t.Errorf("comments (-want +got):\n%s", d)
	}
}

func wantRequests(t *testing.T, server *githubtest.Server, want ...string) {
	t.Helper()
	if d := gocmp.Diff(want, server.Requests()); d != "" {
		t.Errorf("requests (-want +got):\n%s", d)
	}
}

func TestOneCommentIsKeptUpToDate(t *testing.T) {
	t.Parallel()
	for _, enterprise := range []bool{false, true} {
		server := githubtest.New(t, githubtest.Options{Enterprise: enterprise})
		server.Add(cats, "alice", "a question")
		comment(t, server, github.Comment{Body: "| a | b |"})
		server.Add(cats, "alice", "an answer")
		comment(t, server, github.Comment{Body: "| c | d |"})
		comment(t, server, github.Comment{Body: "| c | d |"})
		wantTexts(t, server, "alice: a question", bot+": | c | d |", "alice: an answer")
		wantRequests(t, server, "list", "pull", "create", "list", "viewer", "pull", "edit", "list", "viewer")
	}
}

func TestNoCommentIsMadeWhenThereIsNothingToTell(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	comment(t, server, github.Comment{Empty: true, Body: "3 secrets"})
	wantTexts(t, server)
	comment(t, server, github.Comment{Body: "1 change"})
	comment(t, server, github.Comment{Empty: true, Body: "3 secrets"})
	wantTexts(t, server, bot+": 3 secrets")
}

// What is said over a comment is made of what that says and shows, which later comments that
// show no plan keep.
func TestACommentIsMadeOfTheOneBefore(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	over := func(text, commit, plan string) string { return text + "|" + commit[:7] + "|" + plan }
	comment(t, server, github.Comment{Body: "first", Plan: "0123", Over: over})
	comment(t, server, github.Comment{Body: "second", Over: over})
	comment(t, server, github.Comment{Body: "third", Plan: "4567", Over: over})
	comment(t, server, github.Comment{Body: "fourth", Over: over})
	wantTexts(t, server, bot+": first|9f2c1d4|0123|9f2c1d4|0123|9f2c1d4|4567")
}

// The run of a merge finds its pull request, updates the comment there and makes none. What a
// later run has said stays.
func TestTheCommentOnAMergedPullRequest(t *testing.T) {
	t.Parallel()
	for _, gitea := range []bool{false, true} {
		server := githubtest.New(t, githubtest.Options{Gitea: gitea})
		client := newClient(t, options(server))
		commit := cats7
		commit.Head = merge
		if _, err := client.Merged(t.Context(), commit); !errors.Is(err, event.ErrNoPullRequest) {
			t.Errorf("nothing was merged: %v", err)
		}
		server.Merge(merge)
		pr, err := client.Merged(t.Context(), commit)
		if err != nil || pr != cats7 {
			t.Fatal(pr, err)
		}
		say := func(run int64, text string, merged bool) error {
			return client.Comment(t.Context(), pr, github.Comment{Run: github.Run{ID: run, Attempt: 1}, Body: text, Merged: merged})
		}
		if err := say(1, "applied", true); err != nil || len(server.Comments(cats)) > 0 {
			t.Errorf("a comment was made: %v", err)
		}
		_ = say(2, "planned", false)
		server.Push("0123456789abcdef0123456789abcdef01234567") // which nobody asks about any more
		if err := say(4, "applied", true); err != nil {
			t.Error(err)
		}
		var outdated *github.Outdated
		if err := say(3, "applied before", true); !errors.As(err, &outdated) {
			t.Error(err)
		}
		if comments := server.Comments(cats); len(comments) != 1 || !strings.HasSuffix(comments[0].Body, "-->\napplied") {
			t.Errorf("%v", comments)
		}
	}
}

// merge is the commit as which the pull request is merged.
const merge = "c0ffee1c0ffee1c0ffee1c0ffee1c0ffee1c0ffe"

func TestKeysTellCommentsApart(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	keys := []string{"", "one", "One", "--> <b>", "<!--", "a\nb", strings.Repeat("long", 1000), "\xff"}
	var want []string
	client := newClient(t, options(server))
	for _, body := range []string{"first", "second"} {
		want = nil
		for _, key := range keys {
			if err := client.Comment(t.Context(), cats7, github.Comment{Key: key, Body: body}); err != nil {
				t.Fatal(err)
			}
			want = append(want, bot+": "+body)
		}
	}
	wantTexts(t, server, want...)
	for _, c := range server.Comments(cats) {
		if head, _, _ := strings.Cut(c.Body, "\n"); len(head) != len("<!-- vault-secret plan  commit="+githubtest.DefaultHead+" -->")+32 {
			t.Errorf("the marker is %q", head)
		}
	}
	if n := strings.Count(strings.Join(server.Requests(), " "), "viewer"); n != 1 {
		t.Errorf("the login was asked for %d times, want once", n)
	}
}

// ours is the text of a comment of ours as it is stored.
func ours(t *testing.T, body string) string {
	t.Helper()
	server := githubtest.New(t, githubtest.Options{})
	comment(t, server, github.Comment{Body: body})
	return server.Comments(cats)[0].Body
}

// A stranger who has copied our comment could otherwise have us write into
// theirs, or have us believe that all is said.
func TestCommentsBySomebodyElseAreNotTouched(t *testing.T) {
	t.Parallel()
	for _, login := range []string{"mallory", "github-actions", "actions[bot]", ""} {
		server := githubtest.New(t, githubtest.Options{})
		server.Add(cats, login, ours(t, "the same"))
		comment(t, server, github.Comment{Body: "the same"})
		comment(t, server, github.Comment{Body: "another"})
		wantTexts(t, server, login+": the same", bot+": This comment replaces an earlier one, which this run could not identify as its own and left alone.\n\nanother")
	}
}

func TestCommentsThatOnlyQuoteOursAreNotTouched(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	quoted := "> " + ours(t, "the same")
	server.Add(cats, bot, quoted)
	comment(t, server, github.Comment{Body: "the same"})
	if got := server.Comments(cats); len(got) != 2 || got[0].Body != quoted {
		t.Errorf("the comments are %v", got)
	}
}

// The token of a person or of another app has comments of its own.
func TestOursAreThoseOfTheToken(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	comment(t, server, github.Comment{Body: "by the bot"})
	server.SetToken(githubtest.DefaultToken, "alice")
	comment(t, server, github.Comment{Body: "by a person"})
	comment(t, server, github.Comment{Body: "by her again"})
	wantTexts(t, server, bot+": by the bot", "alice: This comment replaces an earlier one, which this run could not identify as its own and left alone.\n\nby her again")
}

func TestStoredTextsMayDifferInLineEnds(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	server.Add(cats, bot, strings.ReplaceAll(ours(t, "a\nb\n"), "\n", "\r\n")+"\r\n")
	comment(t, server, github.Comment{Body: "a\nb\n"})
	wantRequests(t, server, "list", "viewer")
}

func TestEveryPageIsLookedAt(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	for range 250 {
		server.Add(cats, "alice", "a comment")
	}
	comment(t, server, github.Comment{Body: "first"})
	server.Add(cats, "alice", "a comment")
	comment(t, server, github.Comment{Body: "second"})
	if got := texts(t, server); got[250] != bot+": second" || len(got) != 252 {
		t.Errorf("comment 251 of %d is %q", len(got), got[250])
	}
	wantRequests(t, server, "list", "list", "list", "pull", "create", "list", "list", "list", "viewer", "pull", "edit")
}

func TestNoPageAfterOursIsAskedFor(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	comment(t, server, github.Comment{Body: "first"})
	for range 250 {
		server.Add(cats, "alice", "a comment")
	}
	comment(t, server, github.Comment{Body: "second"})
	wantRequests(t, server, "list", "pull", "create", "list", "viewer", "pull", "edit")
}

func TestListThatDoesNotEnd(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	server.Fail(githubtest.Fault{On: "list", Answer: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", `<https://elsewhere.example.com/?page=1>; rel="next"`)
		githubtest.Text("[null, {}]")(w, nil)
	}})
	err := newClient(t, options(server)).Comment(t.Context(), cats7, github.Comment{Body: "text"})
	wantError(t, err, "list the comments of octo/cats#7: the list does not end")
	if got := server.Requests(); len(got) != 30 || slices.Contains(got, "create") {
		t.Errorf("%d requests, want 30 pages and no comment", len(got))
	}
}

func TestLongestComment(t *testing.T) {
	t.Parallel()
	for _, empty := range []bool{false, true} {
		server := githubtest.New(t, githubtest.Options{})
		comment(t, server, github.Comment{Body: "short"})
		comment(t, server, github.Comment{Body: strings.Repeat("ü", github.MaxText), Empty: empty})
		err := newClient(t, options(server)).Comment(t.Context(), cats7, github.Comment{Body: strings.Repeat("x", github.MaxText+1), Empty: empty})
		wantError(t, err, fmt.Sprintf("comment on octo/cats#7: %d characters are too many: the limit is %d", github.MaxText+1, github.MaxText))
		wantRequests(t, server, "list", "pull", "create", "list", "viewer", "pull", "edit", "list", "viewer")
	}
}

func TestPullRequestThatCannotBe(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	for _, pr := range []event.PullRequest{{}, {Owner: "..", Repo: "..", Number: 1}, {Owner: "octo", Repo: "cats"}, {Owner: "octo", Repo: "cats?x=", Number: 1}} {
		err := newClient(t, options(server)).Comment(t.Context(), pr, github.Comment{Body: "text"})
		wantError(t, err, "comment on a pull request: it is not the name and number of one")
	}
	wantRequests(t, server)
}
