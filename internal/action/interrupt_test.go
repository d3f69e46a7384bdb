package action

import (
	"context"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// The first signal cancels, and gives a request in flight a grace, which ends with
// the second signal or with the run. Without a signal nothing does.
func TestTheFirstSignalCancelsAndTheSecondGivesUp(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		events               string
		cancelled, abandoned bool
	}{
		{"1h", false, false},
		{"1h stop", true, true},
		{"cancel", true, false}, // by the caller, who has a reason of its own
		{"signal", true, false},
		{"1h signal 2.999999999s", true, false},
		{"signal 3s", true, true},
		{"signal 1s signal", true, true},
		{"signal signal", true, true},
		{"signal stop", true, true},
	} {
		t.Run(tt.events, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				parent, cancel := context.WithCancel(t.Context())
				defer cancel()
				var signals chan os.Signal // nil is for a run that no signal will reach
				if strings.Contains(tt.events, "signal") {
					signals = make(chan os.Signal, 2)
				}
				ctx, abandon, end := interruptible(parent, signals, func() time.Duration { return 3 * time.Second })
				stop := sync.OnceFunc(end)
				defer stop()
				do := map[string]func(){"signal": func() { signals <- os.Interrupt }, "cancel": cancel, "stop": stop}
				for event := range strings.FieldsSeq(tt.events) {
					if pause, err := time.ParseDuration(event); err == nil {
						time.Sleep(pause)
						continue
					}
					do[event]()
				}
				synctest.Wait()
				abandoned := false
				select {
				case <-abandon:
					abandoned = true
				default:
				}
				if cancelled := ctx.Err() != nil; cancelled != tt.cancelled || abandoned != tt.abandoned {
					t.Errorf("cancelled %v, given up %v; want %v, %v", cancelled, abandoned, tt.cancelled, tt.abandoned)
				}
			})
		})
	}
}
