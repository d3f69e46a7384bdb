// Package apply reads what is there, carries planned changes out, and says
// exactly what is known of each afterwards.
package apply

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// API is what is asked of a client; *nairi.Client is one.
type API interface {
	List(context.Context, nairi.VaultID) ([]nairi.Secret, error)
	Look(context.Context, nairi.VaultID, nairi.SecretID) (nairi.Secret, error)
	Create(context.Context, nairi.VaultID, nairi.NewSecret) (nairi.Secret, error)
	Update(context.Context, nairi.VaultID, nairi.SecretID, nairi.Patch) (nairi.Secret, error)
	Delete(context.Context, nairi.VaultID, nairi.SecretID) error
}

// Engine reads vaults and carries the changes of a plan out, some at a time.
type Engine struct {
	API         API
	Concurrency int // at least 1
	// Done is told of each change that writes, with what is then known of it. It
	// is called by several goroutines.
	Done func(Result)
}

// order is that of the actions: what is new is there before anything goes.
var order = []plan.Action{plan.Create, plan.Update, plan.Delete}

// ErrNotBegun is the error of a change that was not begun: the run was cancelled,
// the API refused the key and would refuse it again, or it is a delete that no
// Desired asks for in a vault where something could not be created.
var ErrNotBegun = errors.New("not begun")

// ErrVaultIncomplete is why nothing is pruned from a vault.
var ErrVaultIncomplete = errors.New("a secret of the vault could not be created, so that nothing is pruned from it")

// Apply carries changes out, all without an Err, and returns the result of each.
// One that fails stops no other, unless the key itself was refused; but what no
// Desired asks for is only deleted from a vault that has all that was to be
// created: it may be the same secret under its old name. The error is a mistake
// in this program that is none of one change; the results stand all the same.
func (e Engine) Apply(ctx context.Context, changes []plan.Change) ([]Result, error) {
	r := &run{Engine: e, changes: changes, results: Preview(changes), incomplete: map[nairi.VaultID]bool{}}
	for _, action := range order {
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
	changes    []plan.Change
	results    []Result
	refused    atomic.Pointer[nairi.Error] // by which the API refused the key
	incomplete map[nairi.VaultID]bool      // vaults in which something could not be created
	mistake    atomic.Pointer[problem.Panic]
}

// all carries out the changes of one action.
func (r *run) all(ctx context.Context, action plan.Action) {
	var group errgroup.Group
	group.SetLimit(r.Concurrency)
	for i, change := range r.changes {
		if change.Action == action {
			group.Go(func() error { r.one(ctx, i); return nil })
		}
	}
	_ = group.Wait()
	for i, change := range r.changes {
		if change.Action == action && action == plan.Create && r.results[i].Err != nil {
			r.incomplete[change.VaultID] = true
		}
	}
}

// one carries out one change, if there is a reason to begin it, and tells of it.
func (r *run) one(ctx context.Context, i int) {
	change := r.changes[i]
	if err := r.reasonNotToBegin(ctx, change); err != nil {
		r.results[i] = Fail(change, fmt.Errorf("%w: %w", ErrNotBegun, err))
	} else {
		r.results[i] = r.attempt(ctx, change)
	}
	var request *nairi.Error
	if errors.As(r.results[i].Err, &request) && request.Status == http.StatusUnauthorized {
		r.refused.Store(request)
	}
	if mistake := problem.Recovered(func() { r.Done(r.results[i]) }); mistake != nil {
		r.mistake.Store(mistake)
	}
}

// reasonNotToBegin is why a change is not begun; nil if it is.
func (r *run) reasonNotToBegin(ctx context.Context, change plan.Change) error {
	if refused := r.refused.Load(); refused != nil {
		return refused
	}
	if change.Pruned && r.incomplete[change.VaultID] {
		return ErrVaultIncomplete
	}
	return Ended(ctx)
}

// attempt carries out one change. A mistake in this program must not take with it
// what is known of the others: in a goroutine a panic would end the program.
func (e Engine) attempt(ctx context.Context, change plan.Change) (result Result) {
	if mistake := problem.Recovered(func() { result = writer{e.API, change.VaultID}.carryOut(ctx, &change) }); mistake != nil {
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
