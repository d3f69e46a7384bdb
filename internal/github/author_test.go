package github_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/github"
	"github.com/nairi-community/vault-secret/internal/githubtest"
)

// replaces is the sentence about a comment of somebody else.
func replaces(link string) string {
	return "This comment replaces " + link + ", which this run could not identify as its own and left alone.\n\n"
}

// run comments as a run of this number does, for the present head.
func run(t *testing.T, server *githubtest.Server, id int64, body string) error {
	t.Helper()
	o := options(server)
	o.ServerURL = server.PageURL + "/"
	return newClient(t, o).Comment(t.Context(), cats7, github.Comment{Run: github.Run{ID: id, Attempt: 1}, Body: body})
}

func TestOnGiteaOneCommentIsKeptUpToDate(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{Gitea: true})
	for range 120 { // of which Gitea makes no pages
		server.AddBy(cats, "alice", 1, "a question")
	}
	for i, body := range []string{"first", "second", "third"} {
		if err := run(t, server, int64(i+1), body); err != nil {
			t.Fatal(err)
		}
	}
	if got := texts(t, server)[120:]; !slices.Equal(got, []string{githubtest.GiteaLogin + ": third"}) {
		t.Errorf("comments %q", got)
	}
	wantRequests(t, server, "list", "pull", "create", "list", "viewer", "user", "pull", "edit", "list", "viewer", "user", "pull", "edit")
}

// Who was called like the job's user before that one existed is somebody else.
func TestOnGiteaAUserOfTheSameNameIsSomebodyElse(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{Gitea: true})
	server.AddBy(cats, githubtest.GiteaLogin, 99, ours(t, "the same"))
	if err := run(t, server, 1, "new"); err != nil {
		t.Fatal(err)
	}
	link := "[an earlier one](" + server.PageURL + "/octo/cats/issues/7#issuecomment-1)"
	wantTexts(t, server, githubtest.GiteaLogin+": the same", githubtest.GiteaLogin+": "+replaces(link)+"new")
}

// nobodyKnows are the ways in which no server says whose the token is.
var nobodyKnows = map[string]githubtest.Fault{
	"no GraphQL":                {On: "viewer", Answer: githubtest.Status(http.StatusNotFound)},
	"no such method":            {On: "viewer", Answer: githubtest.Status(http.StatusMethodNotAllowed)},
	"forbidden":                 {On: "viewer", Answer: githubtest.Status(http.StatusForbidden)},
	"an answer that says none":  {On: "viewer", Answer: githubtest.Text(`{"errors":[{"message":"hostile"}]}`)},
	"a page":                    {On: "viewer", Answer: githubtest.Text("<html>hostile</html>")},
	"a redirect":                {On: "viewer", Answer: githubtest.Status(http.StatusFound, "Location: /login")},
	"down":                      {On: "viewer", Answer: githubtest.Status(http.StatusServiceUnavailable)},
	"no answer":                 {On: "viewer", Answer: githubtest.Cut},
	"an answer that breaks off": {On: "viewer", Answer: githubtest.Torn},
}

// The old plan stays where it is, and a new one says that it is not of the present.
// The answer to the new one tells whose the token is: there is never a third.
func TestACommentThatNobodyCanIdentifyIsReplaced(t *testing.T) {
	t.Parallel()
	for name, fault := range nobodyKnows {
		server := githubtest.New(t, githubtest.Options{})
		server.Fail(fault)
		server.Add(cats, "mallory", ours(t, "a copy"))
		server.Add(cats, bot, ours(t, "an old plan"))
		link := "[an earlier one](" + server.PageURL + "/octo/cats/issues/7#issuecomment-1)"
		for i, body := range []string{"second plan", "third plan", "fourth plan"} {
			if err := run(t, server, int64(i+1), body); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			wantTexts(t, server, "mallory: a copy", bot+": "+replaces(link)+body)
		}
	}
}

// What has nothing to tell has, if something else is told.
func TestACommentThatNobodyCanIdentifyIsReplacedByNoChanges(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	server.Add(cats, "mallory", ours(t, "a plan"))
	comment(t, server, github.Comment{Empty: true, Body: "no changes"})
	wantTexts(t, server, "mallory: a plan",
		bot+": "+replaces("an earlier one")+"no changes")
}

func TestAReplacementWhoseAnswerIsLostIsReplacedToo(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	server.Add(cats, bot, ours(t, "an old plan"))
	server.Fail(nobodyKnows["no GraphQL"])
	server.Fail(githubtest.Fault{On: "create", Times: 1, Late: true, Answer: githubtest.Cut})
	if err := run(t, server, 1, "a new plan"); err != nil {
		t.Fatal(err)
	}
	wantTexts(t, server, bot+": a new plan")
}

func TestAReplacementIsMadeOnceIfTheOldCommentCannotBeDeleted(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{
		http.StatusForbidden:          ": 403 Forbidden: the token may not do this. It needs the permission pull-requests: write",
		http.StatusServiceUnavailable: ": 503 Service Unavailable",
	} {
		server := githubtest.New(t, githubtest.Options{})
		server.Add(cats, bot, ours(t, "an old plan"))
		server.Fail(nobodyKnows["no GraphQL"])
		server.Fail(githubtest.Fault{On: "delete", Answer: githubtest.Status(status)})
		wantError(t, run(t, server, 1, "a new plan"), "delete an earlier comment on octo/cats#7"+want)
		if got := server.Comments(cats); len(got) != 2 {
			t.Errorf("comments %v", got)
		}
	}
}

// To ask another question instead, and to comment, would be to come back early.
func TestNothingIsSentToAServerThatAsksToWait(t *testing.T) {
	t.Parallel()
	s := tell(t, time.Hour, nil, githubtest.Fault{On: "viewer", Answer: githubtest.Status(http.StatusTooManyRequests, "Retry-After: 3600")})
	wantError(t, s.err, "ask whose token it is: 429 Too Many Requests: GitHub is receiving too many requests, and asks to wait 1 h")
	wantRequests(t, s.server, "list", "viewer")
	wantTexts(t, s.server, bot+": old")
}

func TestATokenThatIsRefusedIsNotTriedElsewhere(t *testing.T) {
	t.Parallel()
	server, err := failing(t, githubtest.Fault{On: "viewer", Answer: githubtest.Status(http.StatusUnauthorized)})
	wantError(t, err, "ask whose token it is: 401 Unauthorized: GitHub does not accept the token")
	wantRequests(t, server, "list", "viewer")
}

// A link leads to the pages of the platform or nowhere.
func TestNoLinkWithoutPages(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"", "github.com", "javascript:alert(1)", "http://git.example.com", "https://user:pass@git.example.com", "https://git.example.com/)[x](y",
		"https://git.example.com/" + strings.Repeat("x", 300), "https://[::1]/", "https://git.example.com/%0a",
	} {
		server := githubtest.New(t, githubtest.Options{})
		server.Add(cats, "mallory", ours(t, "a copy"))
		o := options(server)
		o.ServerURL = address
		if err := newClient(t, o).Comment(t.Context(), cats7, github.Comment{Body: "ours"}); err != nil {
			t.Error(err)
		}
		wantTexts(t, server, "mallory: a copy", bot+": "+replaces("an earlier one")+"ours")
	}
}
