package network_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nairi-community/vault-secret/internal/network"
)

// limit is a server's limit. It says whether a request is one too many, and then
// how long to wait; zero for no word about that.
type limit func(now time.Duration) (tooMany bool, wait time.Duration)

// window allows so many in each stretch of time that begins with the clock, as
// counters in a shared store do.
func window(most int, length, wait time.Duration) limit {
	counts := map[time.Duration]int{}
	return func(now time.Duration) (bool, time.Duration) {
		begun := now / length
		if counts[begun] == most {
			if wait < 0 {
				return true, ((begun+1)*length - now + time.Second - 1).Truncate(time.Second)
			}
			return true, wait
		}
		counts[begun]++
		return false, 0
	}
}

// sliding allows so many in any stretch of time.
func sliding(most int, length, wait time.Duration) limit {
	var taken []time.Duration
	return func(now time.Duration) (bool, time.Duration) {
		for len(taken) > 0 && taken[0] <= now-length {
			taken = taken[1:]
		}
		if len(taken) >= most {
			return true, wait
		}
		taken = append(taken, now)
		return false, 0
	}
}

// bucket allows a rate, and as many more at a time as it holds.
func bucket(aSecond, holds float64, wait time.Duration) limit {
	level, last := holds, time.Duration(0)
	return func(now time.Duration) (bool, time.Duration) {
		level = min(holds, level+aSecond*(now-last).Seconds())
		last = now
		if level < 1 {
			return true, wait
		}
		level--
		return false, 0
	}
}

// after lets one request through, and no other before a time.
func after(begin time.Duration, l limit) limit {
	first := true
	return func(now time.Duration) (bool, time.Duration) {
		if now < begin && !first {
			return true, time.Second
		}
		first = false
		return l(now)
	}
}

// client is one run of the program against a limit: it sends requests, some at a
// time, over one gate.
type client struct {
	policy           network.Policy
	requests, atOnce int
	done, sent       int
	took             time.Duration
}

func newClient(requests, atOnce int) *client {
	p := patient()
	p.Gate = new(network.Gate)
	p.Attempts, p.Cap = 6, 20*time.Second
	return &client{policy: p, requests: requests, atOnce: atOnce}
}

// run sends all requests until they are answered, or the deadline of ctx.
func (c *client) run(ctx context.Context, l limit, mu *sync.Mutex, start time.Time) {
	var workers sync.WaitGroup
	left := make(chan struct{}, c.requests)
	for range c.requests {
		left <- struct{}{}
	}
	close(left)
	for range c.atOnce {
		workers.Go(func() {
			for range left {
				err := c.policy.Do(ctx, func() *network.Failure {
					time.Sleep(50 * time.Millisecond)
					mu.Lock()
					defer mu.Unlock()
					c.sent++
					if tooMany, wait := l(time.Since(start)); tooMany {
						return &network.Failure{Err: errBusy, Repeatable: true, Limited: true, Asked: wait}
					}
					return nil
				})
				if err == nil {
					mu.Lock()
					c.done++
					mu.Unlock()
				}
			}
		})
	}
	workers.Wait()
	c.took = time.Since(start)
}

// However a server counts, what it allows is used: all is done, in hardly more
// time than it takes at the rate that is allowed.
func TestARateIsFoundThatTheServerAllows(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		limit    limit
		requests int
		most     time.Duration
	}{
		"2 a second, by the clock":            {window(2, time.Second, time.Second), 60, 45 * time.Second},
		"2 a second":                          {sliding(2, time.Second, time.Second), 60, 45 * time.Second},
		"5 a second, by the clock":            {window(5, time.Second, time.Second), 120, 36 * time.Second},
		"5 a second":                          {sliding(5, time.Second, time.Second), 120, 36 * time.Second},
		"5 a second, and 20 at a time":        {bucket(5, 20, time.Second), 120, 32 * time.Second},
		"5 a second, and no word":             {bucket(5, 5, 0), 120, 36 * time.Second},
		"2 a second, and no word":             {sliding(2, time.Second, 0), 60, 60 * time.Second},
		"100 a minute, and it says how long":  {window(100, time.Minute, -1), 300, 200 * time.Second},
		"60 a minute, and always says 30 s":   {window(60, time.Minute, 30*time.Second), 120, 140 * time.Second},
		"1 in 4 seconds":                      {bucket(0.25, 1, 4*time.Second), 30, 200 * time.Second},
		"50 a second":                         {bucket(50, 50, time.Second), 1000, 30 * time.Second},
		"more than are sent":                  {bucket(1000, 1000, time.Second), 400, 2500 * time.Millisecond},
		"others had all of the first second":  {after(time.Second, bucket(100, 10, time.Second)), 1000, 25 * time.Second},
		"a single burst of 10, 1 in a second": {bucket(1, 10, time.Second), 60, 75 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newClient(test.requests, 8)
				c.run(t.Context(), test.limit, new(sync.Mutex), time.Now())
				t.Logf("%d requests, %d sent, %s", c.done, c.sent, c.took)
				if c.done != c.requests || c.took > test.most || c.sent > 2*c.requests {
					t.Errorf("%d of %d in %s, sent %d times; want all in %s", c.done, c.requests, c.took, c.sent, test.most)
				}
			})
		})
	}
}

// Jobs that use the same key do not know of each other, and still all come to
// their end. Six at five a second need 24 seconds together. The bounds are some
// beyond the slowest of 600 runs: 52 s, 56 s, 63 s and 68 s.
func TestRunsThatShareALimitAllComeToTheirEnd(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		limit func() limit
		most  time.Duration
	}{
		"5 a second, and 5 at a time": {func() limit { return bucket(5, 5, time.Second) }, 60 * time.Second},
		"5 a second":                  {func() limit { return sliding(5, time.Second, time.Second) }, 70 * time.Second},
		"5 a second, by the clock":    {func() limit { return window(5, time.Second, time.Second) }, 70 * time.Second},
		"5 a second, and no word":     {func() limit { return bucket(5, 5, 0) }, 80 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for range 10 { // what comes first decides who falls behind
				synctest.Test(t, func(t *testing.T) { shared(t, test.limit(), test.most) })
			}
		})
	}
}

// shared is six runs at one limit.
func shared(t *testing.T, l limit, most time.Duration) {
	t.Helper()
	mu, start := new(sync.Mutex), time.Now()
	var clients []*client
	var runs sync.WaitGroup
	for range 6 {
		c := newClient(20, 8)
		clients = append(clients, c)
		runs.Go(func() { c.run(t.Context(), l, mu, start) })
	}
	runs.Wait()
	for _, c := range clients {
		t.Logf("%d requests, %d sent, %s", c.done, c.sent, c.took)
		if c.done != c.requests || c.took > most {
			t.Errorf("%d of %d in %s", c.done, c.requests, c.took)
		}
	}
}

// A deadline ends what waits for its turn, and nothing else does.
func TestADeadlineEndsWhatWaitsForItsTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		c := newClient(100, 8)
		c.run(ctx, bucket(1, 1, time.Second), new(sync.Mutex), time.Now())
		if c.done < 5 || c.took > 10*time.Second+100*time.Millisecond { // with the answer to the last
			t.Errorf("%d done in %s", c.done, c.took)
		}
	})
}
