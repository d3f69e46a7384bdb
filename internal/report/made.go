package report

import "github.com/nairi-community/vault-secret/internal/plan"

// makes reports whether the value that a change sends is made by the run.
func makes(change *plan.Change) bool {
	return change.Err == nil && change.Desired.Generate != nil && change.SendsValue()
}
