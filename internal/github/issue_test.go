package github_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/github"
	"github.com/nairi-community/vault-secret/internal/githubtest"
)

const repo = githubtest.DefaultRepository

var octoCats = github.Repository{Owner: "octo", Repo: "cats"}

// off is what a run with this number finds to be off; no text means that all is well.
func off(run int64, text string) github.Issue {
	r := fmt.Sprint(run)
	return github.Issue{
		Key: "vaults.yaml", Run: github.Run{ID: run, Attempt: 1}, Off: text != "", Title: "The vaults differ", Body: text,
		Footer: "<sub>run " + r + "</sub>", Closing: "All is well in run " + r,
	}
}

// keep keeps the issue by a new client, as another run would.
func keep(t *testing.T, server *githubtest.Server, issue github.Issue) {
	t.Helper()
	if err := newClient(t, options(server)).Issue(t.Context(), octoCats, issue); err != nil {
		t.Fatal(err)
	}
}

// shown is an issue as it shows, without the marker.
func shown(issue githubtest.Issue) string {
	text := issue.Body
	if at := strings.Index(text, "-->\n"); at >= 0 {
		text = text[at+len("-->\n"):]
	}
	return strings.TrimSuffix(fmt.Sprintf("#%d %s %s", issue.Number, issue.State, issue.Reason), " ") + ": " + text
}

func wantIssues(t *testing.T, server *githubtest.Server, want ...string) {
	t.Helper()
	var got []string
	for _, issue := range server.Issues(repo) {
		got = append(got, shown(issue))
	}
	if d := gocmp.Diff(want, got); d != "" {
		t.Errorf("issues (-want +got):\n%s", d)
	}
}

func TestOneIssueFollowsWhatIsOff(t *testing.T) {
	t.Parallel()
	for _, enterprise := range []bool{false, true} {
		server := githubtest.New(t, githubtest.Options{Enterprise: enterprise})
		keep(t, server, off(1, ""))
		wantIssues(t, server)
		keep(t, server, off(2, "one"))
		keep(t, server, off(3, "one"))
		wantIssues(t, server, "#8 open: one\n\n<sub>run 2</sub>")
		keep(t, server, off(4, "two"))
		wantIssues(t, server, "#8 open: two\n\n<sub>run 4</sub>")
		keep(t, server, off(5, ""))
		keep(t, server, off(6, ""))
		wantIssues(t, server, "#8 closed completed: two\n\n<sub>run 4</sub>")
		keep(t, server, off(7, "two"))
		wantIssues(t, server, "#8 open: two\n\n<sub>run 7</sub>")
		keep(t, server, off(8, ""))
		var said []string
		for _, c := range server.Comments(repo + "#8") {
			_, text, _ := strings.Cut(c.Body, "-->\n")
			said = append(said, text)
		}
		if want := []string{"All is well in run 5", "All is well in run 8"}; !slices.Equal(said, want) {
			t.Errorf("comments %q, want %q", said, want)
		}
		wantRequests(t, server, strings.Fields(`viewer issues issues
			viewer issues issues open issues issues
			viewer issues issues
			viewer issues issues change
			viewer issues issues list create change
			viewer issues issues
			viewer issues issues change
			viewer issues issues list create change`)...)
	}
}

func TestIssuesOfOtherKeysAndPeopleAreNotTouched(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	keep(t, server, off(1, "ours"))
	ours := server.Issues(repo)[0]
	another := off(1, "of another manifest")
	another.Key = "other.yaml"
	keep(t, server, another)
	server.AddIssue(repo, githubtest.Issue{Author: "mallory", Body: ours.Body, Labels: []string{github.Label}})
	server.AddIssue(repo, githubtest.Issue{Body: ours.Body, Labels: []string{github.Label}, PullRequest: true})
	server.AddIssue(repo, githubtest.Issue{Body: "> " + ours.Body, Labels: []string{github.Label}})
	keep(t, server, off(2, "changed"))
	keep(t, server, off(3, ""))
	var states []string
	for _, issue := range server.Issues(repo) {
		states = append(states, issue.State)
	}
	if want := []string{"closed", "open", "open", "open", "open"}; !slices.Equal(states, want) {
		t.Errorf("states %q, want %q", states, want)
	}
	if got := server.Issues(repo)[2].Body; got != ours.Body {
		t.Errorf("mallory's issue now says %q", got)
	}
}

// took are what a person does with the issue, and what is there after the next run
// that finds something off, and the next that does not.
var took = map[string]struct {
	change    func(*githubtest.Issue)
	off, well []string
}{
	"nothing": {func(*githubtest.Issue) {}, []string{"#8 open: next"}, []string{"#8 closed completed: next"}},
	"closes it": {
		func(i *githubtest.Issue) { i.State, i.Reason = "closed", "not_planned" },
		[]string{"#8 open: next"}, []string{"#8 closed completed: next"},
	},
	"takes the label off": {
		func(i *githubtest.Issue) { i.Labels = nil },
		[]string{"#8 open: next"}, []string{"#8 closed completed: next"},
	},
	"takes the label off and closes it": {
		func(i *githubtest.Issue) { i.Labels, i.State = nil, "closed" },
		[]string{"#8 open: next"}, []string{"#8 closed completed: next"},
	},
	"gives it another title": {
		func(i *githubtest.Issue) { i.Title = "another" },
		[]string{"#8 open: next"}, []string{"#8 closed completed: next"},
	},
	"writes below": {
		func(i *githubtest.Issue) { i.Body += "\n\na note" },
		[]string{"#8 open: next"}, []string{"#8 closed completed: next"},
	},
	"writes above": {
		func(i *githubtest.Issue) { i.Body = "a note\r\n" + strings.ReplaceAll(i.Body, "\n", "\r\n") },
		[]string{"#8 open: next"}, []string{"#8 closed completed: next"},
	},
	"saves it in a browser": {
		func(i *githubtest.Issue) { i.Body = strings.ReplaceAll(i.Body, "\n", "\r\n") },
		[]string{"#8 open: next"}, []string{"#8 closed completed: next"},
	},
	"takes the marker out": {
		func(i *githubtest.Issue) { i.Body = "mine" },
		[]string{"#8 open: mine", "#9 open: next"}, []string{"#8 open: mine", "#9 closed completed: next"},
	},
	"quotes it": {
		func(i *githubtest.Issue) { i.Body = "> " + i.Body },
		[]string{"#8 open: first", "#9 open: next"}, []string{"#8 open: first", "#9 closed completed: next"},
	},
}

func TestWhatAPersonMayDoWithTheIssue(t *testing.T) {
	t.Parallel()
	for name, tt := range took {
		server := githubtest.New(t, githubtest.Options{})
		for run, text := range []string{"first", "next", ""} {
			issue := off(int64(run+1), text)
			issue.Footer = ""
			keep(t, server, issue)
			switch run {
			case 0:
				server.ChangeIssue(repo, 8, tt.change)
				if name == "gives it another title" {
					defer func() {
						if got := server.Issues(repo)[0].Title; got != "another" {
							t.Errorf("the title is %q again", got)
						}
					}()
				}
			case 1:
				wantIssues(t, server, tt.off...)
			default:
				wantIssues(t, server, tt.well...)
			}
		}
	}
}

// What a person writes into the text goes at once, and not only when the vaults change.
func TestTheTextOfTheIssueIsRestored(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(string) string{
		"a part is hidden":   func(body string) string { return strings.Replace(body, "one", "", 1) },
		"a note below":       func(body string) string { return body + "\nnote" },
		"a note above":       func(body string) string { return "note\n" + body },
		"another last line":  func(body string) string { return strings.Replace(body, "<sub>", "", 1) },
		"a line between two": func(body string) string { return strings.Replace(body, "\n\n<sub>", "\n\nx\n\n<sub>", 1) },
	} {
		server := githubtest.New(t, githubtest.Options{})
		keep(t, server, off(1, "one"))
		server.ChangeIssue(repo, 8, func(i *githubtest.Issue) { i.Body = change(i.Body) })
		keep(t, server, off(2, "one"))
		if got := shown(server.Issues(repo)[0]); got != "#8 open: one\n\n<sub>run 2</sub>" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestADeletedIssueIsFollowedByANewOne(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	keep(t, server, off(1, "one"))
	server.DeleteIssue(repo, 8)
	keep(t, server, off(2, "two"))
	wantIssues(t, server, "#9 open: two\n\n<sub>run 2</sub>")
}

func TestAnOlderRunLeavesTheIssueOfALaterOne(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"other", ""} {
		server := githubtest.New(t, githubtest.Options{})
		keep(t, server, off(5, "one"))
		err := newClient(t, options(server)).Issue(t.Context(), octoCats, off(4, text))
		var outdated *github.Outdated
		if !errors.As(err, &outdated) || err.Error() != "a later run, 5.1, has already seen to octo/cats#8" {
			t.Errorf("%v", err)
		}
		wantIssues(t, server, "#8 open: one\n\n<sub>run 5</sub>")
		keep(t, server, off(6, ""))
		if err := newClient(t, options(server)).Issue(t.Context(), octoCats, off(4, "other")); !errors.As(err, &outdated) {
			t.Errorf("%v", err)
		}
		wantIssues(t, server, "#8 closed completed: one\n\n<sub>run 5</sub>")
		unnumbered := off(0, "by a run without a number")
		unnumbered.Run = github.Run{}
		keep(t, server, unnumbered)
		if got := server.Issues(repo)[0]; got.State != "open" {
			t.Errorf("%s", shown(got))
		}
	}
}

// The one of the lowest number stays, whatever there was.
func TestOfSeveralIssuesOneStays(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	keep(t, server, off(1, "one"))
	body := server.Issues(repo)[0].Body
	server.AddIssue(repo, githubtest.Issue{Body: body, Labels: []string{github.Label}})
	server.AddIssue(repo, githubtest.Issue{Body: body})
	keep(t, server, off(2, "two"))
	const other = "Two runs opened an issue at the same time, and one is enough. Everything is in #8."
	wantIssues(t, server, "#8 open: two\n\n<sub>run 2</sub>", "#9 closed not_planned: "+other, "#10 closed not_planned: "+other)
	keep(t, server, off(3, ""))
	wantIssues(t, server, "#8 closed completed: two\n\n<sub>run 2</sub>", "#9 closed not_planned: "+other, "#10 closed not_planned: "+other)
}

func TestEveryPageOfIssuesIsLookedAt(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	for range 250 {
		server.AddIssue(repo, githubtest.Issue{Author: "alice", Labels: []string{github.Label}})
	}
	keep(t, server, off(1, "one"))
	keep(t, server, off(2, "two"))
	if got := server.Issues(repo); len(got) != 251 || shown(got[250]) != "#258 open: two\n\n<sub>run 2</sub>" {
		t.Errorf("%d issues, the last of which is %s", len(got), shown(got[len(got)-1]))
	}
	for range 800 {
		server.AddIssue(repo, githubtest.Issue{Author: "alice", Labels: []string{github.Label}})
	}
	err := newClient(t, options(server)).Issue(t.Context(), octoCats, off(3, "three"))
	wantError(t, err, "list the issues of octo/cats: the list does not end")
}

// Of other bots' issues only the newest thousand are looked through for one without
// the label; our own is made nevertheless.
func TestAnIssueIsMadeAmongManyOfTheSameAuthor(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	for range 1100 {
		server.AddIssue(repo, githubtest.Issue{})
	}
	keep(t, server, off(1, "one"))
	keep(t, server, off(2, "two"))
	if got := server.Issues(repo); len(got) != 1101 || got[1100].State != "open" {
		t.Errorf("%d issues", len(got))
	}
}

func TestNoIssueIsMadeIfNobodyKnowsWhoseItWouldBe(t *testing.T) {
	t.Parallel()
	for name, fault := range nobodyKnows {
		server := githubtest.New(t, githubtest.Options{})
		server.Fail(fault)
		err := newClient(t, options(server)).Issue(t.Context(), octoCats, off(1, "one"))
		if err == nil || !strings.HasPrefix(err.Error(), "ask whose token it is: ") || len(server.Issues(repo)) > 0 {
			t.Errorf("%s: %v with the issues %v", name, err, server.Issues(repo))
		}
	}
	server := githubtest.New(t, githubtest.Options{})
	server.Fail(nobodyKnows["forbidden"])
	wantError(t, newClient(t, options(server)).Issue(t.Context(), octoCats, off(1, "one")),
		"ask whose token it is: no answer says, so that our issue cannot be told from somebody else's")
}

func TestLongestIssue(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	issue := off(1<<62, strings.Repeat("ü", github.MaxIssue-len("<sub></sub>")))
	issue.Run.Attempt, issue.Footer, issue.Title = 1<<62, "<sub></sub>", strings.Repeat("ü", github.MaxTitle)
	keep(t, server, issue)
	issue.Body += "x"
	err := newClient(t, options(server)).Issue(t.Context(), octoCats, issue)
	wantError(t, err, fmt.Sprintf("keep an issue in octo/cats: %d characters are too many: the limit is %d", github.MaxIssue+1, github.MaxIssue))
	for _, title := range []string{"", strings.Repeat("x", github.MaxTitle+1)} {
		issue := off(1, "one")
		issue.Title = title
		wantError(t, newClient(t, options(server)).Issue(t.Context(), octoCats, issue), "keep an issue in octo/cats: a title needs 1 to 256 characters")
	}
	for _, r := range []github.Repository{{}, {Owner: ".."}, {Owner: "octo"}, {Owner: "octo", Repo: "cats?x="}} {
		wantError(t, newClient(t, options(server)).Issue(t.Context(), r, off(1, "one")), "keep an issue: the runner does not say in which repository")
	}
}

func TestNothingIsAskedOfGiteaOrForgejo(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{Gitea: true})
	wantError(t, newClient(t, options(server)).Issue(t.Context(), octoCats, off(1, "one")),
		"keep an issue in octo/cats: Gitea and Forgejo have another API for issues; use the outputs of the step there")
	wantRequests(t, server)
}

func TestWhatARefusalMeansForAnIssue(t *testing.T) {
	t.Parallel()
	const needs = ". It needs the permission issues: write"
	for status, want := range map[int]string{
		http.StatusForbidden: "403 Forbidden: the token may not do this" + needs,
		http.StatusNotFound:  "404 Not Found: not there, or the token may not see it" + needs,
		http.StatusGone:      "410 Gone: issues are turned off in this repository, as they are in a new fork. Turn them on in its settings",
	} {
		for on, attempt := range map[string]string{"issues": "list the issues of octo/cats", "open": "open an issue in octo/cats"} {
			server := githubtest.New(t, githubtest.Options{})
			server.Fail(githubtest.Fault{On: on, Answer: githubtest.Status(status)})
			wantError(t, newClient(t, options(server)).Issue(t.Context(), octoCats, off(1, "one")), attempt+": "+want)
		}
	}
	server := githubtest.New(t, githubtest.Options{})
	server.TurnIssuesOff(repo)
	wantError(t, newClient(t, options(server)).Issue(t.Context(), octoCats, off(1, "one")),
		"list the issues of octo/cats: 410 Gone: issues are turned off in this repository, as they are in a new fork. Turn them on in its settings")
}

// GitHub refuses a label that is new and that the token may not make.
func TestAnIssueIsMadeWithoutItsLabelIfThatIsRefused(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusForbidden, http.StatusUnprocessableEntity} {
		server := githubtest.New(t, githubtest.Options{})
		server.Fail(githubtest.Fault{On: "open", Times: 1, Answer: githubtest.Status(status)})
		keep(t, server, off(1, "one"))
		keep(t, server, off(2, "two"))
		wantIssues(t, server, "#8 open: two\n\n<sub>run 2</sub>")
		if got := server.Issues(repo)[0].Labels; len(got) > 0 {
			t.Errorf("labels %q", got)
		}
	}
}

// Where people locked the conversation, an issue that is not true any more is closed
// all the same.
func TestAnIssueIsClosedWhoseCommentIsRefused(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	keep(t, server, off(1, "one"))
	server.Fail(githubtest.Fault{On: "create", Answer: githubtest.Status(http.StatusForbidden)})
	err := newClient(t, options(server)).Issue(t.Context(), octoCats, off(2, ""))
	wantError(t, err, "comment on octo/cats#8: 403 Forbidden: the token may not do this. It needs the permission issues: write")
	wantIssues(t, server, "#8 closed completed: one\n\n<sub>run 1</sub>")
}
