package github_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/github"
	"github.com/nairi-community/vault-secret/internal/githubtest"
)

// turns is a network on which each request waits for its turn.
type turns struct {
	next        http.RoundTripper
	turn, event chan struct{}
}

// RoundTrip implements http.RoundTripper.
func (n *turns) RoundTrip(r *http.Request) (*http.Response, error) {
	n.event <- struct{}{}
	<-n.turn
	return n.next.RoundTrip(r)
}

// runner is a run whose requests go when they are told to.
type runner struct {
	*turns
	ended chan error
	done  bool
	err   error
}

func begin(t *testing.T, server *githubtest.Server, issue github.Issue) *runner {
	t.Helper()
	r := &runner{turns: &turns{server.Transport(), make(chan struct{}), make(chan struct{})}, ended: make(chan error)}
	o := options(server)
	o.Transport = r.turns
	client := newClient(t, o)
	go func() { r.ended <- client.Issue(t.Context(), octoCats, issue) }()
	r.await(t)
	return r
}

// await waits until the run has another request, or has ended.
func (r *runner) await(t *testing.T) {
	t.Helper()
	select {
	case <-r.event:
	case r.err = <-r.ended:
		r.done = true
	case <-time.After(time.Minute):
		t.Fatal("a run neither asks nor ends")
	}
}

// step lets one request go, if there is one.
func (r *runner) step(t *testing.T) {
	t.Helper()
	if !r.done {
		r.turn <- struct{}{}
		r.await(t)
	}
}

// alone is a run at a time at which there is no other.
func alone(t *testing.T, server *githubtest.Server, issue github.Issue) {
	t.Helper()
	o := options(server)
	o.Transport = server.Transport()
	if err := newClient(t, o).Issue(t.Context(), octoCats, issue); err != nil {
		t.Fatal(err)
	}
}

// orders are all ways in which two runs of n requests each can follow each other, as
// the bits of a number: which of them is next.
func orders(n int) []uint {
	var all []uint
	for order := range uint(1) << (2 * n) {
		if strings.Count(fmt.Sprintf("%b", order), "1") == n {
			all = append(all, order)
		}
	}
	return all
}

// What is there before two runs, and what each of them finds to be off.
var races = []struct {
	name          string
	before        []string // what earlier runs found
	first, second string
	requests      int      // of the longer one
	wants         []string // what the open issue may say, or "" for none
}{
	{"both make one", nil, "one", "one", 5, []string{"one"}},
	{"both make one, and differ", nil, "one", "two", 5, []string{"one", "two"}},
	{"only the first makes one", nil, "one", "", 5, []string{"", "one"}},
	{"only the second makes one", nil, "", "two", 5, []string{"two"}},
	{"both reopen it", []string{"old", ""}, "one", "two", 3, []string{"one", "two"}},
	{"one reopens it", []string{"old", ""}, "one", "", 3, []string{"", "one"}},
	{"both update it", []string{"old"}, "one", "two", 3, []string{"one", "two"}},
	{"one updates it, and one closes it", []string{"old"}, "one", "", 5, []string{"", "one"}},
	{"one closes it, and one updates it", []string{"old"}, "", "two", 5, []string{"", "two"}},
	{"both close it", []string{"old"}, "", "", 5, []string{""}},
}

// In whichever order the requests of two runs come, one issue is open at the end or
// none, as one of them found, and the next run corrects what is not of the later one.
func TestTwoRunsAtTheSameTimeInEveryOrder(t *testing.T) {
	t.Parallel()
	for _, race := range races {
		t.Run(race.name, func(t *testing.T) {
			t.Parallel()
			for _, order := range orders(race.requests) {
				server := githubtest.New(t, githubtest.Options{})
				run := int64(0)
				next := func(text string) github.Issue { run++; return off(run, text) }
				for _, text := range race.before {
					alone(t, server, next(text))
				}
				runners := []*runner{begin(t, server, next(race.first)), begin(t, server, next(race.second))}
				for _, r := range runners {
					r.step(t) // whose token it is, which changes nothing
				}
				for bit := range 2 * race.requests {
					runners[order>>bit&1].step(t)
				}
				for !runners[0].done || !runners[1].done {
					runners[0].step(t)
					runners[1].step(t)
				}
				judgeRace(t, server, runners, race.wants, order)
				alone(t, server, next("later"))
				wantOpen(t, server, []string{"later"}, order)
				server.Close()
			}
		})
	}
}

func judgeRace(t *testing.T, server *githubtest.Server, runners []*runner, wants []string, order uint) {
	t.Helper()
	for _, r := range runners {
		if r.err != nil && !strings.Contains(r.err.Error(), "a later run, ") {
			t.Errorf("%010b: %v", order, r.err)
		}
	}
	wantOpen(t, server, wants, order)
}

// wantOpen checks that at most one issue is open, and that it says one of the texts;
// no text is for none.
func wantOpen(t *testing.T, server *githubtest.Server, wants []string, order uint) {
	t.Helper()
	var open []string
	for _, issue := range server.Issues(repo) {
		if issue.State == "open" {
			open = append(open, shown(issue))
		}
	}
	for _, want := range wants {
		if want == "" && len(open) == 0 || len(open) == 1 && strings.Contains(open[0], " open: "+want+"\n") {
			return
		}
	}
	t.Errorf("%010b: open are %q, want one of %q", order, open, wants)
}
