package action

import (
	"context"
	"time"
)

// allowance is the time for a run. It stands still while a person is asked.
type allowance struct {
	ctx     context.Context // which ends with it, or with a signal
	untimed context.Context // which a signal alone ends
	now     func() time.Time
	stop    []context.CancelFunc
}

func newAllowance(ctx context.Context, timeout time.Duration, now func() time.Time) *allowance {
	a := &allowance{untimed: ctx, now: now}
	a.until(context.WithTimeout(ctx, timeout))
	return a
}

func (a *allowance) until(ctx context.Context, cancel context.CancelFunc) {
	a.ctx, a.stop = ctx, append(a.stop, cancel)
}

// asking asks a person, with a context that only a signal ends. What comes after goes by
// the ctx that a has then.
func (a *allowance) asking(ask func(context.Context)) {
	deadline, _ := a.ctx.Deadline()
	began := a.now()
	ask(a.untimed)
	a.until(context.WithDeadline(a.untimed, deadline.Add(a.now().Sub(began))))
}

// end ends it, when the run has ended.
func (a *allowance) end() {
	for _, cancel := range a.stop {
		cancel()
	}
}
