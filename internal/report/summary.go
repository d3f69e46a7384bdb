package report

import "github.com/nairi-community/vault-secret/internal/plan"

// maxMarkdown keeps a summary of any number of secrets within what a summary
// (internal/ci) and a comment on GitHub may have, with room for what stands
// around the table.
const maxMarkdown = 48 << 10

// Summary is the run as Markdown. It never holds a value.
func (r *Report) Summary() string {
	problems, isLint := r.linted()
	switch {
	case isLint:
		return r.lintSummary(problems)
	case r.Check != nil:
		return r.checkSummary()
	case r.Exported != nil:
		return r.exportSummary()
	case r.Listed != nil:
		return r.listSummary()
	case r.Operation == plan.OpGenerate:
		return r.generatedSummary()
	case !r.Manifest:
		return r.singleSummary()
	}
	return r.page("", r.warned(), false)
}

// actionName is the action as the results output and the summary spell it: what
// does nothing says whether the secret is there.
func actionName(change plan.Change) string {
	switch {
	case change.Action != plan.NoOp:
		return string(change.Action)
	case change.Current == nil:
		return "gone"
	}
	return "keep"
}
