package github

import (
	"context"
	"net/http"
	"strings"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/nairi-community/vault-secret/internal/event"
)

// Limits of a list of comments.
const (
	perPage = 100 // the most that GitHub gives
	// maxPages hold every comment: GitHub closes an issue for comments at 2,500
	// of them (https://github.com/openshift/release/pull/20821).
	maxPages = 30
)

// find looks for our comment with this marker, oldest first, which is how
// GitHub lists them; nil for none.
func (c *Client) find(ctx context.Context, pr event.PullRequest, mark string) (*gogithub.IssueComment, error) {
	page := 1
	for range maxPages {
		comments, next, err := c.list(ctx, pr, page)
		if err != nil {
			return nil, err
		}
		found, err := c.ours(ctx, comments, mark)
		if found != nil || err != nil || next == 0 {
			return found, err
		}
		page = next
	}
	return nil, &Error{Attempt: listing(pr), Problem: "the list does not end"}
}

// list gets one page of the comments, and the number of the next or 0.
func (c *Client) list(ctx context.Context, pr event.PullRequest, page int) ([]*gogithub.IssueComment, int, error) {
	options := &gogithub.IssueListCommentsOptions{ListOptions: gogithub.ListOptions{Page: page, PerPage: perPage}}
	var comments []*gogithub.IssueComment
	resp, err := c.do(ctx, listing(pr), func(ctx context.Context, api *gogithub.Client) (resp *gogithub.Response, err error) {
		comments, resp, err = api.Issues.ListComments(ctx, pr.Owner, pr.Repo, pr.Number, options)
		return resp, err
	})
	switch {
	case err != nil:
		return nil, 0, err
	case comments == nil: // an answer without a body, which go-github lets pass
		return nil, 0, unexpected(listing(pr), resp)
	}
	return comments, resp.NextPage, nil
}

func listing(pr event.PullRequest) string { return "list the comments of " + pr.String() }

// ours is the first of these comments that begins with the marker and is by the
// token's owner. Anyone may write a comment with our marker; what we would write
// into it could be edited by them afterwards.
func (c *Client) ours(ctx context.Context, comments []*gogithub.IssueComment, mark string) (*gogithub.IssueComment, error) {
	for _, comment := range comments {
		if comment.GetID() == 0 || !strings.HasPrefix(lineEnds.Replace(comment.GetBody()), mark) {
			continue
		}
		login, err := c.viewer(ctx)
		if err != nil {
			return nil, err
		}
		if strings.EqualFold(comment.GetUser().GetLogin(), login) {
			return comment, nil
		}
	}
	return nil, nil
}

// viewer is the login of the token's owner, asked for once and only when a
// comment makes it matter. GitHub's REST API does not tell it to a workflow's
// GITHUB_TOKEN or another app's: GET /user answers 403. GraphQL tells
// everyone: https://github.com/marocchino/sticky-pull-request-comment/pull/332
// for GITHUB_TOKEN, https://github.com/fullsend-ai/fullsend/pull/1953 for apps;
// the name, as in github-actions[bot], is that of user.login in REST.
func (c *Client) viewer(ctx context.Context) (string, error) {
	if c.login != "" {
		return c.login, nil
	}
	login, err := c.askLogin(ctx)
	c.login = login
	return login, err
}

func (c *Client) askLogin(ctx context.Context) (string, error) {
	const attempt = "ask whose token it is"
	var answer struct {
		Data struct{ Viewer struct{ Login string } }
	}
	resp, err := c.do(ctx, attempt, func(ctx context.Context, api *gogithub.Client) (*gogithub.Response, error) {
		req, err := api.NewRequest(http.MethodPost, c.graphql, map[string]string{"query": "query{viewer{login}}"})
		if err != nil {
			return nil, err
		}
		return api.Do(ctx, req, &answer)
	})
	if err == nil && answer.Data.Viewer.Login == "" { // GraphQL tells its errors with status 200
		return "", unexpected(attempt, resp)
	}
	return answer.Data.Viewer.Login, err
}
