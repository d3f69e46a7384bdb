//go:build unix

package action

import (
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
)

const (
	// endsWithin is from the first signal; the runner's second one comes after
	// 7.5 s (actions/runner, ProcessInvoker.cs).
	endsWithin = 7 * time.Second
	// givesUpWithin is from the second signal.
	givesUpWithin = 500 * time.Millisecond
)

// A signal at any point of a step lets the request in flight come to its end,
// lets no other begin, and ends the program in time with outputs that are true.
func TestASignalLetsTheRequestInFlightEndAndNoOtherBegin(t *testing.T) {
	t.Parallel()
	all := moments()
	if len(all) < 50 {
		t.Errorf("%d moments are too few", len(all))
	}
	atOnce(t, all, func(t *testing.T, m moment) {
		s := newStage(t)
		s.script(m.faults...)
		p := s.start(m.with)
		m.await(p)
		arrived := len(s.Requests())
		within, since := m.strike(p)
		got := p.ends(report.ExitCancelled, m.result, m.errorCode())
		if took := time.Since(since); took > within {
			t.Errorf("it took %v from the signal to the end, over %v", took, within)
		}
		if late := len(s.Requests()) - arrived; late > m.race {
			t.Errorf("%d requests came after the signal: %q", late, got.requests[arrived:])
		}
		if got.summary == "" {
			t.Error("there is no summary")
		}
		s.isTrue(got)
	})
}

// A signal in the middle of many writes lets those in flight come to their end,
// begins no other, and says of each what became of it.
func TestASignalInASyncSaysOfEachWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.script("always*create:delay-after-commit=1s")
	with := s.syncsFifty()
	with["concurrency"] = "2"
	p := s.start(with)
	p.until("two writes", func() bool { return len(p.History()) >= 2 })
	p.signal(syscall.SIGTERM)
	got := p.ends(report.ExitCancelled, "partial", problem.Cancelled)
	created := map[string]bool{}
	for _, event := range s.History() {
		created[event.Secret.EnvKey] = true
	}
	for name, r := range resultsIn(t, got.outputs["results"]) {
		want := entryResult{name, "failed", problem.Cancelled}
		if created[name] {
			want = entryResult{name, "created", ""}
		}
		if r != want {
			t.Errorf("%+v, want %+v", r, want)
		}
	}
	if len(created) > 4 { // two in flight, and two more if they were just begun
		t.Errorf("%d secrets were created", len(created))
	}
}

// await returns once the moment has come.
func (m moment) await(p *process) {
	p.t.Helper()
	p.until("the request", func() bool { return len(p.Requests()) >= m.request })
	p.until("the line", func() bool { return strings.Contains(p.stdout.String(), m.printed) })
	p.until("the write", func() bool { return !m.wrote || len(p.History()) > 0 })
}

// strike sends the signals, and returns how long the program has since when.
func (m moment) strike(p *process) (within time.Duration, since time.Time) {
	p.t.Helper()
	p.signal(m.signal)
	if !m.twice {
		return endsWithin, time.Now()
	}
	time.Sleep(100 * time.Millisecond)
	select {
	case <-p.done:
		p.t.Error("it did not wait for the request in flight")
	default:
		p.signal(m.other()) // two of one kind may arrive as one
	}
	return givesUpWithin, time.Now()
}

func (p *process) signal(signal os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(signal); err != nil {
		p.t.Errorf("the signal: %v", err)
	}
}

// isTrue compares what a step said with what happened. That nothing is known
// may only be said of a write whose answer did not come.
func (s *stage) isTrue(said ended) {
	s.t.Helper()
	happened := map[string]bool{}
	for _, event := range s.History() {
		happened[string(event.Change)] = true
	}
	result := said.outputs["result"]
	switch result {
	case "created", "updated", "deleted":
		if !happened[result] {
			s.t.Errorf("it said %s; what happened is %v", result, happened)
		}
	case "unknown":
		if s.answered() {
			s.t.Error("it said unknown of a write that was answered")
		}
	default:
		if len(happened) > 0 {
			s.t.Errorf("it said %q; what happened is %v", result, happened)
		}
	}
	if changed := said.outputs["changed"]; (changed == "true") != (result == "unknown" || len(happened) > 0) {
		s.t.Errorf("its changed is %q; what happened is %v", changed, happened)
	}
}

// answered reports whether every write was.
func (s *stage) answered() bool {
	return !slices.ContainsFunc(s.Requests(), func(r nairitest.Request) bool {
		writes := r.Kind != nairitest.KindLook && r.Kind != nairitest.KindList
		return writes && r.Status == 0
	})
}
