package apply

import (
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// Outcome is what became of a change.
type Outcome string

// The outcomes.
const (
	Created   Outcome = "created"
	Updated   Outcome = "updated"
	Unchanged Outcome = "unchanged"
	Deleted   Outcome = "deleted"
	Absent    Outcome = "absent"    // there was nothing to delete
	Planned   Outcome = "planned"   // a dry run: it would be done
	Failed    Outcome = "failed"    // nothing was changed
	Partial   Outcome = "partial"   // some was done, and some failed: of many changes, or of a vault and its mirrors
	Generated Outcome = "generated" // a value was made, and handed to later steps alone
	Unknown   Outcome = "unknown"   // it may have been done, or done in part
)

// Outcomes lists them in the order in which they are documented.
var Outcomes = []Outcome{Created, Updated, Unchanged, Deleted, Absent, Generated, Planned, Failed, Partial, Unknown}

// Result is what is known of a change.
type Result struct {
	Change  plan.Change
	Outcome Outcome
	// Changed is the server's word that something is different now. It is true
	// as well where that is in doubt: the outcome is Unknown, or the server's
	// clock is too coarse to tell. Of the vault alone: a mirror may be all that was
	// Updated.
	Changed bool
	// After is the secret as the server last showed it; nil if it is gone or
	// was never seen.
	After *nairi.Secret
	// Mirrors are what is known of the places that get the same value, in their order.
	Mirrors []MirrorResult
	// Note says how a change was carried out, if not in the usual way.
	Note string
	// Err is why the outcome is Failed, Partial or Unknown, and nil otherwise.
	Err error
}

// Fail is the Result of a change that was not begun.
func Fail(change plan.Change, err error) Result {
	return Result{Change: change, Outcome: Failed, After: change.Current, Err: err}
}

// Lost is the Result of a change that was begun and of whose end nothing is known.
func Lost(change plan.Change, err error) Result {
	return Result{Change: change, Outcome: Unknown, Changed: true, Err: err}
}

// Preview are the Results of changes that are not carried out.
func Preview(changes []plan.Change) []Result {
	results := make([]Result, len(changes))
	for i := range changes { // which are large
		results[i] = preview(&changes[i])
	}
	return results
}

func preview(change *plan.Change) Result {
	if change.Err != nil {
		return Fail(*change, change.Err)
	}
	result := Result{Change: *change, Outcome: Planned, After: change.Current}
	switch {
	case change.Writes():
	case change.Current == nil:
		result.Outcome = Absent
	default:
		result.Outcome = Unchanged
	}
	return result
}
