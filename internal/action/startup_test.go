//go:build unix

package action

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
)

// A signal that comes before the program is ready to take it ends it as it ends
// any program; one that comes later leaves outputs. Neither leaves a write.
func TestASignalAtTheStartLeavesNoWrite(t *testing.T) {
	t.Parallel()
	waits := map[string]time.Duration{}
	for _, wait := range []time.Duration{0, 1, 2, 3, 5, 8, 13, 21, 34, 55} {
		waits[fmt.Sprintf("after %d ms", wait)] = wait * time.Millisecond
	}
	atOnce(t, waits, func(t *testing.T, wait time.Duration) {
		s := newStage(t)
		s.script("always*look:delay=3s") // far longer than what is waited here
		p := s.start(checked)
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
		p.ends(report.ExitCancelled, "failed", problem.Cancelled)
		if len(got.requests) > 1 || len(s.History()) > 0 {
			t.Errorf("requests %q", got.requests)
		}
	})
}

// A value that does not come, as from a pipe that nobody writes to or closes,
// does not keep the program from ending.
func TestASignalEndsTheWaitForAValueThatDoesNotCome(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]bool{"no writer": false, "no end": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			name := filepath.Join(t.TempDir(), "value")
			if err := syscall.Mkfifo(name, 0o600); err != nil {
				t.Fatal(err)
			}
			p := s.start(inputs{"secret_id": tokenID, "value_file": name})
			if write {
				defer openToWrite(t, name)()
			}
			p.until("file for the outputs", func() bool { _, err := os.Stat(filepath.Join(p.dir, "output")); return err == nil })
			p.signal(syscall.SIGINT)
			if got := p.ends(report.ExitCancelled, "failed", problem.Cancelled); len(got.requests) > 0 {
				t.Errorf("requests %q", got.requests)
			}
		})
	}
}

// openToWrite returns once the program has opened a pipe to read.
func openToWrite(t *testing.T, name string) (closeIt func()) {
	t.Helper()
	pipe, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return func() { _ = pipe.Close() }
}
