package network

import (
	"errors"
	"net/http"
	"strconv"
	"time"
)

// RetryAfter reads the Retry-After header of an answer: seconds, or one of the
// three forms of an HTTP date (RFC 9110, sections 10.2.3 and 5.6.7). It returns
// false if there is none. A date is read by the ServerTime, and more seconds than
// 31 bits hold as those that they do, 68 years.
func RetryAfter(header http.Header, now time.Time) (time.Duration, bool) {
	text := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(seconds) * time.Second, true
	}
	if date, err := http.ParseTime(text); err == nil {
		return max(0, date.Sub(ServerTime(header, now))), true
	}
	return 0, false
}

// ServerTime is the time by the clock of the server, which the times in its
// header go by: the Date of the answer, or now if it has none.
func ServerTime(header http.Header, now time.Time) time.Time {
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		return date
	}
	return now
}
