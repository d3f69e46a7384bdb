package network_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/nairi-community/vault-secret/internal/network"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Failures of a script. A nil one is a success.
var (
	errBusy = errors.New("busy")
	passing = &network.Failure{Err: errBusy, Repeatable: true}
	limited = &network.Failure{Err: errBusy, Repeatable: true, Limited: true}
	old     = &network.Failure{Err: errBusy, Repeatable: true, AtOnce: true}
	final   = &network.Failure{Err: errors.New("no")}
)

func asked(wait time.Duration) *network.Failure {
	return &network.Failure{Err: errBusy, Repeatable: true, Asked: wait}
}

// patient is a policy whose random number is always a half.
func patient() network.Policy {
	return network.Policy{
		Attempts: 4, Base: time.Second, Cap: 3 * time.Second,
		Random: func() float64 { return 0.5 }, Now: time.Now,
	}
}

// play does a request that fails as the script says, and tells what happened.
// The bubble's clock must have moved by what was announced.
func play(ctx context.Context, t *testing.T, p network.Policy, script ...*network.Failure) (attempts int, pauses []time.Duration, err error) {
	t.Helper()
	var announced time.Duration
	p.Notify = func(r network.Retry) {
		pauses = append(pauses, r.Wait)
		announced += r.Wait
		if r.Err == nil {
			t.Error("told of a repetition without a failure")
		}
	}
	start := time.Now()
	err = p.Do(ctx, func() *network.Failure {
		attempts++
		if attempts > len(script) {
			t.Fatal("one attempt too many")
		}
		return script[attempts-1]
	})
	if took := time.Since(start); ctx.Err() == nil && took != announced {
		t.Errorf("%s have passed, and %s were announced", took, announced)
	}
	return attempts, pauses, err
}

func TestHowOftenAndHowLongRequestsAreRepeated(t *testing.T) {
	t.Parallel()
	budgeted := patient()
	budgeted.Budget = time.Minute
	seconds := func(list ...float64) []time.Duration {
		var all []time.Duration
		for _, s := range list {
			all = append(all, time.Duration(s*float64(time.Second)))
		}
		return all
	}
	for name, test := range map[string]struct {
		policy   network.Policy
		script   []*network.Failure
		attempts int
		pauses   []time.Duration
		want     error
	}{
		"success":                        {patient(), []*network.Failure{nil}, 1, nil, nil},
		"success at last":                {patient(), []*network.Failure{passing, passing, nil}, 3, seconds(0.5, 1), nil},
		"all attempts":                   {patient(), []*network.Failure{passing, passing, passing, passing}, 4, seconds(0.5, 1, 1.5), errBusy},
		"a failure that stays":           {patient(), []*network.Failure{passing, final}, 2, seconds(0.5), final.Err},
		"the server's wish":              {patient(), []*network.Failure{asked(7 * time.Second), passing, nil}, 3, seconds(7, 0.5), nil},
		"a wish shorter than our pause":  {patient(), []*network.Failure{asked(time.Millisecond), nil}, 2, seconds(0.5), nil},
		"a wish of an hour":              {patient(), []*network.Failure{asked(time.Hour), nil}, 2, seconds(3600), nil},
		"too many requests, for long":    {patient(), []*network.Failure{limited, limited, limited, limited, limited, nil}, 6, seconds(0.5, 1, 1.5, 1.5, 1.5), nil},
		"too many, which is no attempt":  {patient(), []*network.Failure{limited, passing, limited, passing, passing, passing}, 6, seconds(0.5, 1, 1.5, 1.5, 1.5), errBusy},
		"a connection that was over":     {patient(), []*network.Failure{old, old, old, old}, 4, seconds(0, 1, 1.5), errBusy},
		"a wish of a failure that stays": {patient(), []*network.Failure{{Err: errBusy, Asked: time.Hour}}, 1, nil, errBusy},
		"all that is in the budget":      {budgeted, []*network.Failure{asked(time.Minute), nil}, 2, seconds(60), nil},
		"a wish beyond the budget":       {budgeted, []*network.Failure{asked(time.Minute + 1)}, 1, nil, errBusy},
		"wishes beyond it together":      {budgeted, []*network.Failure{asked(40 * time.Second), asked(40 * time.Second)}, 2, seconds(40), errBusy},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				attempts, pauses, err := play(t.Context(), t, test.policy, test.script...)
				if attempts != test.attempts || err != test.want { //nolint:errorlint // the same error, as it is
					t.Errorf("%d attempts, %v; want %d, %v", attempts, err, test.attempts, test.want)
				}
				if d := cmp.Diff(test.pauses, pauses); d != "" {
					t.Error(d)
				}
			})
		})
	}
}

// An attempt that does not count has no number: several would have the same one.
func TestAttemptsThatCountAreNumbered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := patient()
		var told []int
		p.Notify = func(r network.Retry) { told = append(told, r.Attempt) }
		script := []*network.Failure{limited, passing, limited, passing, nil}
		err := p.Do(t.Context(), func() *network.Failure { f := script[0]; script = script[1:]; return f })
		if d := cmp.Diff([]int{0, 1, 0, 2}, told); d != "" || err != nil {
			t.Errorf("%v, %s", err, d)
		}
	})
}

func TestPausesAreSpreadOverTheWholeTime(t *testing.T) {
	t.Parallel()
	for number, want := range map[float64]time.Duration{0: 0, 0.25: 250 * time.Millisecond, 0.999: 999 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			p := patient()
			p.Random = func() float64 { return number }
			if _, pauses, err := play(t.Context(), t, p, passing, nil); err != nil || pauses[0] != want {
				t.Errorf("%v: paused %v, want %s; %v", number, pauses, want, err)
			}
		})
	}
}

// wantUnsent checks why a request was not repeated.
func wantUnsent(t *testing.T, err error, reason string, cause error) {
	t.Helper()
	var unsent *network.NotRepeated
	if !errors.As(err, &unsent) || unsent.Reason != reason || !errors.Is(err, cause) || !errors.Is(err, errBusy) {
		t.Errorf("got %v, want it not to be repeated: %s", err, reason)
	}
	if err != nil && err.Error() != "busy; "+reason {
		t.Errorf("the text is %q", err)
	}
}

func TestAPauseThatOutlastsTheDeadlineIsNotBegun(t *testing.T) {
	t.Parallel()
	for wait, want := range map[time.Duration]int{4900 * time.Millisecond: 2, 5 * time.Second: 1, 7 * time.Second: 1} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			attempts, _, err := play(ctx, t, patient(), asked(wait), nil)
			if attempts != want {
				t.Errorf("%s: %d attempts, want %d", wait, attempts, want)
			}
			if want == 1 {
				wantUnsent(t, err, fmt.Sprintf("it asks to wait %d s, and the step has 5 s left", wait/time.Second), context.DeadlineExceeded)
			}
		})
	}
}

// A server that is silent until the deadline asks for nothing. The time can be over
// before the context has heard of it.
func TestAnAttemptThatTakesAllTheTimeIsTheLast(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		p := patient()
		p.Now = func() time.Time { return time.Now().Add(time.Microsecond) }
		attempts := 0
		err := p.Do(ctx, func() *network.Failure {
			attempts++
			time.Sleep(5*time.Second - time.Nanosecond)
			return passing
		})
		if attempts != 1 {
			t.Errorf("%d attempts", attempts)
		}
		wantUnsent(t, err, "no time was left to retry", context.DeadlineExceeded)
	})
}

func TestACancellationEndsAPauseAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		time.AfterFunc(100*time.Millisecond, cancel)
		start := time.Now()
		attempts, _, err := play(ctx, t, patient(), passing)
		if took := time.Since(start); attempts != 1 || took != 100*time.Millisecond {
			t.Errorf("%d attempts in %s", attempts, took)
		}
		wantUnsent(t, err, "not retried, because the run was cancelled", context.Canceled)
	})
}

// An attempt that fails for good says so, whether or not the run goes on.
func TestACancellationDoesNotHideAFailureThatStays(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if attempts, _, err := play(ctx, t, patient(), final); attempts != 1 || err != final.Err { //nolint:errorlint // the same error, as it is
		t.Errorf("%d attempts, %v", attempts, err)
	}
}

// answerTime is how long an attempt of a gated request takes.
const answerTime = 100 * time.Millisecond

// gated is a request of several that share a gate: it starts after a time, and
// its first attempt is answered with a failure; nil for none.
type gated struct {
	after time.Duration
	first *network.Failure
	sent  []time.Duration // since the start of all
	err   error
}

// race does requests that share a gate.
func race(ctx context.Context, t *testing.T, requests ...*gated) {
	t.Helper()
	p := patient()
	p.Gate = new(network.Gate)
	start := time.Now()
	var left atomic.Int32
	left.Store(int32(len(requests)))
	done := make(chan struct{})
	for _, r := range requests {
		go func() {
			time.Sleep(r.after)
			r.err = p.Do(ctx, func() *network.Failure {
				r.sent = append(r.sent, time.Since(start))
				time.Sleep(answerTime)
				if len(r.sent) == 1 {
					return r.first
				}
				return nil
			})
			if left.Add(-1) == 0 {
				close(done)
			}
		}()
	}
	<-done
}

// One that is told to wait speaks for all: seven others that go on would only
// have the server ask for more.
func TestNoRequestIsSentBeforeTheTimeThatOneWasTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		told := &gated{first: asked(30 * time.Second)}
		early := &gated{after: time.Second}
		pausing := &gated{first: passing} // would be sent again after half a second
		late := &gated{after: 31 * time.Second}
		const open = answerTime + 30*time.Second
		race(t.Context(), t, told, early, pausing, late)
		var after []time.Duration
		for _, r := range []*gated{told, early, pausing, late} {
			last := r.sent[len(r.sent)-1]
			if r.err != nil || last < open || len(r.sent) > 2 || len(r.sent) == 2 && r.sent[0] != 0 {
				t.Errorf("sent at %v; %v", r.sent, r.err)
			}
			after = append(after, last)
		}
		slices.Sort(after)
		for i, at := range after[1:] {
			if at == after[i] {
				t.Error("two requests go out at once")
			}
		}
	})
}

// A second wish extends the wait of those that wait already, and never shortens
// it.
func TestTheLongestWishCounts(t *testing.T) {
	t.Parallel()
	for _, wishes := range [][2]time.Duration{{10 * time.Second, 30 * time.Second}, {30 * time.Second, 10 * time.Second}} {
		synctest.Test(t, func(t *testing.T) {
			waiting := &gated{after: time.Second}
			race(t.Context(), t, &gated{first: asked(wishes[0])}, &gated{first: asked(wishes[1])}, waiting)
			if d := cmp.Diff([]time.Duration{answerTime + 30*time.Second}, waiting.sent); d != "" || waiting.err != nil {
				t.Errorf("%v %s", waiting.err, d)
			}
		})
	}
}

// The second wish may come while others wait for the first one's time already.
func TestAWishThatComesLaterIsHeard(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := patient()
		p.Gate = new(network.Gate)
		start := time.Now()
		type request struct {
			name string
			sent time.Duration // the last time
		}
		done := make(chan request, 3)
		do := func(name string, begins, takes, wish time.Duration) {
			time.Sleep(begins)
			first, r := true, request{name: name}
			if err := p.Do(t.Context(), func() *network.Failure {
				r.sent = time.Since(start)
				time.Sleep(takes)
				if first && wish > 0 {
					first = false
					return asked(wish)
				}
				return nil
			}); err != nil {
				t.Error(err)
			}
			done <- r
		}
		go do("first", 0, time.Second, 5*time.Second)
		go do("second", 0, 3*time.Second, 30*time.Second)
		go do("waiting", 2*time.Second, time.Second, 0)
		for range 3 {
			if r := <-done; r.sent < 33*time.Second {
				t.Errorf("%s is sent after %s", r.name, r.sent)
			}
		}
	})
}

func TestAGateThatOpensAfterTheDeadlineIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 6*time.Second)
		defer cancel()
		start := time.Now()
		waiting := &gated{after: time.Second}
		race(ctx, t, &gated{first: asked(30 * time.Second)}, waiting)
		if took := time.Since(start); len(waiting.sent) != 0 || took != time.Second {
			t.Errorf("sent at %v, over after %s", waiting.sent, took)
		}
		wantUnsent(t, waiting.err, "it asks to wait 30 s, and the step has 5 s left", context.DeadlineExceeded)
	})
}

func TestACancellationEndsTheWaitAtAGate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(2*time.Second, cancel)
		start := time.Now()
		waiting := &gated{after: time.Second}
		race(ctx, t, &gated{first: asked(30 * time.Second)}, waiting)
		if took := time.Since(start); len(waiting.sent) != 0 || took != 2*time.Second {
			t.Errorf("sent at %v, over after %s", waiting.sent, took)
		}
		wantUnsent(t, waiting.err, "not retried, because the run was cancelled", context.Canceled)
	})
}
