package nairi

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/nairi-community/vault-secret/internal/network"
)

// retries is how a request is repeated. Of requests of which every third fails six
// attempts lose one in 1,400, and four one in 120; the pauses are 8 seconds on
// average, in which most servers have been started again.
var retries = network.Policy{
	Attempts: 6,
	Base:     500 * time.Millisecond,
	Cap:      20 * time.Second,
}

// trial is a request over all of its attempts.
type trial struct {
	request    *request
	now        func() time.Time
	failure    *Error // the one worth telling of; nil before the first
	attempts   int
	unknown    bool // whether the outcome of any attempt is
	unfinished bool // whether the server may not have finished with one of those
}

// failed takes in how an attempt ended; nil for success. An attempt that was
// refused says nothing of the one before it.
func (t *trial) failed(ctx context.Context, e *Error) *network.Failure {
	if e == nil {
		return nil
	}
	t.attempts++
	if e.OutcomeUnknown {
		t.unknown = true
		t.unfinished = t.unfinished || !e.Finished
	}
	e.OutcomeUnknown, e.Finished = t.unknown, t.unknown && !t.unfinished
	t.failure = t.worthTelling(ctx, e)
	return &network.Failure{
		Err: e, Repeatable: t.request.repeats(t.failure),
		Asked: t.failure.retryAfter, Limited: t.failure.asksToWait(), AtOnce: t.failure.stale,
	}
}

// unsettled is why an attempt is not made: somebody has to look first whether an
// earlier one of a create was carried out, and that look says no.
func (t *trial) unsettled(ctx context.Context) *network.Failure {
	if t.request.look == nil || !t.unknown {
		return nil
	}
	err := t.request.look(ctx)
	if err == nil {
		return nil
	}
	var blind *Error
	if errors.As(err, &blind) {
		t.failure.note("not sent again, because nobody could look whether it was done: " + blind.Error())
	}
	return &network.Failure{Err: t.failure}
}

// worthTelling is the failure of the attempt before, if the last one only ran
// out of time.
func (t *trial) worthTelling(ctx context.Context, last *Error) *Error {
	before := t.failure
	if before == nil || last.Kind != Timeout || !isOver(ctx, t.now()) {
		return last
	}
	before.OutcomeUnknown, before.Finished = last.OutcomeUnknown, last.Finished
	before.note("no time was left to retry")
	return before
}

// isOver reports whether a context has ended, or is about to: that of a request on the wire
// has a timer of its own, which may be the first of the two.
func isOver(ctx context.Context, now time.Time) bool {
	deadline, limited := ctx.Deadline()
	return ctx.Err() != nil || limited && !now.Before(deadline)
}

// outcome is the error of the whole, where err is that of network.Policy.Do.
func (t *trial) outcome(err error) error {
	var unsent *network.NotRepeated
	if t.failure != nil && !t.failure.Limited {
		t.failure.Attempts = t.attempts
	}
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &unsent):
		return t.failure
	case t.failure == nil:
		return t.request.held(unsent)
	case errors.Is(unsent.Cause, context.Canceled):
		t.failure.Kind = Cancelled
	}
	t.failure.note(unsent.Reason)
	return t.failure
}

// held is the error for a request that was never sent, since another one was
// told to wait. It has the status of that one.
func (r *request) held(unsent *network.NotRepeated) *Error {
	if errors.Is(unsent.Cause, context.Canceled) {
		return r.broken(unsent.Cause, false, nil)
	}
	e := r.newError(Refused)
	var told *Error
	if errors.As(unsent.Err, &told) {
		e.Status, e.Limited, e.Foreign = told.Status, told.Limited, told.Foreign
	}
	e.note("not sent, because another request was answered so; " + unsent.Reason)
	return e
}

// repeats reports whether a request that failed with e may be sent again. A
// look, a list, an update with absolute values and a delete may be sent twice
// (RFC 9110, section 9.2.2); a create only if it certainly was not carried out, or
// after a look: that also settles an answer which is not the documented one, but
// not what was accepted for later. A page with the status of a success is that of
// a gateway, and passes.
func (r *request) repeats(e *Error) bool {
	if r.method == http.MethodPost && e.OutcomeUnknown {
		return r.look != nil && e.Kind != Cancelled && e.Status != http.StatusAccepted
	}
	switch e.Kind {
	case Network, Handshake, Timeout:
		return true
	case Unexpected:
		return e.page
	case Refused, Proxy:
		return e.passes()
	}
	return false
}

// asksToWait reports whether the server asked for fewer requests, or to come back
// later: that is no failure of the attempt.
func (e *Error) asksToWait() bool { return e.Kind == Refused && (e.Limited || e.retryAfter > 0) }

// passes reports whether a refusal may pass by itself. The statuses from 520 to
// 530 are those of Cloudflare, which stands before the API, for a server that it
// cannot reach or understand
// (https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/).
func (e *Error) passes() bool {
	return e.Limited || passing(e.Status) || e.Status >= 520 && e.Status <= 530
}

// passing reports whether a status is one that may pass by itself, beside that of
// a limit.
func passing(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}
