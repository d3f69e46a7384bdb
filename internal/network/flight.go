package network

import (
	"context"
	"time"
)

// Flight is the context of one request on the wire: it ends at the request's end or the
// caller's deadline. A cancellation ends it once abandon is closed, so that the fate of a
// write is still learnt; with nil it does so at once.
func Flight(ctx context.Context, end time.Time, abandon <-chan struct{}) (context.Context, context.CancelFunc) {
	if abandon == nil {
		return context.WithDeadline(ctx, end)
	}
	if deadline, ok := ctx.Deadline(); ok && deadline.Before(end) {
		end = deadline
	}
	flight, cancel := context.WithDeadline(context.WithoutCancel(ctx), end)
	go func() {
		select {
		case <-abandon:
			cancel()
		case <-flight.Done():
		}
	}()
	return flight, cancel
}
