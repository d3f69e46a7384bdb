// Package apply reads what is there, carries planned changes out, and says
// exactly what is known of each afterwards.
package apply

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// API is what is asked of a client; *nairi.Client is one.
type API interface {
	List(context.Context, nairi.VaultID) ([]nairi.Secret, error)
	Look(context.Context, nairi.VaultID, nairi.SecretID) (nairi.Secret, error)
	// Create asks look before it sends a secret again that may have been created.
	Create(ctx context.Context, vault nairi.VaultID, secret nairi.NewSecret, look func(context.Context) error) (nairi.Secret, error)
	Update(context.Context, nairi.VaultID, nairi.SecretID, nairi.Patch) (nairi.Secret, error)
	Delete(context.Context, nairi.VaultID, nairi.SecretID) error
	// Vaults are the names of vaults, for people alone.
	Vaults(context.Context) (map[nairi.VaultID]string, error)
}

// Engine reads vaults and carries the changes of a plan out, some at a time.
type Engine struct {
	API         API
	Concurrency int // at least 1
	// Now returns the time, by a clock that shows how much of it passed. Required
	// for Apply.
	Now func() time.Time
	// Listed is what Read returned: no answer to a create is about one of these.
	Listed [][]nairi.Secret
	// Done is told of each change that writes, with what is then known of it, and of the
	// turn at which it was begun, from 0. It is called by several goroutines.
	Done func(turn int, result Result)
	// Check may correct the results once all is written and before anything is
	// deleted, as Verify does; nil for nobody.
	Check func(context.Context, []Result)
}

// order is that of the actions: what is new is there before anything goes.
var order = []plan.Action{plan.Create, plan.Update, plan.Delete}

// ErrNotBegun is the error of a change that was not begun: the run was cancelled,
// the API refused the key and would refuse it again, or it is a delete in a vault
// of which not every write is known to have been done.
var ErrNotBegun = errors.New("not begun")

// ErrVaultIncomplete is why nothing is deleted from a vault.
var ErrVaultIncomplete = errors.New("nothing is deleted from a vault before all of its writes are known to be done")

// notBegun is why a change was not begun: an ErrNotBegun.
type notBegun struct{ error }

func (e notBegun) Unwrap() []error { return []error{ErrNotBegun, e.error} }

// Apply carries changes out, all without an Err, and returns the result of each.
// One that fails stops no other, unless the key itself was refused; but nothing is
// deleted from a vault before all that was to be written to it is known to be
// there: what goes may be the same secret under its old name, or what a new one
// replaces. The error is a mistake in this program that is none of one change; the
// results stand all the same.
func (e Engine) Apply(ctx context.Context, changes []plan.Change) ([]Result, error) {
	r := &run{Engine: e, changes: changes, results: Preview(changes), undone: map[nairi.VaultID]string{}}
	for i := range changes {
		if changes[i].Action == plan.Create {
			r.listed = ids(e.Listed)
			break
		}
	}
	for _, action := range order {
		if action == plan.Delete {
			r.check(ctx)
			r.lookForNewNames(ctx)
		}
		r.all(ctx, action)
	}
	if mistake := r.mistake.Load(); mistake != nil {
		return r.results, mistake
	}
	return r.results, nil
}

// run is an Engine at work.
type run struct {
	Engine
	changes []plan.Change
	results []Result
	turn    int                         // of the change that is begun next
	refused atomic.Pointer[nairi.Error] // by which the API refused the key
	undone  map[nairi.VaultID]string    // a write of each vault that is not known to be done, in words
	listed  map[nairi.SecretID]bool     // the secrets that were there before
	mistake atomic.Pointer[problem.Panic]
	// newNames are known before the first delete.
	newNames newNames
}

// ids are those of all secrets.
func ids(vaults [][]nairi.Secret) map[nairi.SecretID]bool {
	all := map[nairi.SecretID]bool{}
	for _, secrets := range vaults {
		for i := range secrets {
			all[secrets[i].ID] = true
		}
	}
	return all
}

// all carries out the changes of one action.
func (r *run) all(ctx context.Context, action plan.Action) {
	var group errgroup.Group
	group.SetLimit(r.Concurrency)
	for i, change := range r.changes {
		if change.Action == action {
			turn := r.turn
			r.turn++
			group.Go(func() error { r.one(ctx, i, turn); return nil })
		}
	}
	_ = group.Wait()
}

// check has the results corrected, and notes which vaults have a write that is not
// known to be done.
func (r *run) check(ctx context.Context) {
	if r.Check != nil {
		if mistake := problem.Recovered(func() { r.Check(ctx, r.results) }); mistake != nil {
			r.mistake.Store(mistake)
		}
	}
	for _, action := range order[:len(order)-1] {
		for i, change := range r.changes {
			if change.Action == action && r.results[i].Err != nil && r.undone[change.VaultID] == "" {
				r.undone[change.VaultID] = undone(r.results[i])
			}
		}
	}
}

// undone is a write that is not known to be done, in words.
func undone(result Result) string {
	name, done := result.Change.Name(), string(result.Change.Action)+"d"
	switch {
	case errors.Is(result.Err, ErrTwice):
		return name + " is in the vault more than once now"
	case result.Outcome == Unknown:
		return fmt.Sprintf("it is not known whether %s was %s", name, done)
	}
	return fmt.Sprintf("%s was not %s", name, done)
}

// one carries out one change, if there is a reason to begin it, and tells of it.
func (r *run) one(ctx context.Context, i, turn int) {
	change := r.changes[i]
	if err := r.reasonNotToBegin(ctx, &change); err != nil {
		r.results[i] = Fail(change, notBegun{err})
	} else {
		r.results[i] = r.attempt(ctx, change)
	}
	var request *nairi.Error
	if errors.As(r.results[i].Err, &request) && request.Status == http.StatusUnauthorized {
		r.refused.Store(request)
	}
	if mistake := problem.Recovered(func() { r.Done(turn, r.results[i]) }); mistake != nil {
		r.mistake.Store(mistake)
	}
}

// reasonNotToBegin is why a change is not begun; nil if it is.
func (r *run) reasonNotToBegin(ctx context.Context, change *plan.Change) error {
	err := r.reasonNotToSend(ctx, change)
	if err == nil && change.RenamedTo != "" {
		err = r.reasonToKeep(change)
	}
	return err
}

// reasonNotToSend is why a change is not begun, as far as that is known without a look
// for new names.
func (r *run) reasonNotToSend(ctx context.Context, change *plan.Change) error {
	if refused := r.refused.Load(); refused != nil {
		return refused
	}
	if err := Ended(ctx); err != nil || change.Action != plan.Delete {
		return err
	}
	if why := r.undone[change.VaultID]; why != "" {
		return fmt.Errorf("%w: %s", ErrVaultIncomplete, why)
	}
	if change.Awaits {
		return fmt.Errorf("%w: another shard has one to create", ErrVaultIncomplete)
	}
	return nil
}

// attempt carries out one change. A mistake in this program must not take with it
// what is known of the others: in a goroutine a panic would end the program.
func (r *run) attempt(ctx context.Context, change plan.Change) (result Result) {
	w := &writer{r.API, change.VaultID, r.listed, r.Now}
	if mistake := problem.Recovered(func() { result = w.carryOut(ctx, &change) }); mistake != nil {
		return Lost(change, mistake)
	}
	return result
}

// Ended is why nothing new is sent, in words; nil if something may be.
func Ended(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return ended{err}
	}
	return nil
}

// ended is the error of a context in our words.
type ended struct{ cause error }

func (e ended) Error() string {
	if errors.Is(e.cause, context.DeadlineExceeded) {
		return "the time for the run is over"
	}
	return "the run was cancelled"
}

func (e ended) Unwrap() error { return e.cause }
