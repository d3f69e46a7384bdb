package report

import (
	"fmt"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// makes reports whether the value that a change sends is made by the run.
func makes(change *plan.Change) bool {
	return change.Err == nil && change.Desired.Generate != nil && change.SendsValue()
}

// isMade says behind some words that the value of a change is made by the run; "" if it
// is given.
func isMade(words string, change *plan.Change) string {
	if !makes(change) {
		return ""
	}
	return words + "generated (" + made(*change.Desired.Generate) + ")"
}

// madeMarkdown says that the value of the single secret was made; "" if it was not, or if no
// vault has it.
func (r *Report) madeMarkdown(result *apply.Result) string {
	if !makes(&result.Change) {
		return ""
	}
	how := made(*result.Change.Desired.Generate)
	switch result.Outcome {
	case apply.Failed:
		return ""
	case apply.Planned:
		return fmt.Sprintf("\nThe value would be generated: %s.\n", how)
	}
	return fmt.Sprintf("\nThe value was generated: %s.\n", how)
}
