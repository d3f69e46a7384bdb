package nairitest

import (
	"errors"
	"net/http"
	"slices"
	"time"
)

// stage is a point in an exchange at which faults may strike.
type stage int

const (
	connecting    stage = iota // the client asks for a connection; over a listener as beforeReading
	beforeReading              // the header has arrived, nothing of the body is read
	afterReading               // the request is here whole, nothing is done about it
	afterCommit                // it is carried out, nothing is answered
	stages
)

// hit does its part of a fault. It returns true if it has put an end to the
// exchange: the answer is sent, or the connection is gone.
type hit func(*exchange) bool

// standing are the hits that the counters in Options ask for, tried in their
// order at each stage.
var standing = [stages][]hit{
	afterReading: {intercept, block, throttle, fail},
	afterCommit:  {wait, loseReply},
}

// strike is the one place where faults are applied: those of Options, and then
// the request's own. It reports whether the exchange is over.
func (e *Emulator) strike(at stage, x *exchange) bool {
	struck := func(h hit) bool { return h(x) }
	return slices.ContainsFunc(standing[at], struck) || slices.ContainsFunc(x.fault.hits[at], struck)
}

func intercept(x *exchange) bool {
	hook := x.emulator.Options().Intercept
	return hook != nil && hook(x.w, x.r)
}

// blockedPage stands for what a web application firewall says in the API's place.
const blockedPage = "<!DOCTYPE html>\n<html><head><title>Attention Required! | Cloudflare</title></head>" +
	"<body><h1>Sorry, you have been blocked</h1></body></html>\n"

func block(x *exchange) bool {
	if !x.due(func(o *Options) *Times { return &o.Blocked }) {
		return false
	}
	x.w.Header().Set("Server", "cloudflare")
	x.page(http.StatusForbidden, blockedPage)
	return true
}

func throttle(x *exchange) bool {
	if !x.due(func(o *Options) *Times { return &o.Throttled }) {
		return false
	}
	return x.throttle(x.emulator.Options().RetryAfter)
}

func fail(x *exchange) bool {
	if !x.due(func(o *Options) *Times { return &o.Failing }) {
		return false
	}
	o := x.emulator.Options()
	status := o.FailStatus
	if status == 0 {
		status = http.StatusInternalServerError
	}
	return x.end(o.refuse(&refusal{status, "internal server error"}))
}

func wait(x *exchange) bool { return x.pause(x.emulator.Options().Latency) }

// delay reads WAIT.
func delay(argument string) (hit, error) {
	if argument == "" {
		return nil, errors.New("it takes a duration, as in 2s")
	}
	pause, err := parseWait(argument, 0)
	return func(x *exchange) bool { return x.pause(pause) }, err
}

// pause waits in real time, whatever the emulator's clock: it is the client's
// patience that it tries. If the client or the server goes away meanwhile, it
// puts an end to the exchange and returns true.
func (x *exchange) pause(length time.Duration) bool {
	if length <= 0 {
		return false
	}
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
		return false
	case <-x.r.Context().Done():
		return x.hangUp()
	}
}

func loseReply(x *exchange) bool {
	if !x.answer.changed || !x.due(func(o *Options) *Times { return &o.LostReplies }) {
		return false
	}
	return x.hangUp()
}

// due counts one of the faults down, and reports whether it strikes.
func (x *exchange) due(of func(*Options) *Times) bool {
	e := x.emulator
	e.mu.Lock()
	defer e.mu.Unlock()
	return of(&e.options).take()
}
