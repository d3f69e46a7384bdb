package network

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Gate keeps the requests of a client to what the server allows. It is open until
// the server asks one of them to wait: then all wait, and fewer go out at a time
// afterwards. The zero Gate is open, and so is a nil one. It is safe for
// concurrent use.
//
// The rate rises by so much a second and falls to what went through (additive
// increase, multiplicative decrease: Chiu and Jain, 1989). What went through
// counts the time that all had to wait, so that it is what the server allows in
// the long run. A slow rate rises by the same for every run: a share of its own
// would leave the one that fell behind there, long after the others are done.
type Gate struct {
	mu     sync.Mutex
	opens  time.Time
	told   error         // the failure of the request that was told to wait
	pace   *rate.Limiter // nil as long as none was
	rise   rate.Limit    // by which the pace rises in a second; 0 while it is not known
	round  int           // counts how often the pace was slowed
	since  time.Time     // when the round began
	passed int           // requests of the round that were not told to wait
}

// Bounds of the pace.
const (
	slowest = 0.1  // requests a second
	first   = 1    // requests a second after the first wish, at least
	growth  = 1.5  // of the pace with each request, as long as it is not known
	lead    = 4    // times as much as passes, at most, meanwhile
	few     = 5    // requests that went through, which are no measure
	share   = 0.02 // of the pace that it rises by in a second,
	same    = 0.05 // and requests a second that it rises by in each, at least
	least   = 0.5  // of the pace that is left after one more wish, at least,
	most    = 0.9  // and at most
)

// turn is when a request may be sent, and the round in which that was said.
type turn struct {
	at    time.Time
	round int
}

// next returns the turn of one more request.
func (g *Gate) next(now time.Time) turn {
	if g == nil {
		return turn{at: now}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.since.IsZero() {
		g.since = now
	}
	at := later(now, g.opens)
	if g.pace != nil {
		at = at.Add(g.pace.ReserveN(at, 1).DelayFrom(at))
	}
	return turn{at: at, round: g.round}
}

// valid reports whether a turn that has come may be taken: nobody was told to wait
// since it was given.
func (g *Gate) valid(t turn, now time.Time) bool {
	if g == nil {
		return true
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.round == t.round && !g.opens.After(now)
}

// left returns how long the gate stays closed from now on, and the failure that
// closed it or slowed its pace last.
func (g *Gate) left(now time.Time) (time.Duration, error) {
	if g == nil {
		return 0, nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.opens.Sub(now), g.told
}

// answered notes that a request was not told to wait.
func (g *Gate) answered(t turn, now time.Time) {
	if g == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if t.round != g.round {
		return
	}
	g.passed++
	if g.pace == nil {
		return
	}
	pace := g.pace.Limit()
	if g.rise == 0 {
		pace = min(pace*growth, lead*g.passedIn(now.Sub(g.since)))
	} else {
		pace += g.rise / pace // as often a second as the pace says
	}
	g.pace.SetLimitAt(later(now, g.opens), pace)
}

// wait closes the gate for as long as the server asked for, if it would be open
// before, and slows the pace. A request of an earlier round has nothing new to
// say of the pace: it went out with the one that was told first.
func (g *Gate) wait(t turn, now time.Time, asked time.Duration, told error) {
	if g == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if until := now.Add(asked); until.After(g.opens) {
		g.opens, g.told = until, told
	}
	if t.round != g.round {
		g.since = later(g.since, g.opens)
		return
	}
	from := later(now, g.opens)
	g.slow(from)
	g.since = from
	if asked <= 0 { // it says that it is too early, and not until when
		g.pace.ReserveN(from, 1)
	}
}

// slow begins a round at a pace of what went through in the last.
func (g *Gate) slow(from time.Time) {
	through := g.passedIn(from.Sub(g.since))
	switch {
	case g.pace != nil:
		pace := g.pace.Limit()
		through = min(max(through, pace*least), pace*most)
	default: // some may have gone to others: it is no measure yet of what is too much
		through = max(through, first)
	}
	through = max(through, slowest)
	unknown := g.passed == 0 || g.pace == nil && g.passed < few
	g.pace, g.rise = rate.NewLimiter(through, 1), max(through*share, same)
	if unknown {
		g.rise = 0
	}
	g.round++
	g.passed = 0
}

// passedIn is how many a second passed if it took so long, and a second at least:
// some at a time are no rate.
func (g *Gate) passedIn(length time.Duration) rate.Limit {
	return rate.Limit(float64(g.passed) / max(1, length.Seconds()))
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
