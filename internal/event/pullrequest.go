package event

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// PullRequest says which pull request is meant, and in which state.
type PullRequest struct {
	Owner, Repo string
	Number      int
	// Head is the commit that the run is for, in full; "" if that is not known.
	Head string
}

// ErrNoPullRequest is for a run that is for anything but a pull request.
var ErrNoPullRequest = errors.New("this run is not for a pull request")

// PullRequest returns the pull request that the run is for: that of the event, or
// for an event without one the number that the user named; 0 means none was.
//
// Events that only touch a pull request, such as a comment on it, are none: what
// they run is not the pull request's files. GITHUB_REF, refs/pull/7/merge, is not
// asked: it is the base branch for pull_request_target, and two sources could
// disagree.
func (e Event) PullRequest(named int) (PullRequest, error) {
	if named == 0 && !e.forPullRequest() {
		return PullRequest{}, ErrNoPullRequest
	}
	if e.err != nil {
		return PullRequest{}, e.Err()
	}
	owner, repo, _ := strings.Cut(e.get("GITHUB_REPOSITORY"), "/")
	pr := PullRequest{Owner: owner, Repo: repo, Number: named, Head: commit(e.head())}
	if e.forPullRequest() {
		pr.Number = e.number()
	}
	switch {
	case !pr.Valid() && named != 0:
		return PullRequest{}, errors.New("the runner does not say which repository and pull request this run is for")
	case !pr.Valid():
		return PullRequest{}, ErrNoPullRequest
	case named != 0 && named != pr.Number:
		return PullRequest{}, fmt.Errorf("this run is for %s, and pull_request names another one, %d", pr, named)
	}
	return pr, nil
}

// forPullRequest reports whether the runner says that the run is for a pull
// request; the event says which one.
func (e Event) forPullRequest() bool {
	name := e.get("GITHUB_EVENT_NAME")
	return name == "pull_request" || name == "pull_request_target"
}

// head is the commit that the run is for. GITHUB_SHA is that of a push, and of a
// dispatch that of the branch; for a pull request it is a merge that nobody knows,
// or the base branch, and for a run after another one the default branch
// (https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows).
func (e Event) head() string {
	switch {
	case e.forPullRequest():
		return e.text("pull_request", "head", "sha")
	case e.get("GITHUB_EVENT_NAME") == "workflow_run":
		return e.text("workflow_run", "head_sha")
	}
	return e.get("GITHUB_SHA")
}

// commit is the text if it can be the ID of a commit, in SHA-1 or SHA-256, and
// else "".
func commit(text string) string {
	if (len(text) != 40 && len(text) != 64) || !ascii.Only(text, "0123456789abcdef") {
		return ""
	}
	return text
}

// number is that of the pull request in the event, or 0.
func (e Event) number() int {
	number, _ := e.at("pull_request", "number").(json.Number)
	n, err := number.Int64()
	if err != nil {
		return 0
	}
	return int(n)
}

// nameCharacters are those of owners' and repositories' names. go-github puts
// names into paths as they are, so that any other, or a name of dots alone,
// could address something else.
const nameCharacters = ascii.Word + "-."

// maxName is the length of a repository's name; owners' are shorter.
const maxName = 100

// Valid reports whether the pull request can be one.
func (pr PullRequest) Valid() bool { return validName(pr.Owner) && validName(pr.Repo) && pr.Number > 0 }

func validName(name string) bool {
	return len(name) <= maxName && strings.Trim(name, ".") != "" && ascii.Only(name, nameCharacters)
}

// String is the pull request as GitHub writes it: octo/cats#7.
func (pr PullRequest) String() string { return fmt.Sprintf("%s/%s#%d", pr.Owner, pr.Repo, pr.Number) }
