package action

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// The time for a run goes on after a question where it stood before, however long an answer
// takes. A signal ends both.
func TestTheTimeForARunStandsStillWhileAPersonIsAsked(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		before, answer, after time.Duration
		signal                bool
		want                  error
	}{
		"an answer after hours":      {time.Minute, 5 * time.Hour, 59 * time.Second, false, nil},
		"what was left is over":      {time.Minute, 5 * time.Hour, time.Minute, false, context.DeadlineExceeded},
		"an answer at once":          {0, 0, 2 * time.Minute, false, context.DeadlineExceeded},
		"a signal during the answer": {time.Minute, time.Hour, 0, true, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				run, signal := context.WithCancel(t.Context())
				defer signal()
				a := newAllowance(run, 2*time.Minute, time.Now)
				defer a.end()
				time.Sleep(tt.before)
				var during error
				a.asking(func(ctx context.Context) {
					time.Sleep(tt.answer)
					if tt.signal {
						signal()
					}
					during = ctx.Err()
				})
				time.Sleep(tt.after)
				synctest.Wait()
				if asked := during != nil; asked != tt.signal || !errors.Is(a.ctx.Err(), tt.want) {
					t.Errorf("while asking: %v; after it: %v, want %v", during, a.ctx.Err(), tt.want)
				}
			})
		})
	}
}

// Two questions of one run: both are none of its time.
func TestTheTimeForARunStandsStillMoreThanOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAllowance(t.Context(), time.Minute, time.Now)
		defer a.end()
		for range 2 {
			time.Sleep(20 * time.Second)
			a.asking(func(context.Context) { time.Sleep(time.Hour) })
		}
		deadline, _ := a.ctx.Deadline()
		if left := time.Until(deadline); left != 20*time.Second || a.ctx.Err() != nil {
			t.Errorf("%v are left, %v", left, a.ctx.Err())
		}
	})
}
