package apply

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// Run carries a change out.
func (v Vault) Run(ctx context.Context, change plan.Change) Result {
	switch change.Action {
	case plan.Creates:
		return v.create(ctx, change)
	case plan.Updates:
		return v.update(ctx, change)
	case plan.Deletes:
		return v.delete(ctx, change)
	}
	return Preview(change)
}

func (v Vault) create(ctx context.Context, change plan.Change) Result {
	after, err := v.post(ctx, change)
	lost := unclear(err)
	switch {
	case err == nil:
		return v.verified(ctx, Result{Change: change, Outcome: Created, Changed: true}, after)
	case lost != nil:
		return v.settleCreate(ctx, change, lost)
	case exists(err):
		return v.overtaken(ctx, change, err)
	}
	return Fail(change, err)
}

func (v Vault) post(ctx context.Context, change plan.Change) (nairi.Secret, error) {
	return v.API.Create(ctx, v.ID, nairi.New{
		EnvKey:         change.Want.EnvKey,
		Value:          change.Want.Value,
		AllowedDomains: *change.Want.Domains,
	})
}

func (v Vault) update(ctx context.Context, change plan.Change) Result {
	before := *change.Before
	after, err := v.API.Update(ctx, v.ID, before.ID, change.Patch)
	if lost := unclear(err); lost != nil {
		return v.settleUpdate(ctx, change, lost)
	}
	if err != nil {
		return Fail(change, err)
	}
	result := v.verified(ctx, Result{Change: change, Outcome: Updated, Changed: true}, after)
	if result.Outcome == Updated && change.Patch.AllowedDomains == nil && unmoved(before, *result.After) {
		result.Outcome, result.Changed = Unchanged, false
	}
	return result
}

func (v Vault) delete(ctx context.Context, change plan.Change) Result {
	err := v.API.Delete(ctx, v.ID, change.Before.ID)
	lost := unclear(err)
	switch {
	case err == nil:
		return Result{Change: change, Outcome: Deleted, Changed: true}
	case nairi.StatusOf(err) == http.StatusNotFound:
		return v.gone(ctx, change, err)
	case lost != nil:
		return v.settleDelete(ctx, change, lost)
	}
	return Fail(change, err)
}

// gone is for a delete that was answered with 404: that may be the word of
// something before the API, or be about the vault, so that the vault is asked.
func (v Vault) gone(ctx context.Context, change plan.Change, refused error) Result {
	found, err := v.listed(ctx, change.Before.ID)
	lost := unclear(refused)
	switch missing := err == nil && len(found) == 0; {
	case missing && lost != nil:
		return Result{Change: change, Outcome: Deleted, Changed: true}
	case missing:
		return Result{Change: change, Outcome: Absent}
	case lost != nil:
		return Lost(change, lost)
	}
	return Fail(change, refused)
}

// ErrDiffers is the error for a write that was answered with something else
// than was asked for.
var ErrDiffers = errors.New("the answer to the write does not show what was asked for")

// verified completes the result of a write with the answer to it, if that shows
// what was asked for. Creating is only documented to answer with an ID, so an
// answer without the rest is looked at once more.
func (v Vault) verified(ctx context.Context, result Result, answer nairi.Secret) Result {
	if !answer.Complete() {
		looked, err := v.API.Look(ctx, v.ID, answer.ID)
		if err != nil {
			return Result{Change: result.Change, Outcome: Unknown, Changed: true, After: &answer, Err: err}
		}
		answer = looked
	}
	result.After = &answer
	if !shows(answer, result.Change) {
		result.Outcome, result.Err = Unknown, ErrDiffers
	}
	return result
}

// shows reports whether an answer is about the secret of the change and has the
// domains that were sent.
func shows(answer nairi.Secret, change plan.Change) bool {
	name, domains := change.Want.EnvKey, change.Patch.AllowedDomains
	if change.Before != nil {
		name = change.Before.EnvKey
	} else {
		domains = change.Want.Domains
	}
	sameID := change.Before == nil || answer.ID == change.Before.ID
	// A list that was left out says nothing, not even "any".
	sameDomains := domains == nil || answer.AllowedDomains != nil && domains.Equal(answer.AllowedDomains)
	return sameID && answer.EnvKey == name && sameDomains
}

// clockSlack is how far the clock of an answer's Date may run ahead of the one
// that sets updated_at: an edge server gives the one and the API the other.
const clockSlack = 2 * time.Second

// unmoved reports whether the server says that nothing of a secret was changed
// between two looks: its updated_at stands where it stood
// (https://nairi.ai/docs/api/vault-secrets/update). A time in whole seconds also
// stands still when it is set twice within one, so the word only counts if the
// first look came in a later second.
func unmoved(before, after nairi.Secret) bool {
	return after.UpdatedAt.Equal(before.UpdatedAt) && before.AnsweredAt.Sub(before.UpdatedAt) >= clockSlack
}
