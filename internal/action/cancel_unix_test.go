//go:build unix

package action

import (
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/report"
)

// gaveUp is a time in which a run that gives up on a request has ended, however busy the
// machine is, and one that waits for the grace of GitHub, which is 7 s, has not.
const gaveUp = 6 * time.Second

// The program takes the system's signals, and tells what became of a write. That it does so
// by the time that the platform kills is shown in a bubble, where time is exact.
func TestASignalEndsTheProgram(t *testing.T) {
	t.Parallel()
	all, gitHub := moments(), platforms["GitHub"].env
	for name, tt := range map[string]struct {
		platform inputs
		signals  []os.Signal
	}{
		"set by ID, a slow write":              {gitHub, []os.Signal{syscall.SIGINT}},
		"create, given up with the write":      {gitHub, []os.Signal{syscall.SIGTERM, syscall.SIGINT}},
		"set by name, an answer that hangs":    {inputs{"CI": "woodpecker"}, []os.Signal{syscall.SIGTERM}},
		"delete, given up with the answer":     {gitHub, []os.Signal{syscall.SIGINT, syscall.SIGTERM}},
		"set by name, told to wait, then look": {inputs{}, []os.Signal{syscall.SIGINT}},
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
			arrived := s.arrived()
			for i, signal := range tt.signals {
				time.Sleep(time.Duration(i) * 100 * time.Millisecond)
				p.signal(signal)
			}
			since := time.Now()
			got := p.ends(report.ExitCancelled, m.result, m.errorCode())
			if took := time.Since(since); m.twice && took > gaveUp {
				t.Errorf("it waits for %v after the second signal", took)
			}
			if late := s.arrived() - arrived; late > m.race {
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
