package network

import (
	"context"
	"errors"
	"fmt"
	"strings"
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
	// Attempts is how many there are in all. One that is answered with the wish to
	// send less is none of them: only the deadline ends what waits for that.
	Attempts int
	// Base is the longest pause before the second attempt. It doubles with each
	// attempt, up to Cap.
	Base, Cap time.Duration
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
	// Attempt counts from 1, and Of is how many there may be. It is 0 for one that does
	// not count, since it was answered with the wish to send less.
	Attempt, Of int
}

// Failure is an attempt that failed.
type Failure struct {
	Err        error
	Repeatable bool          // another attempt may succeed and does no harm
	Asked      time.Duration // how long the server asked to be left alone; zero if it did not
	Limited    bool          // the server wants fewer requests
	// AtOnce says that the attempt met a connection which was over: the first
	// attempt after it needs no pause.
	AtOnce bool
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
	options := []backoff.RetryOption{backoff.WithMaxElapsedTime(0), backoff.WithBackOff(r)}
	if p.Notify != nil {
		options = append(options, backoff.WithNotify(r.notify))
	}
	_, err := backoff.Retry(ctx, func() (struct{}, error) { return struct{}{}, r.once(ctx, attempt) }, options...)
	if err == nil {
		return nil
	}
	return r.outcome(ctx)
}

// notify tells of a failure that will be followed by another attempt.
func (r *repetition) notify(err error, wait time.Duration) {
	attempt := r.attempts
	if r.last.Limited {
		attempt = 0
	}
	r.policy.Notify(Retry{err, wait, attempt, r.policy.Attempts})
}

// repetition is the state of one Do. It implements backoff.BackOff.
type repetition struct {
	policy   Policy
	limited  bool // whether there is a deadline
	deadline time.Time
	budget   time.Duration // what is left of it
	attempts int           // that count, so far
	pauses   int           // begun so far, and not at the server's wish
	turn     turn          // of the attempt
	last     Failure       // zero before the first
	unsent   *NotRepeated  // why the next attempt is not made
}

// once makes an attempt when it is its turn. Its error ends the loop
// unless it is that of a repeatable failure.
func (r *repetition) once(ctx context.Context, attempt func() *Failure) error {
	if !r.pass(ctx) {
		return backoff.Permanent(r.unsent)
	}
	failure := r.send(attempt)
	if failure == nil {
		return nil
	}
	r.last = *failure
	if !r.last.Limited {
		r.attempts++
	}
	if !r.last.Repeatable {
		return backoff.Permanent(r.last.Err)
	}
	return r.last.Err
}

// send makes an attempt, and tells the gate how it was answered.
func (r *repetition) send(attempt func() *Failure) *Failure {
	failure := attempt()
	gate, now := r.policy.Gate, r.policy.Now()
	if failure != nil && (failure.Limited || failure.Asked > 0) {
		gate.wait(r.turn, now, failure.Asked, failure.Err)
	} else {
		gate.answered(r.turn, now)
	}
	return failure
}

// pass waits for the turn of the request, which others may put off meanwhile. It
// returns false if the deadline or a cancellation comes first.
func (r *repetition) pass(ctx context.Context) bool {
	gate := r.policy.Gate
	for {
		now := r.policy.Now()
		r.turn = gate.next(now)
		wait := r.turn.at.Sub(now)
		if wait <= 0 {
			return true
		}
		closed, told := gate.left(now)
		if r.last.Err == nil {
			r.last.Err = told
		}
		if r.tooLate(closed, itAsks) || r.tooLate(wait, itsTurn) {
			return false
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			r.ended(ctx)
			return false
		}
		if gate.valid(r.turn, r.policy.Now()) {
			return true
		}
	}
}

// Reset implements backoff.BackOff, for a loop that has just begun.
func (r *repetition) Reset() {}

// NextBackOff implements backoff.BackOff. A pause that would outlast the
// deadline is not begun: what would come after it cannot be sent any more.
func (r *repetition) NextBackOff() time.Duration {
	if !r.last.Limited && r.attempts >= r.policy.Attempts {
		return backoff.Stop
	}
	closed, _ := r.policy.Gate.left(r.policy.Now())
	asked := max(r.last.Asked, closed)
	wait := max(r.pause(), asked)
	if r.policy.Budget > 0 && wait > r.budget || r.tooLate(asked, itAsks) || r.tooLate(wait, itIsDue) {
		return backoff.Stop
	}
	r.budget -= wait
	return wait
}

// pause is how long the next attempt is put off by ourselves. It does not grow
// while the server says how long it wants to be left alone.
func (r *repetition) pause() time.Duration {
	longest := min(r.policy.Cap, r.policy.Base<<min(r.pauses, maxDoublings))
	switch {
	case r.last.AtOnce && r.pauses == 0:
		longest = 0
		r.pauses++
	case r.last.Asked > 0:
		longest = r.policy.Base
	default:
		r.pauses++
	}
	return time.Duration(r.policy.Random() * float64(longest))
}

// maxDoublings keeps a pause within what a Duration holds.
const maxDoublings = 20

// Why an attempt comes too late, with a place for the time until it.
const (
	itAsks  = "it asks to wait %s"
	itsTurn = "the pace it allows is so slow that the next attempt is due in %s"
	itIsDue = "the next attempt is due in %s"
)

const noTimeLeft = "no time was left to retry"

// tooLate reports whether an attempt after this pause would be after the
// deadline, and keeps that for the error.
func (r *repetition) tooLate(wait time.Duration, why string) bool {
	left := r.deadline.Sub(r.policy.Now())
	if !r.limited || wait < left {
		return false
	}
	reason := noTimeLeft // where nobody asks for a pause either
	if wait > 0 {
		reason = fmt.Sprintf(why, InWords(wait+time.Second-1)) + ", and the step has " + InWords(max(0, left)) + " left"
	}
	r.unsent = &NotRepeated{Err: r.last.Err, Reason: reason, Cause: context.DeadlineExceeded}
	return true
}

// InWords is a time in its two largest units, without a fraction: "8 s", "2 min",
// "1 h 30 min".
func InWords(d time.Duration) string {
	seconds := int64(d / time.Second)
	parts := []string{}
	for _, unit := range []struct {
		name   string
		length int64
	}{{"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}} {
		if n := seconds / unit.length; n > 0 && len(parts) < 2 {
			parts = append(parts, fmt.Sprint(n, " ", unit.name))
		}
		seconds %= unit.length
	}
	if len(parts) == 0 {
		return "0 s"
	}
	return strings.Join(parts, " ")
}

// ended keeps for the error that the context has ended.
func (r *repetition) ended(ctx context.Context) {
	r.unsent = &NotRepeated{Err: r.last.Err, Reason: noTimeLeft, Cause: ctx.Err()}
	if errors.Is(ctx.Err(), context.Canceled) {
		r.unsent.Reason = "not retried, because the run was cancelled"
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
