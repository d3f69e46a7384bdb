package nairi

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// How a request is repeated: full jitter, as in "Exponential Backoff And Jitter"
// (AWS Architecture Blog), and never more waiting than a server may ask for.
const (
	maxAttempts   = 4
	baseDelay     = 500 * time.Millisecond
	maxDelay      = 20 * time.Second
	maxRetryAfter = 60 * time.Second
)

// Retry is a request that failed and will be sent again.
type Retry struct {
	Err     error
	Wait    time.Duration
	Attempt int // the number of the attempt to come, from 2
}

// retry does attempt until it succeeds, fails for good, or has failed often
// enough. Its error is that of the last attempt, and is Unclear if any attempt
// was: an attempt that was refused says nothing of the one before it.
func (c *Client) retry(ctx context.Context, req *request, attempt func() (time.Time, error)) (time.Time, error) {
	waits := &waits{ctx: ctx, random: c.random}
	fate := fate{finished: true}
	date, err := backoff.Retry(ctx, func() (time.Time, error) {
		date, err := attempt()
		if err == nil {
			return date, nil
		}
		waits.failure = cause(ctx, waits.failure, fate.after(err))
		if !req.repeats(waits.failure) {
			return date, backoff.Permanent(err)
		}
		return date, err
	}, backoff.WithMaxTries(maxAttempts), backoff.WithMaxElapsedTime(0), backoff.WithBackOff(waits),
		backoff.WithNotify(func(err error, wait time.Duration) {
			c.notify(Retry{Err: err, Wait: wait, Attempt: waits.taken + 1})
		}))
	if err == nil || waits.failure == nil {
		return date, err
	}
	if errors.Is(ctx.Err(), context.Canceled) && req.repeats(waits.failure) {
		waits.failure.Kind = Cancelled
		waits.failure.note("not tried again, since the run was cancelled")
	}
	return date, waits.failure
}

// cause is the failure worth telling of: that of the attempt before, if the last
// one only ran out of time.
func cause(ctx context.Context, before, last *Error) *Error {
	if before == nil || last == nil || last.Kind != Timeout || ctx.Err() == nil {
		return last
	}
	before.Unclear, before.Finished = last.Unclear, last.Finished
	before.note("no time was left for another attempt")
	return before
}

// fate is what is known of a request over all of its attempts.
type fate struct{ unclear, finished bool }

// after adds the end of one attempt to it, and the whole to the error.
func (f *fate) after(err error) *Error {
	var e *Error
	if !errors.As(err, &e) {
		return nil
	}
	if e.Unclear {
		f.unclear = true
		f.finished = f.finished && e.Finished
	}
	e.Unclear, e.Finished = f.unclear, f.unclear && f.finished
	return e
}

// repeats reports whether a request that failed with e may be sent again. A
// look, a list, an update with absolute values and a delete may be sent twice
// (RFC 9110, section 9.2.2); a create only if it certainly was not carried out.
func (r *request) repeats(e *Error) bool {
	if e == nil || r.method == http.MethodPost && e.Unclear {
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

// waits are the pauses between the attempts of one request.
type waits struct {
	ctx     context.Context
	random  func() float64
	failure *Error // of the last attempt
	taken   int
}

// Reset implements backoff.BackOff.
func (w *waits) Reset() { w.taken = 0 }

// NextBackOff implements backoff.BackOff. A pause that would outlast the
// deadline is not begun: what would come after it cannot be sent any more.
func (w *waits) NextBackOff() time.Duration {
	limit := min(maxDelay, baseDelay<<w.taken)
	w.taken++
	wait := time.Duration(w.random() * float64(limit))
	if w.failure != nil && w.failure.retryAfter > 0 {
		wait = min(w.failure.retryAfter, maxRetryAfter)
	}
	deadline, ok := w.ctx.Deadline()
	if left := time.Until(deadline); ok && wait >= left {
		w.failure.note("the next attempt is due in " + wait.Round(time.Second).String() +
			", and only " + left.Round(time.Second).String() + " are left")
		return backoff.Stop
	}
	return wait
}

// retryAfter reads a Retry-After header: seconds, or one of the three forms of
// an HTTP date (RFC 9110, sections 10.2.3 and 5.6.7). Anything else is no wish.
func retryAfter(header http.Header, now time.Time) time.Duration {
	text := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if date, err := http.ParseTime(text); err == nil {
		return max(0, date.Sub(now))
	}
	return 0
}

// jitter is the default randomness of waits.
func jitter() float64 { return rand.Float64() } //nolint:gosec // spreads retries, protects nothing
