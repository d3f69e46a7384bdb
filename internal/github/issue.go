package github

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/nairi-community/vault-secret/internal/event"
)

// Repository is one on GitHub.
type Repository struct{ Owner, Repo string }

// String is the repository as GitHub writes it: octo/cats.
func (r Repository) String() string { return r.Owner + "/" + r.Repo }

// numbered is an issue of the repository. Its comments have the addresses of those
// of a pull request.
func (r Repository) numbered(n int) event.PullRequest {
	return event.PullRequest{Owner: r.Owner, Repo: r.Repo, Number: n}
}

// Issue is what our one issue of a repository about a manifest is to say.
type Issue struct {
	// Key tells apart the issues of several manifests. Any text will do.
	Key string
	// Run is the run that says it. One that is later has the last word.
	Run Run
	// Off says that something is off: the issue is to be open. Else one that is open
	// is to be closed, and none is made.
	Off bool
	// Title is that of an issue that is made, at most MaxTitle characters. A person
	// may give it another.
	Title string
	// Body is Markdown, and safe to show.
	Body string
	// Footer is the last line, which begins with <sub>, or empty. To be of another
	// run or version is no reason to write an issue again.
	Footer string
	// Closing is the comment with which the issue is closed; empty for none.
	Closing string
}

// Label is what our issues have, for people to find them by. GitHub makes one that is
// not there (https://github.com/w3c/horizontal-issue-tracker/issues/31).
const Label = "vault-secret"

// Limits of an issue, in characters.
const (
	// MaxTitle is GitHub's own: "title is too long (maximum is 256 characters)", as in
	// https://github.com/googleapis/repo-automation-bots/issues/1895.
	MaxTitle = 256
	// MaxIssue is what GitHub's limit leaves for Body and Footer together.
	MaxIssue = maxBody - maxMarker - len(footerSeparator)
)

// Issue brings the one issue with this key up to date: it is made when something is
// off, updated when that changes, closed when nothing is, and reopened. Errors that an
// attempt may survive are tried again. What a later run has said stays: the error is
// then an Outdated.
//
// GitHub has no create that fails if there is one already, so two runs can each make
// an issue. Each lists the issues again after it made one, and closes all but that of
// the lowest number: once both are done, one is open. Nor has it an update on a
// condition: of two runs at the same time either can have the last word, and the next
// run corrects that.
func (c *Client) Issue(ctx context.Context, repo Repository, issue Issue) error {
	attempt := "keep an issue in " + repo.String()
	length := utf8.RuneCountInString
	switch n := length(issue.Body) + length(issue.Footer); {
	case !repo.numbered(1).Valid():
		return &Error{Attempt: "keep an issue", Problem: "the runner does not say in which repository"}
	case c.isForge():
		return &Error{Attempt: attempt, Problem: "Gitea and Forgejo have another API for issues; use the outputs of the step there"}
	case n > MaxIssue:
		return &Error{Attempt: attempt, Problem: fmt.Sprintf("%d characters are too many: the limit is %d", n, MaxIssue)}
	case issue.Off && (issue.Title == "" || length(issue.Title) > MaxTitle):
		return &Error{Attempt: attempt, Problem: fmt.Sprintf("a title needs 1 to %d characters", MaxTitle)}
	}
	u := &upkeep{Client: c, repo: repo, issue: issue, mark: mark(ofIssue, issue.Key)}
	return c.repeat(ctx, func() error { return u.explain(u.settle(ctx)) })
}

// isForge reports whether the API is that of Gitea or Forgejo, by its address: they take
// no names of labels for an issue, but numbers, and list all issues where a label is not
// there (CreateIssueOption in modules/structs/issue.go and ListIssues in
// routers/api/v1/repo/issue.go of Gitea).
func (c *Client) isForge() bool { return strings.HasSuffix(c.base.Path, "/api/v1/") }
