package network

import (
	"context"
	"errors"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// Policy says how often and how patiently a request is repeated: full jitter, as
// in "Exponential Backoff And Jitter" (AWS Architecture Blog), and at least the
// time that the server asked for.
//
// The loop is that of cenkalti/backoff. hashicorp/go-retryablehttp judges by the
// status alone and sends a POST again, so that it could not say of a create
// whether it may have been carried out.
type Policy struct {
	Attempts int // in all
	// Base is the longest pause before the second attempt. It doubles with each
	// attempt, up to Cap.
	Base, Cap time.Duration
	// MostAsked is how much of a server's wish is granted; zero means all of it.
	MostAsked time.Duration
	// Budget is for all pauses together. One that does not fit is not begun, and
	// the failure is final. Zero means no limit.
	Budget time.Duration
	// Gate is shared by requests that wait for each other; nil for none.
	Gate *Gate
	// Notify is told of each failure that will be followed by another attempt;
	// nil for nobody.
	Notify func(Retry)
	// Random returns the next number in [0, 1). Required.
	Random func() float64
	// Now returns the time, by the clock of contexts' deadlines. Required.
	Now func() time.Time
}

// Retry is a failure that will be followed by another attempt.
type Retry struct {
	Err  error
	Wait time.Duration // the pause before that
}

// Failure is an attempt that failed.
type Failure struct {
	Err        error
	Repeatable bool          // another attempt may succeed and does no harm
	Asked      time.Duration // how long the server asked to be left alone; zero if it did not
}

// NotRepeated is the error for a request that would be sent, again or for the
// first time, if there were time.
type NotRepeated struct {
	// Err is the last failure; for a request that was never sent, that of the
	// request which was told to wait.
	Err    error
	Reason string // why it was not sent, in words
	Cause  error  // context.Canceled or context.DeadlineExceeded
}

// Error says what happened, then why it stays so.
func (e *NotRepeated) Error() string { return e.Err.Error() + "; " + e.Reason }

// Unwrap gives the failure and the cause.
func (e *NotRepeated) Unwrap() []error { return []error{e.Err, e.Cause} }

// Do makes attempts, each of which returns nil for success, until one succeeds
// or fails for good, or no more may be made. Its error is that of the last
// attempt, or a NotRepeated.
func (p Policy) Do(ctx context.Context, attempt func() *Failure) error {
	r := &repetition{policy: p, budget: p.Budget}
	r.deadline, r.limited = ctx.Deadline()
	options := []backoff.RetryOption{backoff.WithMaxTries(uint(p.Attempts)), backoff.WithMaxElapsedTime(0), backoff.WithBackOff(r)}
	if p.Notify != nil {
		options = append(options, backoff.WithNotify(func(err error, wait time.Duration) { p.Notify(Retry{Err: err, Wait: wait}) }))
	}
	_, err := backoff.Retry(ctx, func() (struct{}, error) { return struct{}{}, r.once(ctx, attempt) }, options...)
	if err == nil {
		return nil
	}
	return r.outcome(ctx)
}

// repetition is the state of one Do. It implements backoff.BackOff.
type repetition struct {
	policy   Policy
	limited  bool // whether there is a deadline
	deadline time.Time
	budget   time.Duration // what is left of it
	pauses   int           // begun so far
	last     Failure       // zero before the first
	unsent   *NotRepeated  // why the next attempt is not made
}

// once makes an attempt as soon as the gate is open. Its error ends the loop
// unless it is that of a repeatable failure.
func (r *repetition) once(ctx context.Context, attempt func() *Failure) error {
	if !r.pass(ctx) {
		return backoff.Permanent(r.unsent)
	}
	failure := attempt()
	if failure == nil {
		return nil
	}
	r.last = *failure
	if asked := r.granted(); asked > 0 {
		r.policy.Gate.close(r.policy.Now().Add(asked), r.last.Err)
	}
	if !r.last.Repeatable {
		return backoff.Permanent(r.last.Err)
	}
	return r.last.Err
}

// pass waits until the gate is open, which others may go on to close. It returns
// false if the deadline or a cancellation comes first.
func (r *repetition) pass(ctx context.Context) bool {
	for {
		wait, told := r.policy.Gate.left(r.policy.Now())
		if wait <= 0 {
			return true
		}
		if r.last.Err == nil {
			r.last.Err = told
		}
		if r.tooLate(wait) {
			return false
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			r.ended(ctx)
			return false
		}
	}
}

// Reset implements backoff.BackOff, for a loop that has just begun.
func (r *repetition) Reset() {}

// NextBackOff implements backoff.BackOff. A pause that would outlast the
// deadline is not begun: what would come after it cannot be sent any more.
func (r *repetition) NextBackOff() time.Duration {
	longest := min(r.policy.Cap, r.policy.Base<<r.pauses)
	r.pauses++
	closed, _ := r.policy.Gate.left(r.policy.Now())
	wait := max(time.Duration(r.policy.Random()*float64(longest)), r.granted(), closed)
	if r.policy.Budget > 0 && wait > r.budget || r.tooLate(wait) {
		return backoff.Stop
	}
	r.budget -= wait
	return wait
}

// granted is the pause that the server asked for, as far as the policy goes
// along.
func (r *repetition) granted() time.Duration {
	if most := r.policy.MostAsked; most > 0 {
		return min(r.last.Asked, most)
	}
	return r.last.Asked
}

// tooLate reports whether an attempt after this pause would be after the
// deadline, and keeps that for the error.
func (r *repetition) tooLate(wait time.Duration) bool {
	left := r.deadline.Sub(r.policy.Now())
	if !r.limited || wait < left {
		return false
	}
	r.unsent = &NotRepeated{
		Err:    r.last.Err,
		Reason: "the next attempt is due in " + wait.Round(time.Second).String() + ", and only " + max(0, left).Round(time.Second).String() + " are left",
		Cause:  context.DeadlineExceeded,
	}
	return true
}

// ended keeps for the error that the context has ended.
func (r *repetition) ended(ctx context.Context) {
	r.unsent = &NotRepeated{Err: r.last.Err, Reason: "no time was left for another attempt", Cause: ctx.Err()}
	if errors.Is(ctx.Err(), context.Canceled) {
		r.unsent.Reason = "not tried again, since the run was cancelled"
	}
}

// outcome is the error of a Do without success.
func (r *repetition) outcome(ctx context.Context) error {
	if r.last.Repeatable && errors.Is(ctx.Err(), context.Canceled) {
		r.ended(ctx)
	}
	if r.unsent != nil {
		return r.unsent
	}
	return r.last.Err
}
