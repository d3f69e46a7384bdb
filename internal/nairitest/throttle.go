package nairitest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// retryAfters are the forms of Retry-After by name: those of RFC 9110, 10.2.3
// and 5.6.7, and what is none.
var retryAfters = map[string]func(now time.Time, wait time.Duration) string{
	"none":        func(time.Time, time.Duration) string { return "" },
	"seconds":     func(_ time.Time, wait time.Duration) string { return strconv.Itoa(int(wait.Seconds())) },
	"imf-fixdate": dated(http.TimeFormat),
	// RFC 850 has the zone's name, and http.TimeFormat's GMT is not Go's UTC.
	"rfc850":  dated("Monday, 02-Jan-06 15:04:05 GMT"),
	"asctime": dated(time.ANSIC),
	"garbage": func(time.Time, time.Duration) string { return "in a while" },
	// More seconds than 64 bits hold.
	"huge": func(time.Time, time.Duration) string { return "99999999999999999999" },
}

func dated(layout string) func(time.Time, time.Duration) string {
	return func(now time.Time, wait time.Duration) string { return now.Add(wait).UTC().Format(layout) }
}

// answerThrottled reads [FORM[,WAIT]]. A date may be in the past.
func answerThrottled(argument string) (hit, error) {
	name, text, _ := strings.Cut(argument, ",")
	if name == "" {
		name = "none"
	}
	form, ok := retryAfters[name]
	if !ok {
		return nil, fmt.Errorf("%q is none of %s", name, strings.Join(slices.Sorted(maps.Keys(retryAfters)), ", "))
	}
	ahead, past := strings.CutPrefix(text, "-")
	wait, err := parseWait(ahead, time.Second)
	if past {
		wait = -wait
	}
	return func(x *exchange) bool { return x.throttle(form(x.now(), wait)) }, err
}

// overRate counts a request, and reports whether it is one too many in its second.
// The time is that of a network, whatever the emulator's clock.
func (e *Emulator) overRate(now time.Time) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if second := now.Unix(); second != e.second {
		e.second, e.answered = second, 0
	}
	if e.options.Rate == 0 || e.answered < e.options.Rate {
		e.answered++
		return false
	}
	return true
}

// throttle answers 429 with a Retry-After, unless that is empty.
func (x *exchange) throttle(retryAfter string) bool {
	o := x.emulator.Options()
	a := o.refuse(&refusal{http.StatusTooManyRequests, "rate limit exceeded"})
	if retryAfter != "" {
		a.header = map[string]string{"Retry-After": retryAfter}
	}
	return x.end(a)
}
