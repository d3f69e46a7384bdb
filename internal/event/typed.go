package event

// typedTrees are where all texts below were typed by somebody, or handed over by
// a program of somebody's: what is given to a run when it is set off
// (https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows).
var typedTrees = map[string]kind{
	"inputs":             input, // of workflow_dispatch
	"client_payload":     other, // of repository_dispatch
	"deployment.payload": other,
}

// typedTexts are the other texts that somebody typed: titles, bodies, comments,
// reviews, messages of commits, notes of releases
// (https://docs.github.com/en/webhooks/webhook-events-and-payloads), and Gitea's
// review. Names that somebody chose long before, such as those of branches, tags,
// labels, environments and repositories, and what programs write, such as the
// output of a check, are none: a value such as production stands there by chance.
var typedTexts = texts(
	"pull_request.title", "pull_request.body", "issue.title", "issue.body", "discussion.title", "discussion.body",
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
	"label.description",
)

func texts(paths ...string) map[string]bool {
	set := make(map[string]bool, len(paths))
	for _, path := range paths {
		set[path] = true
	}
	return set
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
