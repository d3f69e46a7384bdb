package network

import (
	"sync"
	"time"
)

// Gate keeps the requests of a client back for as long as the server has asked
// one of them to wait. The zero Gate is open, and so is a nil one. It is safe for
// concurrent use.
type Gate struct {
	mu    sync.Mutex
	opens time.Time
	told  error // the failure of the request that was told to wait
}

// close keeps the gate closed until then, if it would be open before.
func (g *Gate) close(until time.Time, told error) {
	if g == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if until.After(g.opens) {
		g.opens, g.told = until, told
	}
}

// left returns how long the gate stays closed from now on, and the failure that
// closed it. It is open if that is no time.
func (g *Gate) left(now time.Time) (time.Duration, error) {
	if g == nil {
		return 0, nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.opens.Sub(now), g.told
}
