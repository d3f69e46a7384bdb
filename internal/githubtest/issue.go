package githubtest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// DefaultRepository is that of DefaultPullRequest.
const DefaultRepository = "octo/cats"

// Issue is one that is there. Its comments are those of octo/cats#8.
type Issue struct {
	Number      int
	Author      string // Server's login, if none is given
	AuthorID    int64
	Title, Body string
	State       string // open or closed
	Reason      string // why it is closed
	Labels      []string
	PullRequest bool // a list of issues holds these too

	born time.Time // when it was made by a request
}

// AddIssue puts an issue there, and returns its number. Numbers begin after
// that of DefaultPullRequest.
func (s *Server) AddIssue(repo string, issue Issue) int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if issue.Author == "" {
		issue.Author, issue.AuthorID = s.login, s.loginID
	}
	return s.addIssue(repo, issue).Number
}

// addIssue is AddIssue for who holds the mutex.
func (s *Server) addIssue(repo string, issue Issue) *Issue {
	s.lastNumber++
	issue.Number = s.lastNumber
	if issue.State == "" {
		issue.State = "open"
	}
	s.issues[repo] = append(s.issues[repo], &issue)
	s.comments[fmt.Sprintf("%s#%d", repo, issue.Number)] = nil
	return &issue
}

// Issues returns those of a repository, the first one first.
func (s *Server) Issues(repo string) []Issue {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	var issues []Issue
	for _, issue := range s.issues[repo] {
		issues = append(issues, *issue)
	}
	return issues
}

// ChangeIssue changes an issue as a person does in a browser.
func (s *Server) ChangeIssue(repo string, number int, change func(*Issue)) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if issue := s.issue(repo, number); issue != nil {
		change(issue)
	}
}

// DeleteIssue deletes an issue as an administrator can.
func (s *Server) DeleteIssue(repo string, number int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.issues[repo] = slices.DeleteFunc(s.issues[repo], func(i *Issue) bool { return i.Number == number })
}

// TurnIssuesOff turns them off in a repository.
func (s *Server) TurnIssuesOff(repo string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.off[repo] = true
}

// Lag is how long it takes until a list shows an issue that was made.
func (s *Server) Lag(lag time.Duration) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.lag = lag
}

// issue is the one with a number, or nil.
func (s *Server) issue(repo string, number int) *Issue {
	for _, issue := range s.issues[repo] {
		if issue.Number == number {
			return issue
		}
	}
	return nil
}

// json is what a list tells of an issue, in part.
func (i *Issue) json() map[string]any {
	labels := make([]map[string]any, 0, len(i.Labels))
	for _, label := range i.Labels {
		labels = append(labels, map[string]any{"name": label})
	}
	author := Comment{Author: i.Author, AuthorID: i.AuthorID}.json()["user"]
	shown := map[string]any{
		"number": i.Number, "title": i.Title, "body": i.Body, "state": i.State, "state_reason": i.Reason, "labels": labels, "user": author,
	}
	if i.PullRequest {
		shown["pull_request"] = map[string]any{"url": "http://127.0.0.1/pull"}
	}
	return shown
}

// has reports whether an issue has a label; their case does not matter.
func (i *Issue) has(label string) bool {
	return slices.ContainsFunc(i.Labels, func(l string) bool { return strings.EqualFold(l, label) })
}
