package github

import (
	"context"
	"errors"
	"net/http"

	gogithub "github.com/google/go-github/v60/github"
)

// create makes the issue, and without our label if it cannot be had with it: GitHub
// answers 403 to a token that may not make a label which is not there
// (https://github.com/orgs/community/discussions/197408).
func (u *upkeep) create(ctx context.Context) (*gogithub.Issue, error) {
	text := u.text()
	request := &gogithub.IssueRequest{Title: &u.issue.Title, Body: &text, Labels: &[]string{Label}}
	made, err := u.createAs(ctx, request)
	var e *Error
	if errors.As(err, &e) && !e.again && (e.Status == http.StatusForbidden || e.Status == http.StatusUnprocessableEntity) {
		request.Labels = nil
		return u.createAs(ctx, request)
	}
	return made, err
}

func (u *upkeep) createAs(ctx context.Context, request *gogithub.IssueRequest) (*gogithub.Issue, error) {
	return u.write(ctx, "open an issue in "+u.repo.String(), isOpen, func(ctx context.Context, api *gogithub.Client) (*gogithub.Issue, *gogithub.Response, error) {
		return api.Issues.Create(ctx, u.repo.Owner, u.repo.Repo, request)
	})
}

// change is what becomes of an issue.
type change struct{ state, reason, body string }

// edit changes an issue. One that was deleted meanwhile is a reason to look again.
func (u *upkeep) edit(ctx context.Context, verb string, issue *gogithub.Issue, to change) error {
	request := &gogithub.IssueRequest{State: &to.state, Body: &to.body}
	if to.reason != "" {
		request.StateReason = &to.reason
	}
	n := issue.GetNumber()
	_, err := u.write(ctx, verb+" "+u.repo.numbered(n).String(), to.state, func(ctx context.Context, api *gogithub.Client) (*gogithub.Issue, *gogithub.Response, error) {
		return api.Issues.Edit(ctx, u.repo.Owner, u.repo.Repo, n, request)
	})
	var e *Error
	if errors.As(err, &e) && e.Status == http.StatusGone {
		e.again, e.Problem = true, "it was deleted meanwhile"
		delete(u.made, n)
	}
	return err
}

// writingIssue is a call of go-github that returns the issue as it then is.
type writingIssue func(context.Context, *gogithub.Client) (*gogithub.Issue, *gogithub.Response, error)

// write takes a success for one only if it shows an issue in the state that was asked
// for.
func (u *upkeep) write(ctx context.Context, attempt, state string, call writingIssue) (*gogithub.Issue, error) {
	var written *gogithub.Issue
	resp, err := u.do(ctx, attempt, func(ctx context.Context, api *gogithub.Client) (resp *gogithub.Response, err error) {
		written, resp, err = call(ctx, api)
		return resp, err
	})
	if err == nil && (written.GetNumber() == 0 || written.GetState() != state) {
		err = unexpected(attempt, resp)
	}
	return written, err
}

// comment says that all is well, once: an earlier attempt of this run may have done
// so without having seen the answer. A run that has no number cannot tell its comment
// from an earlier run's.
func (u *upkeep) comment(ctx context.Context, n int) error {
	if u.issue.Closing == "" {
		return nil
	}
	issue := u.repo.numbered(n)
	mark := mark(ofClosing, u.issue.Key+"\n"+u.issue.Run.String())
	if u.issue.Run != (Run{}) {
		there, err := u.find(ctx, issue, mark)
		if err != nil || there.ours != nil {
			return err
		}
	}
	_, err := u.Client.create(ctx, issue, mark+stamp{run: u.issue.Run}.String()+u.issue.Closing)
	return err
}
