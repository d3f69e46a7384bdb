package event

import "strings"

// Repository is the one that the run is for, and whether the runner names one.
func (e Event) Repository() (owner, repo string, known bool) {
	owner, repo, _ = strings.Cut(e.get("GITHUB_REPOSITORY"), "/")
	return owner, repo, validName(owner) && validName(repo)
}

// Commit is the one that the run is for, in full; "" if that is not known.
func (e Event) Commit() string { return commit(e.head()) }
