package nairitest

import (
	"errors"
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

// strike is the one place where faults are applied: those of Options, and then
// the request's own. It reports whether the exchange is over.
func (e *Emulator) strike(at stage, x *exchange) bool {
	o := e.Options()
	switch {
	case at == afterReading && o.Intercept != nil && o.Intercept(x.w, x.r):
		return true
	case at == afterReading && e.overRate(time.Now()):
		return x.throttle("1")
	case at == afterCommit && x.pause(o.Latency):
		return true
	}
	return slices.ContainsFunc(x.fault.hits[at], func(h hit) bool { return h(x) })
}

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
