package main

import (
	"context"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// watch is an interruptible run in a bubble's time.
type watch struct {
	t       *testing.T
	signals chan os.Signal
	ctx     context.Context
	abandon <-chan struct{}
	stop    func()
}

// watched runs a test in a bubble, which fails if the watch outlasts stop.
func watched(t *testing.T, test func(*watch)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &watch{t: t, signals: make(chan os.Signal, 2)}
		w.ctx, w.abandon, w.stop = interruptible(t.Context(), w.signals)
		test(w)
	})
}

// is checks how far things have come, once all that is under way is done.
func (w *watch) is(cancelled, abandoned bool) {
	w.t.Helper()
	synctest.Wait()
	if got := w.ctx.Err() != nil; got != cancelled {
		w.t.Errorf("cancelled is %v, want %v", got, cancelled)
	}
	select {
	case <-w.abandon:
		if !abandoned {
			w.t.Error("what is in flight is given up already")
		}
	default:
		if abandoned {
			w.t.Error("what is in flight is not given up")
		}
	}
}

func TestNoSignal(t *testing.T) {
	t.Parallel()
	watched(t, func(w *watch) {
		time.Sleep(time.Hour)
		w.is(false, false)
		w.stop()
		w.is(true, true)
	})
}

func TestTheFirstSignalGivesGrace(t *testing.T) {
	t.Parallel()
	watched(t, func(w *watch) {
		defer w.stop()
		w.signals <- os.Interrupt
		w.is(true, false)
		time.Sleep(5*time.Second - 1)
		w.is(true, false)
		time.Sleep(time.Nanosecond)
		w.is(true, true)
	})
}

func TestTheSecondSignalGivesUp(t *testing.T) {
	t.Parallel()
	watched(t, func(w *watch) {
		defer w.stop()
		w.signals <- os.Interrupt
		time.Sleep(time.Second)
		w.is(true, false)
		w.signals <- syscall.SIGTERM
		w.is(true, true)
	})
}

func TestTwoSignalsAtOnce(t *testing.T) {
	t.Parallel()
	watched(t, func(w *watch) {
		defer w.stop()
		w.signals <- os.Interrupt
		w.signals <- os.Interrupt
		w.is(true, true)
	})
}

func TestStopInTheGrace(t *testing.T) {
	t.Parallel()
	watched(t, func(w *watch) {
		w.signals <- os.Interrupt
		w.is(true, false)
		w.stop()
		w.is(true, true)
	})
}

// Signals that nobody sends are never there, as in a test of run.
func TestNilSignals(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &watch{t: t}
		w.ctx, w.abandon, w.stop = interruptible(t.Context(), nil)
		time.Sleep(time.Hour)
		w.is(false, false)
		w.stop()
		w.is(true, true)
	})
}

func TestACancelledParent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		parent, cancel := context.WithCancel(t.Context())
		w := &watch{t: t}
		w.ctx, w.abandon, w.stop = interruptible(parent, nil)
		defer w.stop()
		cancel()
		w.is(true, false)
	})
}
