package github

import (
	"encoding/json"
	"fmt"
	"strings"
)

// PullRequest says which pull request is meant.
type PullRequest struct {
	Owner, Repo string
	Number      int
}

// MaxEvent is how much of an event is looked at, in bytes. A webhook's payload
// is at most 25 MB
// (https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap).
const MaxEvent = 25 << 20

// PullRequestOf returns the pull request that a run is about, from the run's
// environment and the bytes of its event's file. It reports false for a run on
// anything else. Events that only touch a pull request, such as a comment on
// it, are none: what they run is not the pull request's files.
func PullRequestOf(lookup func(string) (string, bool), event []byte) (PullRequest, bool) {
	switch name, _ := lookup("GITHUB_EVENT_NAME"); name {
	case "pull_request", "pull_request_target":
	default:
		return PullRequest{}, false
	}
	repository, _ := lookup("GITHUB_REPOSITORY")
	owner, repo, _ := strings.Cut(repository, "/")
	pr := PullRequest{Owner: owner, Repo: repo, Number: numberIn(event)}
	if !pr.valid() {
		return PullRequest{}, false
	}
	return pr, true
}

// numberIn is the number of the pull request in an event, or 0. GITHUB_REF,
// refs/pull/7/merge, is not asked: it is the base branch for
// pull_request_target, and two sources could disagree.
func numberIn(event []byte) int {
	var payload struct {
		PullRequest struct {
			Number int `json:"number"`
		} `json:"pull_request"`
	}
	if len(event) > MaxEvent || json.Unmarshal(event, &payload) != nil {
		return 0
	}
	return payload.PullRequest.Number
}

// nameCharacters are those of owners' and repositories' names. go-github puts
// names into paths as they are, so that any other, or a name of dots alone,
// could address something else.
const nameCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."

// maxName is the length of a repository's name; owners' are shorter.
const maxName = 100

func (pr PullRequest) valid() bool { return validName(pr.Owner) && validName(pr.Repo) && pr.Number > 0 }

func validName(name string) bool {
	return len(name) <= maxName && strings.Trim(name, ".") != "" && strings.Trim(name, nameCharacters) == ""
}

// String is the pull request as GitHub writes it: octo/cats#7.
func (pr PullRequest) String() string { return fmt.Sprintf("%s/%s#%d", pr.Owner, pr.Repo, pr.Number) }
