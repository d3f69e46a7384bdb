package github

import (
	"context"

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

// found is what stands on a pull request with our marker.
type found struct {
	ours  *gogithub.IssueComment // nil for none
	stamp stamp                  // of ours
	// others are by somebody else, or nobody knows by whom, and come before ours.
	others     []*gogithub.IssueComment
	identified bool // whether it is known which are ours
}

// find looks for our comment with this mark, oldest first, which is how GitHub
// lists them.
func (c *Client) find(ctx context.Context, pr event.PullRequest, mark string) (found, error) {
	there := found{identified: true}
	page := 1
	for range maxPages {
		comments, next, err := c.list(ctx, pr, page)
		if err == nil {
			err = c.sort(ctx, comments, mark, &there)
		}
		if there.ours != nil || err != nil || next == 0 {
			return there, err
		}
		page = next
	}
	return found{}, &Error{Attempt: listing(pr), Problem: "the list does not end"}
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

// sort sorts comments that begin with a mark, up to the first of the token's owner.
// Anyone may write a comment with our marker; what we would write into it could be
// edited by them afterwards.
func (c *Client) sort(ctx context.Context, comments []*gogithub.IssueComment, mark string, there *found) error {
	for _, comment := range comments {
		stamp, marked := readStamp(comment.GetBody(), mark)
		if comment.GetID() == 0 || !marked {
			continue
		}
		owner, err := c.owner(ctx)
		if err != nil {
			return err
		}
		if owner.is(authorOf(comment)) {
			there.ours, there.stamp = comment, stamp
			return nil
		}
		there.others = append(there.others, comment)
		there.identified = owner != author{}
	}
	return nil
}
