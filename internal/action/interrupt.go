package action

import (
	"context"
	"os"
	"time"
)

// grace is how long a request in flight may go on after the first signal: the
// runner sends SIGTERM 7.5 s after SIGINT (actions/runner, ProcessInvoker.cs),
// and what became of a write is to be known and written before that.
const grace = 5 * time.Second

// interruptible returns a context that the first signal cancels, and a channel
// that is closed when a request in flight is to be given up: after grace, or at
// once at the second signal. stop ends the watch.
func interruptible(parent context.Context, signals <-chan os.Signal) (ctx context.Context, abandon <-chan struct{}, stop func()) {
	ctx, cancel := context.WithCancel(parent)
	abandoned := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(abandoned)
		select {
		case <-signals:
			cancel()
		case <-done:
			return
		}
		select {
		case <-signals:
		case <-time.After(grace):
		case <-done:
		}
	}()
	return ctx, abandoned, func() { close(done); cancel() }
}
