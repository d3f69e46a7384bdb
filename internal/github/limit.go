package github

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/nairi-community/vault-secret/internal/network"
)

// untold is the pause that GitHub wants where it names none, by the page at limit.
const untold = time.Minute

// limit is how long GitHub asks not to be called, and whether the answer is
// about that. A 403 is if it says so: a token that may not do something gets
// one as well. The order is that of
// https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately
func limit(resp *http.Response, err error, now time.Time) (time.Duration, bool) {
	after, given := network.RetryAfter(resp.Header, now)
	if resp.StatusCode != http.StatusForbidden && resp.StatusCode != http.StatusTooManyRequests {
		return after, false
	}
	if given {
		return after, true
	}
	if reset, ok := reset(resp.Header, now); ok {
		return reset, true
	}
	var secondary *gogithub.AbuseRateLimitError
	if errors.As(err, &secondary) || resp.StatusCode == http.StatusTooManyRequests {
		return untold, true
	}
	return 0, false
}

// reset reads when requests are allowed again, if none are left.
func reset(header http.Header, now time.Time) (time.Duration, bool) {
	if header.Get("X-Ratelimit-Remaining") != "0" {
		return 0, false
	}
	seconds, err := strconv.ParseInt(header.Get("X-Ratelimit-Reset"), 10, 64)
	if err != nil {
		return untold, true
	}
	return max(0, time.Unix(seconds, 0).Sub(network.ServerTime(header, now))), true
}
