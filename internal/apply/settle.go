package apply

import (
	"context"
	"errors"
	"net/http"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// unclear returns the error of a write that the server may or may not have
// carried out, or nil for any other.
func unclear(err error) *nairi.Error {
	var request *nairi.Error
	if errors.As(err, &request) && request.Unclear {
		return request
	}
	return nil
}

// settleUpdate looks at what became of an update whose answer was lost. Domains
// that are there now and were not before tell that it was carried out, all of it.
// A value cannot be read; but if nothing moved since the look before it, and the
// server had ended with it, it was not.
func (v Vault) settleUpdate(ctx context.Context, change plan.Change, lost *nairi.Error) Result {
	before := *change.Before
	now, err := v.API.Look(ctx, v.ID, before.ID)
	if err != nil {
		return Lost(change, lost)
	}
	result := Lost(change, lost)
	result.After = &now
	switch {
	case shown(change.Patch.AllowedDomains, before.AllowedDomains, now.AllowedDomains):
		return Result{Change: change, Outcome: Updated, Changed: true, After: &now}
	case lost.Finished && unmoved(before, now):
		result.Outcome, result.Changed = Failed, false
	}
	return result
}

// shown reports whether the domains that were sent are there now, and were not
// before. A list that is not known shows nothing.
func shown(sent *nairi.Domains, before, now nairi.Domains) bool {
	return sent != nil && before != nil && now != nil && !sent.Equal(before) && sent.Equal(now)
}

// settleDelete looks whether a secret whose deletion was not answered is there.
func (v Vault) settleDelete(ctx context.Context, change plan.Change, lost *nairi.Error) Result {
	found, err := v.findByID(ctx, change.Before.ID)
	switch {
	case err != nil:
		return Lost(change, lost)
	case len(found) == 0:
		return Result{Change: change, Outcome: Deleted, Changed: true}
	}
	result := Lost(change, lost)
	result.After = &found[0]
	if lost.Finished {
		result.Outcome, result.Changed = Failed, false
	}
	return result
}

// settleCreate looks for the secret of a create whose answer was lost.
func (v Vault) settleCreate(ctx context.Context, change plan.Change, lost *nairi.Error) Result {
	found, err := v.Find(ctx, change.Want)
	switch {
	case err != nil:
		return Lost(change, lost)
	case len(found) == 0:
		return v.recreate(ctx, change, lost)
	}
	return v.adopt(ctx, change, found)
}

// recreate sends a create once more that was lost and left nothing to see. It
// looks again afterwards: the first one may have been carried out late.
func (v Vault) recreate(ctx context.Context, change plan.Change, lost *nairi.Error) Result {
	after, err := v.post(ctx, change)
	finished := lost.Finished
	if again := unclear(err); again != nil {
		finished = finished && again.Finished
	}
	found, findErr := v.Find(ctx, change.Want)
	switch {
	case err == nil && (findErr != nil || len(found) == 0 || len(found) == 1 && found[0].ID == after.ID):
		return v.verified(ctx, Result{Change: change, Outcome: Created, Changed: true}, after)
	case findErr == nil && len(found) > 0:
		return v.adopt(ctx, change, found)
	case findErr == nil && finished:
		return Fail(change, err)
	}
	return Lost(change, lost)
}

// ErrTwice is the error for a name that stands in the vault more than once
// after a create.
var ErrTwice = errors.New("the name is in the vault more than once now")

// adopt makes the secret that was found after a lost create what is wanted. The
// name was not there before, so this one is ours or, if somebody else did the
// same, has our name. Its value cannot be read, so it is set once more: the last
// writer wins.
func (v Vault) adopt(ctx context.Context, change plan.Change, found []nairi.Secret) Result {
	if len(found) > 1 {
		return Lost(change, &plan.Error{Problem: ErrTwice, Detail: "keep one and delete the others: " + plan.IDs(found)})
	}
	want := change.Want
	want.Operation, want.KeepValue = plan.Update, false
	update, err := plan.Make(want, found)
	if err != nil {
		return Lost(change, err)
	}
	result := v.update(ctx, update)
	result.Change = change
	switch result.Outcome {
	case Updated, Unchanged:
		result.Outcome, result.Changed = Created, true
		result.Note = "the answer to the create was lost; the secret was found by its name, and its value was set once more"
	case Failed:
		result.Outcome, result.Changed = Unknown, true
	}
	return result
}

// exists reports whether a create was refused in a way that a name which is
// there already may be the reason of. The API calls conflicts 400
// (https://nairi.ai/docs/api/vaults/delete); others say 409.
func exists(err error) bool {
	status := nairi.StatusOf(err)
	return status == http.StatusBadRequest || status == http.StatusConflict
}

// overtaken is for a create that was refused: if the name is there by now,
// somebody else was faster, and set goes on with an update.
func (v Vault) overtaken(ctx context.Context, change plan.Change, refused error) Result {
	found, err := v.Find(ctx, change.Want)
	if err != nil || len(found) == 0 {
		return Fail(change, refused)
	}
	next, err := plan.Make(change.Want, found)
	if err != nil {
		return Fail(next, err)
	}
	return v.Run(ctx, next)
}
