//go:build unix

package action

import (
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/report"
)

const (
	// endsWithin is from the first signal, where nothing is waited for.
	endsWithin = 7 * time.Second
	// givesUpWithin is from the second signal.
	givesUpWithin = 500 * time.Millisecond
)

// The program takes the system's signals, and has told what became of a write by the
// time that the platform kills.
func TestASignalEndsTheProgram(t *testing.T) {
	t.Parallel()
	all := moments()
	for name, tt := range map[string]struct {
		platform inputs
		signals  []os.Signal
		within   time.Duration
	}{
		"set by ID, a slow write":              {platforms["GitHub"].env, []os.Signal{syscall.SIGINT}, 7500 * time.Millisecond},
		"create, given up with the write":      {platforms["GitHub"].env, []os.Signal{syscall.SIGTERM, syscall.SIGINT}, givesUpWithin},
		"set by name, an answer that hangs":    {inputs{"CI": "woodpecker"}, []os.Signal{syscall.SIGTERM}, 5 * time.Second},
		"delete, given up with the answer":     {inputs{}, []os.Signal{syscall.SIGINT, syscall.SIGTERM}, givesUpWithin},
		"set by name, told to wait, then look": {inputs{}, []os.Signal{syscall.SIGINT}, endsWithin},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, found := all[name]
			if !found {
				t.Fatal("there is no such moment")
			}
			s := newStage(t)
			s.env, s.runners = tt.platform, nil
			s.script(m.faults...)
			p := s.start(m.with)
			m.await(p.stage, &p.stdout, p.until)
			arrived := len(s.Requests())
			for i, signal := range tt.signals {
				time.Sleep(time.Duration(i) * 100 * time.Millisecond)
				p.signal(signal)
			}
			since := time.Now()
			got := p.ends(report.ExitCancelled, m.result, m.errorCode())
			if took := time.Since(since); took > tt.within {
				t.Errorf("it took %v from the last signal to the end, over %v", took, tt.within)
			}
			if late := len(s.Requests()) - arrived; late > m.race {
				t.Errorf("%d requests came after the signal: %q", late, got.requests[arrived:])
			}
			s.isTrue(got)
		})
	}
}

func (p *process) signal(signal os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(signal); err != nil {
		p.t.Errorf("the signal: %v", err)
	}
}
