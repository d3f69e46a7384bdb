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
)

// Sync carries out the steps of a plan of many changes, some at a time.
type Sync struct {
	API         API
	Concurrency int // at least 1
	// Begin is told of each step before its request is sent, and Done of each
	// with what is known of it then. Both are called by several goroutines.
	Begin func(plan.Step)
	Done  func(plan.Step, Result)
}

// List reads all vaults, in their order. It changes nothing.
func (s Sync) List(ctx context.Context, ids []nairi.VaultID) ([][]nairi.Secret, error) {
	lists := make([][]nairi.Secret, len(ids))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(s.Concurrency)
	for i, id := range ids {
		group.Go(func() (err error) {
			defer mistaken(&err)
			lists[i], err = s.API.List(ctx, id)
			return err
		})
	}
	return lists, group.Wait()
}

// order is that of the actions: what is new is there before anything goes.
var order = []plan.Action{plan.Creates, plan.Updates, plan.Deletes}

// ErrNotBegun is the error of a step that was not begun: the run was cancelled,
// the API refused the key and would refuse it again, or it is a delete that no
// want names in a vault where something could not be created.
var ErrNotBegun = errors.New("not begun")

// ErrIncomplete is why nothing is pruned from a vault.
var ErrIncomplete = errors.New("a secret of the vault could not be created, so that nothing is pruned from it")

// Run carries out steps, all without an Err, and returns the result of each. One
// that fails stops no other, unless the key itself was refused; but what no want
// names is only deleted from a vault that has all that was to be created: it may
// be the same secret under its old name.
func (s Sync) Run(ctx context.Context, steps []plan.Step) []Result {
	r := running{Sync: s, steps: steps, results: make([]Result, len(steps)), incomplete: map[nairi.VaultID]bool{}}
	for i, step := range steps {
		if !step.Change.Writes() {
			r.results[i] = Preview(step.Change)
		}
	}
	for _, action := range order {
		r.all(ctx, action)
	}
	return r.results
}

// running is a Sync at work.
type running struct {
	Sync
	steps      []plan.Step
	results    []Result
	refused    atomic.Pointer[nairi.Error] // by which the API refused the key
	incomplete map[nairi.VaultID]bool      // vaults in which something could not be created
}

// all carries out the steps of one action.
func (r *running) all(ctx context.Context, action plan.Action) {
	var group errgroup.Group
	group.SetLimit(r.Concurrency)
	for i, step := range r.steps {
		if step.Change.Action == action {
			group.Go(func() error { r.results[i] = r.step(ctx, step); return nil })
		}
	}
	_ = group.Wait()
	for i, step := range r.steps {
		if step.Change.Action == action && action == plan.Creates && r.results[i].Err != nil {
			r.incomplete[step.VaultID] = true
		}
	}
}

// step carries out one step, if there is still a point in it.
func (r *running) step(ctx context.Context, step plan.Step) Result {
	var result Result
	if err := r.pointless(ctx, step); err != nil {
		result = Fail(step.Change, fmt.Errorf("%w: %w", ErrNotBegun, err))
	} else {
		result = r.attempt(ctx, step)
	}
	var request *nairi.Error
	if errors.As(result.Err, &request) && request.Status == http.StatusUnauthorized {
		r.refused.Store(request)
	}
	r.Done(step, result)
	return result
}

// pointless is why a step is not begun; nil if it is.
func (r *running) pointless(ctx context.Context, step plan.Step) error {
	if refused := r.refused.Load(); refused != nil {
		return refused
	}
	if step.Pruned && r.incomplete[step.VaultID] {
		return ErrIncomplete
	}
	return Ended(ctx)
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

// attempt carries out one step. A mistake in this program must not take with it
// what the other steps know.
func (s Sync) attempt(ctx context.Context, step plan.Step) (result Result) {
	var mistake error
	defer func() {
		if mistake != nil {
			result = Lost(step.Change, mistake)
		}
	}()
	defer mistaken(&mistake)
	s.Begin(step)
	return Vault{API: s.API, ID: step.VaultID}.Run(ctx, step.Change)
}

// mistaken makes an error of a panic: in a goroutine it would end the program.
func mistaken(err *error) {
	if cause := recover(); cause != nil {
		*err = fmt.Errorf("a mistake in this program: %v", cause)
	}
}

// Previews are the results of steps that are not to be carried out.
func Previews(steps []plan.Step) []Result {
	results := make([]Result, len(steps))
	for i, step := range steps {
		if step.Err != nil {
			results[i] = Fail(step.Change, step.Err)
			continue
		}
		results[i] = Preview(step.Change)
	}
	return results
}

// Overall is what became of many changes together, and whether any of them
// changed something.
func Overall(results []Result) (outcome Outcome, changed bool) {
	seen := map[Outcome]bool{}
	for _, r := range results {
		seen[r.Outcome] = true
		changed = changed || r.Changed
	}
	switch {
	case seen[Unknown]:
		return Unknown, changed
	case seen[Failed] && changed:
		return Partial, changed
	case seen[Failed]:
		return Failed, changed
	case seen[Planned]:
		return Planned, changed
	case changed:
		return Updated, changed
	}
	return Unchanged, changed
}
