//go:build unix

package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/report"
)

const (
	// endsWithin is from the first signal; the runner's second one comes after
	// 7.5 s (actions/runner, ProcessInvoker.cs).
	endsWithin = 7 * time.Second
	// givesUpWithin is from the second signal.
	givesUpWithin = 500 * time.Millisecond
)

// moment is a point in a step at which a signal comes.
type moment struct {
	with    inputs
	faults  []string
	request int    // the signal comes once this many requests have arrived,
	printed string // and this was printed,
	wrote   bool   // and something was written
	twice   bool   // a second signal follows
	race    int    // how many requests may be on their way out when it comes
	result  string
	signal  syscall.Signal
}

// steps are of two requests, the second of which writes.
var steps = map[string]struct {
	with        inputs
	read, write nairitest.Kind
	done        string
}{
	"set by ID":   {inputs{"secret_id": tokenID, "value": value}, nairitest.KindLook, nairitest.KindUpdate, "updated"},
	"set by name": {inputs{"env_key": "TOKEN", "value": value, "allowed_domains": hosts}, nairitest.KindList, nairitest.KindUpdate, "updated"},
	"create":      {inputs{"env_key": "NEW", "value": value, "allowed_domains": hosts}, nairitest.KindList, nairitest.KindCreate, "created"},
	"delete":      {inputs{"operation": "delete", "secret_id": tokenID}, nairitest.KindLook, nairitest.KindDelete, "deleted"},
}

const again = "; trying again in "

// inTheRead and inTheWrite are what makes one of the two requests of a step
// slow, by name. A result of "" is that of a step that nothing went wrong with.
var (
	inTheRead = map[string]moment{
		"a slow look":             {faults: []string{"delay=1s"}, result: "failed"},
		"a look that hangs":       {faults: []string{"delay=20s"}, result: "failed"},
		"given up with the look":  {faults: []string{"delay=20s"}, twice: true, result: "failed"},
		"told to wait, then look": {faults: []string{"throttle=seconds,30s"}, printed: again + "30s", result: "failed"},
		"before another look":     {faults: []string{"status=503"}, printed: again, race: 1, result: "failed"},
	}
	inTheWrite = map[string]moment{
		"a slow write":             {faults: []string{"delay=1s"}},
		"a slow answer":            {faults: []string{"delay-after-commit=1s"}, wrote: true},
		"a write that hangs":       {faults: []string{"delay=20s"}, result: "unknown"},
		"an answer that hangs":     {faults: []string{"delay-after-commit=20s"}, wrote: true, result: "unknown"},
		"given up with the write":  {faults: []string{"delay=20s"}, twice: true, result: "unknown"},
		"given up with the answer": {faults: []string{"delay-after-commit=20s"}, wrote: true, twice: true, result: "unknown"},
		"told to wait, then write": {faults: []string{"throttle=seconds,30s"}, printed: again + "30s", result: "failed"},
		"before another write":     {faults: []string{"throttle"}, printed: again, race: 1, result: "failed"},
	}
)

// afterALostAnswer are moments in what follows a write that was carried out and
// not answered.
var afterALostAnswer = map[string]moment{
	"update, before another write": {
		with: steps["set by ID"].with, faults: []string{"always*update:reset-after-commit"},
		request: 2, printed: again, wrote: true, race: 1, result: "unknown",
	},
	"delete, in another write": {
		with: steps["delete"].with, faults: []string{"delete:reset-after-commit", "delete:delay=1s"},
		request: 3, wrote: true, result: "deleted",
	},
	"create, in another look": {
		with: steps["create"].with, faults: []string{"create:reset-after-commit", "list:delay=0s", "list:delay=1s"},
		request: 3, wrote: true, result: "unknown",
	},
}

// moments are all that are tried, with the two signals in turn.
func moments() map[string]moment {
	all := maps.Clone(afterALostAnswer)
	for name, step := range steps {
		for when, m := range inTheRead {
			m.with, m.request, m.faults = step.with, 1, []string{fmt.Sprintf("always*%s:%s", step.read, m.faults[0])}
			all[name+", "+when] = m
		}
		for when, m := range inTheWrite {
			m.with, m.request, m.faults = step.with, 2, []string{fmt.Sprintf("always*%s:%s", step.write, m.faults[0])}
			if m.result == "" {
				m.result = step.done
			}
			all[name+", "+when] = m
		}
	}
	for i, name := range slices.Sorted(maps.Keys(all)) {
		m := all[name]
		m.signal = []syscall.Signal{syscall.SIGINT, syscall.SIGTERM}[i%2]
		all[name] = m
	}
	return all
}

// A signal at any point of a step lets the request in flight come to its end,
// lets no other begin, and ends the program in time with outputs that are true.
func TestSignals(t *testing.T) {
	t.Parallel()
	all := moments()
	if len(all) < 50 {
		t.Errorf("%d moments are too few", len(all))
	}
	atOnce(t, all, func(t *testing.T, m moment) {
		s := newStage(t)
		s.Set(func(o *nairitest.Options) { o.Script = nairitest.Script(t, m.faults...) })
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

// await returns once the moment has come.
func (m moment) await(p *process) {
	p.t.Helper()
	p.until("the request", func() bool { return len(p.Requests()) >= m.request })
	p.until("the line", func() bool { return strings.Contains(p.stdout.String(), m.printed) })
	p.until("the write", func() bool { return !m.wrote || len(p.History()) > 0 })
}

// strike sends the signals, and returns how long the program has since when.
func (m moment) strike(p *process) (within time.Duration, since time.Time) {
	p.signal(m.signal)
	if !m.twice {
		return endsWithin, time.Now()
	}
	time.Sleep(100 * time.Millisecond) // two of one kind that come at once are one
	select {
	case <-p.done:
		p.t.Error("it did not wait for the request in flight")
	default:
		p.signal(m.signal)
	}
	return givesUpWithin, time.Now()
}

func (p *process) signal(signal os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(signal); err != nil {
		p.t.Errorf("the signal: %v", err)
	}
}

func (m moment) errorCode() string {
	codes := map[string]report.Code{"failed": report.Cancelled, "unknown": report.UnknownState}
	return string(codes[m.result])
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

// A signal that comes before the program is ready to take it ends it as it ends
// any program; one that comes later leaves outputs. Neither leaves a write.
func TestSignalsAtTheStart(t *testing.T) {
	t.Parallel()
	waits := map[string]time.Duration{}
	for _, wait := range []time.Duration{0, 1, 2, 3, 5, 8, 13, 21, 34, 55} {
		waits[fmt.Sprintf("after %d ms", wait)] = wait * time.Millisecond
	}
	atOnce(t, waits, func(t *testing.T, wait time.Duration) {
		s := newStage(t)
		s.Set(func(o *nairitest.Options) { o.Script = nairitest.Script(t, "always*look:delay=1s") })
		p := s.start(steps["set by ID"].with)
		time.Sleep(wait)
		p.signal(syscall.SIGTERM)
		got := p.wait()
		status := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
		if untaken := status.Signaled() && status.Signal() == syscall.SIGTERM; untaken {
			if len(got.outputs) > 0 || len(got.requests) > 0 {
				t.Errorf("it ended at once, with %v after %q", got.outputs, got.requests)
			}
			return
		}
		p.ends(report.ExitCancelled, "failed", string(report.Cancelled))
		if len(got.requests) > 1 || len(s.History()) > 0 {
			t.Errorf("requests %q", got.requests)
		}
	})
}

// A value that does not come, as from a pipe that nobody closes, does not keep
// the program from ending.
func TestSignalWhileTheValueIsRead(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	name := filepath.Join(t.TempDir(), "value")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	p := s.start(inputs{"secret_id": tokenID, "value_file": name})
	pipe, err := os.OpenFile(name, os.O_WRONLY, 0) // returns once the program has opened it too
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = pipe.Close() }()
	p.signal(syscall.SIGINT)
	since := time.Now()
	got := p.wait()
	if took := time.Since(since); got.code != report.ExitCancelled || took > endsWithin {
		t.Errorf("exit code %d after %v", got.code, took)
	}
	if got.outputs["result"] != "failed" || len(got.outputs) != 9 || len(got.requests) > 0 {
		t.Errorf("outputs %v, requests %q", got.outputs, got.requests)
	}
}
