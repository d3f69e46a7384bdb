package nairi

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/nairi-community/vault-secret/internal/network"
)

// retries is how a request is repeated.
var retries = network.Policy{
	Attempts:  4,
	Base:      500 * time.Millisecond,
	Cap:       20 * time.Second,
	MostAsked: 60 * time.Second,
}

// trial is a request over all of its attempts.
type trial struct {
	request    *request
	failure    *Error // the one worth telling of; nil before the first
	unknown    bool   // whether the outcome of any attempt is
	unfinished bool   // whether the server may not have finished with one of those
}

// failed takes in how an attempt ended; nil for success. An attempt that was
// refused says nothing of the one before it.
func (t *trial) failed(ctx context.Context, e *Error) *network.Failure {
	if e == nil {
		return nil
	}
	if e.OutcomeUnknown {
		t.unknown = true
		t.unfinished = t.unfinished || !e.Finished
	}
	e.OutcomeUnknown, e.Finished = t.unknown, t.unknown && !t.unfinished
	t.failure = worthTelling(ctx, t.failure, e)
	return &network.Failure{Err: e, Repeatable: t.request.repeats(t.failure), Asked: t.failure.retryAfter}
}

// worthTelling is the failure of the attempt before, if the last one only ran
// out of time.
func worthTelling(ctx context.Context, before, last *Error) *Error {
	if before == nil || last.Kind != Timeout || ctx.Err() == nil {
		return last
	}
	before.OutcomeUnknown, before.Finished = last.OutcomeUnknown, last.Finished
	before.note("no time was left for another attempt")
	return before
}

// outcome is the error of the whole, where err is that of network.Policy.Do.
func (t *trial) outcome(err error) error {
	var unsent *network.NotRepeated
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
	e.Status = StatusOf(unsent.Err)
	e.note("not sent, since another request was answered so; " + unsent.Reason)
	return e
}

// repeats reports whether a request that failed with e may be sent again. A
// look, a list, an update with absolute values and a delete may be sent twice
// (RFC 9110, section 9.2.2); a create only if it certainly was not carried out.
func (r *request) repeats(e *Error) bool {
	if r.method == http.MethodPost && e.OutcomeUnknown {
		return false
	}
	switch e.Kind {
	case Network, Handshake, Timeout:
		return true
	case Refused:
		return passing[e.Status]
	}
	return false
}

// passing are the statuses that may pass by themselves.
var passing = map[int]bool{
	http.StatusRequestTimeout:      true,
	http.StatusTooManyRequests:     true,
	http.StatusInternalServerError: true,
	http.StatusBadGateway:          true,
	http.StatusServiceUnavailable:  true,
	http.StatusGatewayTimeout:      true,
}
