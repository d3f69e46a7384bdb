package event

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// PullRequest says which pull request is meant.
type PullRequest struct {
	Owner, Repo string
	Number      int
}

// PullRequest returns the pull request that the run is for, and false if it is
// for anything else. Events that only touch a pull request, such as a comment on
// it, are none: what they run is not the pull request's files. GITHUB_REF,
// refs/pull/7/merge, is not asked: it is the base branch for
// pull_request_target, and two sources could disagree.
func (e Event) PullRequest() (PullRequest, bool) {
	if !e.ForPullRequest() {
		return PullRequest{}, false
	}
	owner, repo, _ := strings.Cut(e.get("GITHUB_REPOSITORY"), "/")
	pr := PullRequest{Owner: owner, Repo: repo, Number: e.number()}
	if !pr.Valid() {
		return PullRequest{}, false
	}
	return pr, true
}

// ForPullRequest reports whether the runner says that the run is for a pull
// request; the event says which one.
func (e Event) ForPullRequest() bool {
	name := e.get("GITHUB_EVENT_NAME")
	return name == "pull_request" || name == "pull_request_target"
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
