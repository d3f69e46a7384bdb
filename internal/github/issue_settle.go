package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	gogithub "github.com/google/go-github/v60/github"
)

// upkeep brings our one issue up to date, in as many attempts as that takes.
type upkeep struct {
	*Client
	repo  Repository
	issue Issue
	mark  string
	// made are the issues that it made, by number: a list may not show them yet.
	made map[int]*gogithub.Issue
}

// settle is one attempt. It always begins with a look at what is there, so that an
// issue is not made twice when the answer to the first attempt was lost.
func (u *upkeep) settle(ctx context.Context) error {
	there, err := u.look(ctx)
	if err == nil && len(there.ours) == 0 && u.issue.Off {
		there, err = u.open(ctx)
	}
	if err != nil || len(there.ours) == 0 {
		return err
	}
	all := there.all()
	for _, other := range all[1:] {
		if other.GetState() != isOpen {
			continue
		}
		if err := u.edit(ctx, "close", other, change{state: isClosed, reason: "not_planned", body: u.duplicate(all[0].GetNumber())}); err != nil {
			return err
		}
	}
	return u.update(ctx, all[0])
}

// open makes an issue, and lists what is there then.
func (u *upkeep) open(ctx context.Context) (*listed, error) {
	made, err := u.create(ctx)
	if err != nil {
		return nil, err
	}
	if u.made == nil {
		u.made = map[int]*gogithub.Issue{}
	}
	u.made[made.GetNumber()] = made
	return u.lookAgain(ctx, made.GetNumber())
}

// update brings the one issue up to date. Nothing is written if nothing differs.
func (u *upkeep) update(ctx context.Context, issue *gogithub.Issue) error {
	open, off := issue.GetState() == isOpen, u.issue.Off
	stamp, _ := issueStamp(issue.GetBody(), u.mark)
	switch {
	case !off && !open, off && open && u.says(issue.GetBody()):
		return nil
	case stamp.run.after(u.issue.Run):
		return &Outdated{fmt.Sprintf("a later run, %s, has already seen to %s", stamp.run, u.repo.numbered(issue.GetNumber()))}
	case !off:
		return u.close(ctx, issue)
	case open:
		return u.edit(ctx, "update", issue, change{state: isOpen, body: u.text()})
	}
	return u.edit(ctx, "reopen", issue, change{state: isOpen, body: u.text()})
}

// close says why in a comment, and then closes: should the run end in between, the
// next one closes. A comment that is refused, as where the conversation is locked,
// does not keep an issue open that is not true any more.
func (u *upkeep) close(ctx context.Context, issue *gogithub.Issue) error {
	said := u.comment(ctx, issue.GetNumber())
	if said != nil && !refused(said) {
		return said
	}
	if err := u.edit(ctx, "close", issue, change{state: isClosed, reason: "completed", body: u.stamped(issue.GetBody())}); err != nil {
		return err
	}
	return said
}

// Why a request about issues is refused.
var refusals = map[int]string{
	http.StatusForbidden: "the token may not do this. It needs the permission issues: write",
	http.StatusNotFound:  "not there, or the token may not see it. It needs the permission issues: write",
	// "Issues are disabled for this repo", as in https://github.com/ossf/allstar/issues/64.
	http.StatusGone: "issues are turned off in this repository, as they are in a new fork. Turn them on in its settings",
}

// explain says of a refusal what it means for an issue: comments need something else.
func (u *upkeep) explain(err error) error {
	var e *Error
	if errors.As(err, &e) && !e.again {
		if problem, known := refusals[e.Status]; known {
			e.Problem = problem
		}
	}
	return err
}
