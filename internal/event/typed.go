package event

// typedTree is how the texts at a path and below it came to be, where all of them
// were typed by somebody, or handed over by a program of somebody's: what is given
// to a run when it is set off
// (https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows).
func typedTree(path []byte) kind {
	switch string(path) {
	case "inputs": // of workflow_dispatch
		return input
	case "client_payload": // of repository_dispatch
		return other
	case "deployment.payload":
		return other
	}
	return machine
}

// typedText reports whether the text at a path is of another kind that people type:
// titles, bodies, comments, reviews, messages of commits, notes of releases
// (https://docs.github.com/en/webhooks/webhook-events-and-payloads), and Gitea's
// review. Names that somebody chose long before, such as those of branches, tags,
// labels, environments and repositories, and what programs write, such as the
// output of a check, are none: a value such as production stands there by chance.
func typedText(path []byte) bool {
	switch string(path) {
	case "pull_request.title", "pull_request.body", "issue.title", "issue.body", "discussion.title", "discussion.body",
		"comment.body", "review.body", "review.content", "answer.body",
		"changes.title.from", "changes.body.from", "old_answer.body",
		"head_commit.message", "commits[].message", "commit.message", "commit.commit.message",
		"workflow_run.head_commit.message", "workflow_run.display_title", "check_suite.head_commit.message", "merge_group.head_commit.message",
		"pull_request.auto_merge.commit_title", "pull_request.auto_merge.commit_message",
		"release.name", "release.body", "release.note",
		"milestone.title", "milestone.description", "issue.milestone.title", "issue.milestone.description",
		"pull_request.milestone.title", "pull_request.milestone.description",
		"pages[].title", "pages[].summary", "deployment.description",
		"deployment.payload", // the API takes a text as well as an object
		"project.name", "project.body", "project_card.note", "project_column.name",
		"label.description":
		return true
	}
	return false
}

// kind is how a text came to be in an event.
type kind int

// Kinds of texts.
const (
	machine kind = iota // nobody typed it
	input               // it is in an input of a dispatch
	other               // somebody typed it elsewhere
	kinds
)
