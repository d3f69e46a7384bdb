package action

import (
	"sync"
	"sync/atomic"

	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/report"
)

// progress returns what tells how far the run is, each time that one of many changes is
// done: on a terminal a line that is written over, and elsewhere a line now and then.
func (s *step) progress() func() {
	writes := sync.OnceValue(func() int { return plan.Writes(s.report.Changes) }) // there are none yet
	var done atomic.Int64
	if !s.live() {
		return func() { s.console.Print(report.Progress(int(done.Add(1)), writes())...) }
	}
	return func() {
		s.console.Alone(func() { s.Terminal.Progress(report.ProgressLine(int(done.Add(1)), writes())) })
	}
}

// live reports whether there is a line that is written over.
func (s *step) live() bool { return s.Terminal != nil && !s.Command.Quiet }

func (s *step) endProgress() {
	if s.live() {
		s.console.Alone(s.Terminal.Clear)
	}
}
