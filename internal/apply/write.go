package apply

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// writer writes to one vault.
type writer struct {
	api   API
	vault nairi.VaultID
	// before are the secrets that were there when the plan was made.
	before map[nairi.SecretID]bool
	now    func() time.Time
}

// carryOut carries a change out.
func (w *writer) carryOut(ctx context.Context, change *plan.Change) Result {
	switch change.Action {
	case plan.Create:
		return w.create(ctx, change)
	case plan.Update:
		return w.update(ctx, change)
	case plan.Delete:
		return w.delete(ctx, change)
	}
	return preview(change)
}

// create creates a secret. What was perhaps carried out is looked for by its name
// before it is sent again: the API has no idempotency key.
func (w *writer) create(ctx context.Context, change *plan.Change) Result {
	doubt := &doubt{writer: w, desired: change.Desired}
	after, err := w.api.Create(ctx, w.vault, nairi.NewSecret{
		EnvKey:         change.Desired.EnvKey,
		Value:          change.Desired.Value,
		AllowedDomains: *change.Desired.Domains,
	}, doubt.look)
	lost := outcomeUnknown(err)
	switch {
	case err == nil && w.before[after.ID]:
		return w.resolveOther(ctx, change)
	case err == nil && doubt.looked:
		return w.resolveRepeatedCreate(ctx, change, after)
	case err == nil:
		return w.verified(ctx, Result{Change: *change, Outcome: Created, Changed: true}, after)
	case len(doubt.found) > 0:
		return w.adopt(ctx, change, doubt.found)
	case doubt.err != nil:
		return Lost(*change, err)
	case lost != nil:
		return w.resolveLostCreate(ctx, change, lost)
	case mayAlreadyExist(err):
		return w.resolveRefusedCreate(ctx, change, err)
	}
	return Fail(*change, err)
}

func (w *writer) update(ctx context.Context, change *plan.Change) Result {
	sent := w.now()
	after, err := w.api.Update(ctx, w.vault, change.SecretID(), change.Patch)
	lost := outcomeUnknown(err)
	switch {
	case lost != nil:
		return w.resolveLostUpdate(ctx, change, sent, lost)
	case change.Current == nil && nairi.StatusOf(err) == http.StatusNotFound:
		return w.resolveMissing(ctx, change)
	case err != nil:
		return Fail(*change, err)
	}
	result := w.verified(ctx, Result{Change: *change, Outcome: Updated, Changed: true}, after)
	differs := change.Current != nil && change.Patch.AllowedDomains != nil // from the hosts that were there
	same := result.Outcome == Updated && !differs && w.stands(change, sent, *result.After)
	switch {
	case same && change.Desired.Generate != nil: // a value that nothing can have had before
		result.Outcome, result.Err = Unknown, ErrDiffers
	case same:
		result.Outcome, result.Changed = Unchanged, false
	}
	return result
}

func (w *writer) delete(ctx context.Context, change *plan.Change) Result {
	err := w.api.Delete(ctx, w.vault, change.Current.ID)
	lost := outcomeUnknown(err)
	switch {
	case err == nil:
		return Result{Change: *change, Outcome: Deleted, Changed: true}
	case nairi.StatusOf(err) == http.StatusNotFound:
		return w.confirmGone(ctx, change, err)
	case lost != nil:
		return w.resolveLostDelete(ctx, change, lost)
	}
	return Fail(*change, err)
}

// confirmGone asks the vault about a delete that was answered with 404: the 404
// may come from something in front of the API, or be about the vault.
func (w *writer) confirmGone(ctx context.Context, change *plan.Change, refused error) Result {
	found, err := w.listed(ctx, plan.Desired{SecretID: change.Current.ID})
	lost := outcomeUnknown(refused)
	switch missing := err == nil && len(found) == 0; {
	case missing && lost != nil:
		return Result{Change: *change, Outcome: Deleted, Changed: true}
	case missing:
		return Result{Change: *change, Outcome: Absent}
	case lost != nil:
		return Lost(*change, lost)
	}
	return Fail(*change, refused)
}

// ErrDiffers is the error for a write that was answered with something else
// than was asked for.
var ErrDiffers = errors.New("the answer to the write does not show what was asked for")

// verified completes the result of a write with the answer to it, if that shows
// what was asked for. Creating is only documented to answer with an ID, so an
// answer without the rest is looked at once more.
func (w *writer) verified(ctx context.Context, result Result, answer nairi.Secret) Result {
	if !answer.Complete() {
		looked, err := w.api.Look(ctx, w.vault, answer.ID)
		if err != nil {
			return Result{Change: result.Change, Outcome: Unknown, Changed: true, After: &answer, Err: err}
		}
		answer = looked
	}
	result.After = &answer
	if !shows(answer, &result.Change) {
		result.Outcome, result.Err = Unknown, ErrDiffers
	}
	return result
}

// shows reports whether an answer is about the secret of the change and has the
// domains that were sent.
func shows(answer nairi.Secret, change *plan.Change) bool {
	id, name, domains := change.SecretID(), change.Name(), change.Patch.AllowedDomains
	if change.Action == plan.Create {
		domains = change.Desired.Domains
	}
	sameID := id == "" || answer.ID == id
	sameName := name == "" || answer.EnvKey == name
	// A list that was left out says nothing, not even "any".
	sameDomains := domains == nil || answer.AllowedDomains != nil && domains.Equal(answer.AllowedDomains)
	return sameID && sameName && sameDomains
}
