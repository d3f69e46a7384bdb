package github

import (
	"context"
	"fmt"
	"net/http"

	gogithub "github.com/google/go-github/v60/github"

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
	resp, err := c.do(ctx, attempt, func(ctx context.Context, api *gogithub.Client) (*gogithub.Response, error) {
		req, err := api.NewRequest(http.MethodGet, fmt.Sprintf("repos/%s/%s/pulls/%d", pr.Owner, pr.Repo, pr.Number), nil)
		if err != nil {
			return nil, err
		}
		return api.Do(ctx, req, &answer)
	})
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

// short is a commit as people write it.
func short(commit string) string { return commit[:min(len(commit), 7)] }
