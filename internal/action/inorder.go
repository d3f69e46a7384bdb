package action

import (
	"math"
	"sync"
	"time"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// longestHeld is for how long a slow change keeps those behind it from being told.
const longestHeld = 2 * time.Second

// inOrder tells what became of changes in the order in which they were begun, although
// their requests end in another: the log of the same run always reads the same.
type inOrder struct {
	tell func(apply.Result)

	mu    sync.Mutex // of all below
	next  int
	held  map[int]apply.Result
	timer *time.Timer // nil while nothing is held
}

func newInOrder(tell func(apply.Result)) *inOrder {
	return &inOrder{tell: tell, held: map[int]apply.Result{}}
}

// done takes the result of the change that was begun at this turn.
func (o *inOrder) done(turn int, result apply.Result) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.held[turn] = result
	for there := turn <= o.next; there; _, there = o.held[o.next] {
		o.release(min(turn, o.next))
		turn = o.next
	}
	if len(o.held) > 0 && o.timer == nil {
		o.timer = time.AfterFunc(longestHeld, func() { _ = problem.Recovered(o.flush) })
	}
}

// release tells the result of a turn.
func (o *inOrder) release(turn int) {
	result := o.held[turn]
	delete(o.held, turn)
	o.next = max(o.next, turn+1)
	o.tell(result)
}

// flush tells all that is held.
func (o *inOrder) flush() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.timer = nil
	for len(o.held) > 0 {
		first := math.MaxInt
		for turn := range o.held {
			first = min(first, turn)
		}
		o.release(first)
	}
}
