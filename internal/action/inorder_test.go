package action

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// numbered is a result that its name tells from others.
func numbered(turn int) apply.Result {
	return apply.Result{Change: plan.Change{Desired: plan.Desired{EnvKey: fmt.Sprint(turn)}}}
}

// However requests end, each is told once, and in the order in which they were begun.
func TestResultsAreToldInOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 30).Draw(t, "n")
		turns := make([]int, n)
		for i := range turns {
			turns[i] = i
		}
		next := 0
		o := newInOrder(func(r apply.Result) {
			if r.Change.Name() != fmt.Sprint(next) {
				t.Fatalf("%s is told at turn %d", r.Change.Name(), next)
			}
			next++
		})
		for _, turn := range rapid.Permutation(turns).Draw(t, "turns") {
			o.done(turn, numbered(turn))
		}
		if next != n || len(o.held) > 0 {
			t.Fatalf("%d of %d are told", next, n)
		}
	})
}

// One that is slow does not keep the others for long.
func TestASlowChangeHoldsOthersForTwoSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var told []string
		o, begin := newInOrder(nil), time.Now()
		o.tell = func(r apply.Result) { told = append(told, fmt.Sprint(r.Change.Name(), " after ", time.Since(begin))) }
		o.done(2, numbered(2))
		time.Sleep(time.Second)
		o.done(1, numbered(1))
		time.Sleep(3 * time.Second)
		o.done(4, numbered(4))
		o.done(0, numbered(0))
		o.done(3, numbered(3))
		if got := strings.Join(told, ", "); got != "1 after 2s, 2 after 2s, 0 after 4s, 3 after 4s, 4 after 4s" {
			t.Error(got)
		}
	})
}
