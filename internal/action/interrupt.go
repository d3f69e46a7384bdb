package action

import (
	"context"
	"os"
	"time"
)

// interruptible returns a context that the first signal cancels, and a channel
// that is closed when a request in flight is to be given up: after grace, or at
// once at the second signal. grace is asked for at the first signal, which may come
// before anything is known. stop ends the watch.
func interruptible(
	parent context.Context, signals <-chan os.Signal, grace func() time.Duration,
) (ctx context.Context, abandon <-chan struct{}, stop func()) {
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
		case <-time.After(grace()):
		case <-done:
		}
	}()
	return ctx, abandoned, func() { close(done); cancel() }
}
