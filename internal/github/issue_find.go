package github

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	gogithub "github.com/google/go-github/v60/github"
)

// The states of issues, and what a list may ask for.
const (
	isOpen   = "open"
	isClosed = "closed"
	inAny    = "all"
)

// maxIssuePages is how much of a list of issues is read: a thousand of them.
const maxIssuePages = 10

// listed are the issues of lists, by number.
type listed struct {
	ours map[int]*gogithub.Issue
	seen map[int]bool // with whatever text, and by whomever
}

// all are ours, the lowest number first.
func (l *listed) all() []*gogithub.Issue {
	all := slices.Collect(maps.Values(l.ours))
	slices.SortFunc(all, func(a, b *gogithub.Issue) int { return cmp.Compare(a.GetNumber(), b.GetNumber()) })
	return all
}

// look lists what is there: all issues with our label, and what else the token's
// owner has opened, since a person may have taken the label off, and GitHub drops it
// silently if the token may not set it. The closed ones of these are only listed where
// an issue would be made.
func (u *upkeep) look(ctx context.Context) (*listed, error) {
	owner, err := u.owner(ctx)
	switch {
	case err != nil:
		return nil, err
	case owner == (author{}):
		return nil, &Error{Attempt: asking, Problem: "no answer says, so that our issue cannot be told from somebody else's"}
	}
	l := &listed{ours: map[int]*gogithub.Issue{}, seen: map[int]bool{}}
	complete, err := u.list(ctx, gogithub.IssueListByRepoOptions{State: inAny, Labels: []string{Label}, Direction: "asc"}, l)
	if err == nil && !complete {
		err = &Error{Attempt: u.listing(), Problem: "the list does not end"}
	}
	if err == nil {
		options := gogithub.IssueListByRepoOptions{State: isOpen, Creator: owner.login}
		if u.issue.Off && len(l.ours) == 0 {
			options.State = inAny
		}
		_, err = u.list(ctx, options, l)
	}
	for n, made := range u.made {
		if !l.seen[n] {
			l.ours[n] = made
		}
	}
	return l, err
}

// list reads the pages of a list, and reports whether these were all.
func (u *upkeep) list(ctx context.Context, options gogithub.IssueListByRepoOptions, l *listed) (complete bool, err error) {
	options.ListOptions = gogithub.ListOptions{Page: 1, PerPage: perPage}
	for range maxIssuePages {
		issues, next, err := u.page(ctx, options)
		if err != nil {
			return false, err
		}
		for _, issue := range issues {
			u.sort(issue, l)
		}
		if next == 0 {
			return true, nil
		}
		options.Page = next
	}
	return false, nil
}

// page gets one page of a list, and the number of the next or 0.
func (u *upkeep) page(ctx context.Context, options gogithub.IssueListByRepoOptions) ([]*gogithub.Issue, int, error) {
	var issues []*gogithub.Issue
	resp, err := u.do(ctx, u.listing(), func(ctx context.Context, api *gogithub.Client) (resp *gogithub.Response, err error) {
		issues, resp, err = api.Issues.ListByRepo(ctx, u.repo.Owner, u.repo.Repo, &options)
		return resp, err
	})
	switch {
	case err != nil:
		return nil, 0, err
	case issues == nil: // an answer without a body, which go-github lets pass
		return nil, 0, unexpected(u.listing(), resp)
	}
	return issues, resp.NextPage, nil
}

func (u *upkeep) listing() string { return "list the issues of " + u.repo.String() }

// sort puts an issue where it belongs. Only those of the token's owner are ours: in a
// public repository anyone may open one with our marker, and edit afterwards what we
// would write into it. A pull request is in a list of issues too.
func (u *upkeep) sort(issue *gogithub.Issue, l *listed) {
	n := issue.GetNumber()
	if n == 0 || issue.IsPullRequest() {
		return
	}
	l.seen[n] = true
	delete(l.ours, n)
	if _, marked := issueStamp(issue.GetBody(), u.mark); marked && u.self.is(authorBy(issue.GetUser())) {
		l.ours[n] = issue
	}
}

// lags are the pauses before a list is asked for again that does not show yet what
// was made.
var lags = []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}

// lookAgain lists after an issue was made, until that shows: then those show too that
// others made before.
func (u *upkeep) lookAgain(ctx context.Context, made int) (*listed, error) {
	l, err := u.look(ctx)
	for _, lag := range lags {
		if err != nil || l.seen[made] || ctx.Err() != nil {
			break
		}
		select {
		case <-time.After(lag):
		case <-ctx.Done():
		}
		l, err = u.look(ctx)
	}
	return l, err
}
