package drift

import (
	"fmt"
	"time"
)

const day = 24 * time.Hour

// Span is a length of time in words, in whole days or hours. They are hours of what is
// short, and of what is not far beyond the limit that it is held against, 0 for none, if
// that is no whole number of days.
func Span(d, limit time.Duration) string {
	unit, name := time.Hour, "hour"
	if limit > 0 && limit%day == 0 || d >= day && (limit == 0 || d > 2*limit) {
		unit, name = day, "day"
	}
	switch n := int(d / unit); {
	case n == 0 && unit == time.Hour:
		return "under an hour"
	case n == 0:
		return "under a day"
	case n == 1:
		return "1 " + name
	default:
		return fmt.Sprintf("%d %ss", n, name)
	}
}

// Since is how long ago something was, which is not to look like its limit where it is
// over that.
func Since(age, limit time.Duration) string {
	text := Span(age, limit)
	if age > limit && text == Span(limit, limit) {
		return "more than " + text
	}
	return text
}
