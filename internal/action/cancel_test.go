package action

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
)

// A signal at any point of a step lets the request in flight come to its end,
// lets no other begin, and ends the program in time with outputs that are true.
func TestASignalLetsTheRequestInFlightEndAndNoOtherBegin(t *testing.T) {
	t.Parallel()
	all := moments()
	if len(all) < 50 {
		t.Errorf("%d moments are too few", len(all))
	}
	for name, m := range all {
		inBubble(t, name, func(s *stage) {
			s.script(m.faults...)
			r := s.begin(m.with)
			m.await(s, &r.stdout, r.until)
			arrived := s.arrived()
			within, since := m.strike(r)
			got := r.ends(report.ExitCancelled, m.result, m.errorCode())
			if took := time.Since(since); took > within {
				s.t.Errorf("it took %v from the signal to the end, over %v", took, within)
			}
			if late := s.arrived() - arrived; late > m.race {
				s.t.Errorf("%d requests came after the signal: %q", late, got.requests[arrived:])
			}
			if got.summary == "" {
				s.t.Error("there is no summary")
			}
			s.isTrue(got)
		})
	}
}

// A request that hangs is given up in time for each platform: what became of it is
// told before the platform kills.
func TestTheGraceIsThePlatforms(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		env   inputs
		grace time.Duration
	}{
		"GitHub":     {inputs{"GITHUB_ACTIONS": "true"}, 7 * time.Second},
		"Woodpecker": {inputs{"CI": "woodpecker", "DRONE": "true"}, 3 * time.Second},
		"GitLab":     {inputs{"CI": "true", "GITLAB_CI": "true"}, 5 * time.Second},
		"act":        {inputs{"GITHUB_ACTIONS": "true", "ACT": "true"}, 4 * time.Second},
		"a shell":    {inputs{}, 4 * time.Second},
	} {
		inBubble(t, name, func(s *stage) {
			s.env, s.runners = tt.env, nil
			s.script("always*update:delay-after-commit=20s")
			r := s.begin(rotation)
			r.until("the write", func() bool { return len(r.History()) > 0 })
			r.signals <- os.Interrupt
			since := time.Now()
			r.ends(report.ExitCancelled, "unknown", problem.UnknownState)
			same(s.t, "time from the signal to the end", tt.grace, time.Since(since))
		})
	}
}

// A signal in the middle of many writes lets those in flight come to their end,
// begins no other, and says of each what became of it.
func TestASignalInASyncSaysOfEachWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	inBubble(t, "fifty", func(s *stage) {
		s.script("always*create:delay-after-commit=1s")
		with := s.syncsFifty()
		with["concurrency"] = "2"
		r := s.begin(with)
		r.until("two writes", func() bool { return len(r.History()) >= 2 })
		r.signals <- os.Interrupt
		got := r.ends(report.ExitCancelled, "partial", problem.Cancelled)
		created := map[string]bool{}
		for _, event := range s.History() {
			created[event.Secret.EnvKey] = true
		}
		for name, result := range resultsIn(s.t, got.outputs["results"]) {
			want := entryResult{name, "failed", problem.Cancelled}
			if created[name] {
				want = entryResult{name, "created", ""}
			}
			same(s.t, "result", want, result)
		}
		same(s.t, "secrets that were created", 2, len(created))
	})
}

// running is a run in a bubble, with signals that a test sends.
type running struct {
	*stage
	attempt
	signals chan os.Signal
	stdout  transcript
	code    int
	done    chan struct{}
}

// begin begins a run with inputs added to those of the stage.
func (s *stage) begin(with inputs) *running {
	s.t.Helper()
	r := &running{stage: s, attempt: s.attempt(with), signals: make(chan os.Signal, 2), done: make(chan struct{})}
	h := host(r.vars, &r.stdout, s.transport)
	h.Signals = r.signals
	h.Env.Open = s.open
	go func() { defer close(r.done); r.code = Run(context.Background(), h) }()
	return r
}

// until waits for something that the run is about to do.
func (r *running) until(what string, came func() bool) {
	r.t.Helper()
	for ; !came(); time.Sleep(time.Millisecond) {
		select {
		case <-r.done:
			r.t.Fatalf("the run ended before %s: %s", what, unmasked(r.t, r.stdout.String()))
		default:
		}
	}
}

// ends waits for the end, and checks it.
func (r *running) ends(code int, result string, errorCode problem.Code) ended {
	r.t.Helper()
	<-r.done
	e := r.ended(r.attempt, []byte(r.stdout.String()), r.code)
	e.ends(r.t, code, result, errorCode)
	return e
}

// await returns once the moment has come.
func (m moment) await(s *stage, printed *transcript, until func(what string, came func() bool)) {
	s.t.Helper()
	until("the request", func() bool { return s.arrived() >= m.request })
	until("the line", func() bool { return strings.Contains(printed.String(), m.printed) })
	until("the write", func() bool { return !m.wrote || len(s.History()) > 0 })
}

// arrived is how many requests have come, but for that of names, which nothing waits for.
func (s *stage) arrived() int {
	return len(slices.DeleteFunc(s.requests(), func(r string) bool { return r == namesOfVaults }))
}

// strike sends the signals, and returns how long the run has since when.
func (m moment) strike(r *running) (within time.Duration, since time.Time) {
	r.t.Helper()
	r.signals <- os.Interrupt
	if !m.twice {
		return 7 * time.Second, time.Now() // GitHub's
	}
	time.Sleep(100 * time.Millisecond)
	select {
	case <-r.done:
		r.t.Error("it did not wait for the request in flight")
	default:
		r.signals <- os.Interrupt
	}
	return 0, time.Now()
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
