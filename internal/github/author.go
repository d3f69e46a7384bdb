package github

import (
	"context"
	"errors"
	"net/http"
	"strings"

	gogithub "github.com/google/go-github/v60/github"
)

// author is somebody who writes comments and issues.
type author struct {
	login string
	// id is 0 if it is not known. On Gitea the job's own user, who is in no table,
	// has -2 (models/user/user_system.go of Gitea 1.26.0).
	id int64
}

func authorOf(comment *gogithub.IssueComment) author { return authorBy(comment.GetUser()) }

func authorBy(user *gogithub.User) author { return author{user.GetLogin(), user.GetID()} }

// is reports whether two are the same. A name can be somebody else's one day.
func (a author) is(other author) bool {
	return a.login != "" && strings.EqualFold(a.login, other.login) && (a.id == 0 || other.id == 0 || a.id == other.id)
}

// asking is what is attempted by who asks for the token's owner.
const asking = "ask whose token it is"

// owner is the token's owner, asked for once and only when a comment makes it
// matter; the zero author for one that no server tells.
func (c *Client) owner(ctx context.Context) (author, error) {
	if c.asked {
		return c.self, nil
	}
	self, err := c.askGraphQL(ctx)
	if refused(err) {
		self, err = c.askREST(ctx)
	}
	if refused(err) {
		self, err = author{}, nil
	}
	c.self, c.asked = self, err == nil
	return self, err
}

// refused reports whether a server has answered, and no other attempt would get
// another answer; not so of a token that is good for nothing.
func refused(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status != 0 && e.Status != http.StatusUnauthorized && !e.again
}

// unidentified reports whether nothing but the question whose token it is has
// failed. Then it is not asked again. A server that wants to be left alone is.
func (c *Client) unidentified(ctx context.Context, err error) bool {
	var e *Error
	if !errors.As(err, &e) || e.Attempt != asking || !e.again || e.wait > 0 || ctx.Err() != nil {
		return false
	}
	c.asked = true
	return true
}

// askGraphQL asks as GitHub knows it. Its REST API does not tell a workflow's
// GITHUB_TOKEN or another app's: GET /user answers 403. GraphQL tells everyone:
// https://github.com/marocchino/sticky-pull-request-comment/pull/332 for
// GITHUB_TOKEN, https://github.com/fullsend-ai/fullsend/pull/1953 for apps; the
// name, as in github-actions[bot], is that of user.login in REST.
func (c *Client) askGraphQL(ctx context.Context) (author, error) {
	var answer struct {
		Data struct{ Viewer struct{ Login string } }
	}
	resp, err := c.ask(ctx, asking, http.MethodPost, c.graphql, map[string]string{"query": "query{viewer{login}}"}, &answer)
	if err == nil && answer.Data.Viewer.Login == "" { // GraphQL tells its errors with status 200
		err = unexpected(asking, resp)
	}
	return author{login: answer.Data.Viewer.Login}, err
}

// askREST asks as Gitea and Forgejo know it, which have no GraphQL: they tell the
// token of a job too (GetAuthenticatedUser in routers/api/v1/user/user.go of Gitea
// 1.26.0).
func (c *Client) askREST(ctx context.Context) (author, error) {
	var answer struct {
		Login string
		ID    int64
	}
	resp, err := c.ask(ctx, asking, http.MethodGet, "user", nil, &answer)
	if err == nil && answer.Login == "" {
		err = unexpected(asking, resp)
	}
	return author{answer.Login, answer.ID}, err
}

// ask makes a request that go-github has no call for, or a larger one.
func (c *Client) ask(ctx context.Context, attempt, method, address string, question, answer any) (*gogithub.Response, error) {
	return c.do(ctx, attempt, func(ctx context.Context, api *gogithub.Client) (*gogithub.Response, error) {
		req, err := api.NewRequest(method, address, question)
		if err != nil {
			return nil, err
		}
		return api.Do(ctx, req, answer)
	})
}
