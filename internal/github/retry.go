package github

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v5"
	gogithub "github.com/google/go-github/v60/github"
)

// How often and how long a comment is tried: it is worth a minute of a job.
const (
	maxTries  = 3
	maxWait   = time.Minute // all pauses together
	firstWait = time.Second
	// untold is the pause that GitHub wants where it names none, by the page at limit.
	untold = time.Minute
)

// retry does attempt until it succeeds, fails for good, or has failed often
// enough. The loop is not backoff.Retry, which takes no clock from us.
func (c *Client) retry(ctx context.Context, attempt func() error) error {
	pauses := newPauses()
	for tries := 1; ; tries++ {
		err := attempt()
		var e *Error
		if !errors.As(err, &e) || !e.again || tries == maxTries {
			return err
		}
		wait, ok := pauses.next(e.wait)
		if !ok {
			return err
		}
		if e.cause = c.sleep(ctx, wait); e.cause != nil {
			return err
		}
	}
}

// pauses are those between the attempts of one comment.
type pauses struct {
	steps *backoff.ExponentialBackOff
	left  time.Duration
}

func newPauses() *pauses {
	steps := backoff.NewExponentialBackOff()
	steps.InitialInterval = firstWait
	return &pauses{steps: steps, left: maxWait}
}

// next is the pause before another attempt: ours, or the one that is asked for
// if that is longer. It is not begun at all if it is too long: to come back
// early is what GitHub bans integrations for.
func (p *pauses) next(asked time.Duration) (time.Duration, bool) {
	wait := max(asked, p.steps.NextBackOff())
	if wait > p.left {
		return 0, false
	}
	p.left -= wait
	return wait, true
}

// sleep is the default of Options.Sleep. A pause that would outlast the deadline
// is not begun.
func sleep(ctx context.Context, wait time.Duration) error {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= wait {
		return context.DeadlineExceeded
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// limit is how long GitHub asks not to be called, and whether the answer is
// about that. A 403 is if it says so: a token that may not do something gets
// one as well. The order is that of
// https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately
func limit(resp *http.Response, err error) (time.Duration, bool) {
	after, given := retryAfter(resp.Header)
	if resp.StatusCode != http.StatusForbidden && resp.StatusCode != http.StatusTooManyRequests {
		return after, false
	}
	if given {
		return after, true
	}
	if reset, ok := reset(resp.Header); ok {
		return reset, true
	}
	var secondary *gogithub.AbuseRateLimitError
	if errors.As(err, &secondary) || resp.StatusCode == http.StatusTooManyRequests {
		return untold, true
	}
	return 0, false
}

// retryAfter reads a Retry-After header: seconds, or a date from a proxy.
func retryAfter(header http.Header) (time.Duration, bool) {
	text := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	if date, err := http.ParseTime(text); err == nil {
		return max(0, date.Sub(clock(header))), true
	}
	return 0, false
}

// reset reads when requests are allowed again, if none are left.
func reset(header http.Header) (time.Duration, bool) {
	if header.Get("X-Ratelimit-Remaining") != "0" {
		return 0, false
	}
	seconds, err := strconv.ParseInt(header.Get("X-Ratelimit-Reset"), 10, 64)
	if err != nil {
		return untold, true
	}
	return max(0, time.Unix(seconds, 0).Sub(clock(header))), true
}

// clock is the time of the server, which the times in its headers go by.
func clock(header http.Header) time.Time {
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		return date
	}
	return time.Now()
}
