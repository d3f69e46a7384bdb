package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/event"
)

// Outdated says that a comment was left as it is, since what there was to say is
// no longer of the present.
type Outdated struct{ text string }

// Error says why, in one line.
func (o *Outdated) Error() string { return o.text }

// checkHead asks for the head of a pull request, and returns an Outdated if that
// is not the commit of the run any more.
func (c *Client) checkHead(ctx context.Context, pr event.PullRequest) error {
	attempt := "read " + pr.String()
	var answer struct{ Head struct{ SHA string } }
	resp, err := c.ask(ctx, attempt, http.MethodGet, fmt.Sprintf("repos/%s/%s/pulls/%d", pr.Owner, pr.Repo, pr.Number), nil, &answer)
	head := answer.Head.SHA
	switch {
	case err != nil:
		return err
	case head == "" || !ascii.Only(head, ascii.Word):
		return unexpected(attempt, resp)
	case head != pr.Head:
		return &Outdated{fmt.Sprintf("%s is at %s, and this run is for %s", pr, short(head), short(pr.Head))}
	}
	return nil
}

// Merged finds the pull request that was merged as a commit: of what it is given, only the
// repository and the Head count. The error is event.ErrNoPullRequest if there is none.
func (c *Client) Merged(ctx context.Context, of event.PullRequest) (event.PullRequest, error) {
	if !of.Valid() || of.Head == "" {
		return event.PullRequest{}, event.ErrNoPullRequest
	}
	type pull struct {
		Number int
		Merged string `json:"merged_at"`
		Commit string `json:"merge_commit_sha"`
		Head   struct{ SHA string }
	}
	var pulls []pull
	path := fmt.Sprintf("repos/%s/%s/commits/%s/pull", of.Owner, of.Repo, of.Head)
	err := c.get(ctx, path+"s", &pulls)
	if isNotFound(err) { // Gitea and Forgejo have another path, with one at most
		pulls = make([]pull, 1)
		err = c.get(ctx, path, &pulls[0])
	}
	switch {
	case isNotFound(err):
		return event.PullRequest{}, event.ErrNoPullRequest
	case err != nil:
		return event.PullRequest{}, err
	}
	for _, p := range pulls {
		of.Number = p.Number
		if p.Merged != "" && p.Commit == of.Head && of.Valid() && ascii.Only(p.Head.SHA, ascii.Word) {
			of.Head = p.Head.SHA
			return of, nil
		}
	}
	return event.PullRequest{}, event.ErrNoPullRequest
}

// get gets a part of an answer, in as many attempts as it takes and may.
func (c *Client) get(ctx context.Context, path string, answer any) error {
	return c.repeat(ctx, func() error {
		_, err := c.ask(ctx, "find the pull request of the commit", http.MethodGet, path, nil, answer)
		return err
	})
}

func isNotFound(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == http.StatusNotFound
}

// short is a commit as people write it.
func short(commit string) string { return commit[:min(len(commit), 7)] }
