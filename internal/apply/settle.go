package apply

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// outcomeUnknown returns the error of a write that the server may or may not have
// carried out, or nil for any other.
func outcomeUnknown(err error) *nairi.Error {
	var request *nairi.Error
	if errors.As(err, &request) && request.OutcomeUnknown {
		return request
	}
	return nil
}

// resolveLostUpdate looks at what became of an update whose answer was lost. Domains
// that are there now and were not before tell that it was carried out, all of it.
// A value cannot be read; but if nothing moved since, and the server had finished
// handling it, it was not.
func (w *writer) resolveLostUpdate(ctx context.Context, change *plan.Change, sent time.Time, lost *nairi.Error) Result {
	now, err := w.api.Look(ctx, w.vault, change.SecretID())
	if err != nil {
		return Lost(*change, lost)
	}
	result := Lost(*change, lost)
	result.After = &now
	switch {
	case shown(change.Patch.AllowedDomains, change.Hosts(), now.AllowedDomains):
		return Result{Change: *change, Outcome: Updated, Changed: true, After: &now}
	case lost.Finished && w.stands(change, sent, now):
		result.Outcome, result.Changed = Failed, false
	}
	return result
}

// resolveMissing looks for the secret of an update that got a 404 without a look
// before it: the 404 may come from something in front of the API, or mean the vault. A secret that is in the list is written after all.
func (w *writer) resolveMissing(ctx context.Context, change *plan.Change) Result {
	found, err := w.listed(ctx, change.Desired)
	if err != nil {
		return Fail(*change, err)
	}
	next := change.Again(found)
	if next.Err != nil {
		return Fail(next, next.Err)
	}
	return w.carryOut(ctx, &next)
}

// shown reports whether the domains that were sent are there now, and were not
// before. A list that is not known shows nothing.
func shown(sent *domains.List, before, now domains.List) bool {
	return sent != nil && before != nil && now != nil && !sent.Equal(before) && sent.Equal(now)
}

// resolveLostDelete looks whether the secret of an unanswered delete is still there.
func (w *writer) resolveLostDelete(ctx context.Context, change *plan.Change, lost *nairi.Error) Result {
	found, err := w.findByID(ctx, change.Current.ID)
	switch {
	case err != nil:
		return Lost(*change, lost)
	case len(found) == 0:
		return Result{Change: *change, Outcome: Deleted, Changed: true}
	}
	result := Lost(*change, lost)
	result.After = &found[0]
	if lost.Finished {
		result.Outcome, result.Changed = Failed, false
	}
	return result
}

// resolveLostCreate looks for the secret of a create that was sent, as often as it
// could be, and of which nothing else is known.
func (w *writer) resolveLostCreate(ctx context.Context, change *plan.Change, lost *nairi.Error) Result {
	found, err := w.find(ctx, change.Desired)
	switch {
	case err != nil:
		return Lost(*change, lost)
	case len(found) > 0:
		return w.adopt(ctx, change, found)
	case lost.Finished:
		return Fail(*change, lost)
	}
	return Lost(*change, lost)
}

// resolveRepeatedCreate looks once more after a create that was lost, was not
// there, and was then sent again with success: the first one may have been carried
// out late.
func (w *writer) resolveRepeatedCreate(ctx context.Context, change *plan.Change, after nairi.Secret) Result {
	found, err := w.find(ctx, change.Desired)
	if err != nil || len(found) == 0 || len(found) == 1 && found[0].ID == after.ID {
		return w.verified(ctx, Result{Change: *change, Outcome: Created, Changed: true}, after)
	}
	return w.adopt(ctx, change, found)
}

// ErrOther is the error for a create whose answer is about a secret that was there
// before: it is an answer to another request.
var ErrOther = errors.New("the answer to the create is about a secret that was in the vault before")

// resolveOther looks for the secret of a create that was answered for another.
func (w *writer) resolveOther(ctx context.Context, change *plan.Change) Result {
	found, err := w.find(ctx, change.Desired)
	if err != nil || len(found) == 0 {
		return Lost(*change, ErrOther)
	}
	return w.adopt(ctx, change, found)
}

// doubt looks whether a create was carried out of which that is not known.
type doubt struct {
	writer  *writer
	desired plan.Desired
	looked  bool
	found   []nairi.Secret
	err     error // why nobody can say
}

var errFound = errors.New("the secret is there")

// look fails if the create must not be sent again: the secret is there, or nobody
// can say that it is not.
func (d *doubt) look(ctx context.Context) error {
	d.looked = true
	found, err := d.writer.find(ctx, d.desired)
	if d.err = err; err == nil && len(found) > 0 {
		d.found, err = found, errFound
	}
	return err
}

// adopt makes the secret that was found after a lost create what is desired. The
// name was not there before, so this one is ours or, if somebody else did the
// same, has our name. Its value cannot be read, so it is set once more: the last
// writer wins.
func (w *writer) adopt(ctx context.Context, change *plan.Change, found []nairi.Secret) Result {
	if len(found) > 1 {
		return Lost(*change, twice(found))
	}
	update := *change
	update.Desired.Operation, update.Desired.Values = plan.OpUpdate, plan.ValuesAlways
	update.Desired.Generate = nil // what was made for it may be there already
	if update = update.Again(found); update.Err != nil {
		return Lost(*change, update.Err)
	}
	result := w.update(ctx, &update)
	result.Change = *change
	switch result.Outcome {
	case Updated, Unchanged:
		result.Outcome, result.Changed = Created, true
		result.Note = "The answer to the create was lost. The secret is there; its value was written again to be sure."
	case Failed:
		result.Outcome, result.Changed = Unknown, true
	}
	return result
}

// mayAlreadyExist reports whether the reason of a refused create may be that the
// name is there already. The API calls conflicts 400
// (https://nairi.ai/docs/api/vaults/delete); others say 409.
func mayAlreadyExist(err error) bool {
	status := nairi.StatusOf(err)
	return status == http.StatusBadRequest || status == http.StatusConflict
}

// resolveRefusedCreate looks for the name of a create that was refused. If it is
// there by now, somebody else was faster, and the operation decides what follows:
// set goes on with an update.
func (w *writer) resolveRefusedCreate(ctx context.Context, change *plan.Change, refused error) Result {
	found, err := w.find(ctx, change.Desired)
	if err != nil || len(found) == 0 {
		return Fail(*change, refused)
	}
	next := change.Again(found)
	if next.Err != nil {
		return Fail(next, next.Err)
	}
	result := w.carryOut(ctx, &next)
	if result.Outcome == Updated {
		result.Note = "The secret already existed when it was to be created, so it was updated."
	}
	return result
}
