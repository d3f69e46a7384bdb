package action

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"sync/atomic"
	"testing"

	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
)

// mostMemory is what the program may hold, whatever a server sends.
const mostMemory = 32 << 20

// peak is the most memory that a process has held since it began: what wait4
// tells of it would hold that of the test, which it was forked from.
func peak(t *testing.T, pid int) (bytesHeld int64) {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Error(err)
	}
	_, line, _ := bytes.Cut(status, []byte("VmHWM:"))
	if _, err := fmt.Sscanf(string(line), "%d kB", &bytesHeld); err != nil {
		t.Errorf("there is no VmHWM: %v", err)
	}
	return bytesHeld << 10
}

// A body without an end is read up to a limit, however often it comes: the
// write's, and then that of six attempts to look at what became of it.
func TestEndlessBodiesAreReadUpToALimit(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var p atomic.Pointer[process]
	var looks, held atomic.Int64
	started := make(chan struct{})
	spaces := bytes.Repeat([]byte{' '}, 32<<10)
	s.Set(func(o *nairitest.Options) {
		o.Script = nairitest.Script(t, "always*update:endless")
		o.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
			if r.ContentLength > int64(len("{}")) {
				return false
			}
			looks.Add(1)
			<-started
			held.Store(max(held.Load(), peak(t, p.Load().cmd.Process.Pid)))
			w.WriteHeader(http.StatusServiceUnavailable)
			for r.Context().Err() == nil {
				if _, err := w.Write(spaces); err != nil {
					break
				}
			}
			return true
		}
	})
	p.Store(s.start(rotation))
	close(started)
	p.Load().ends(report.ExitUnknown, "unknown", problem.UnknownState)
	if looks.Load() != 6 {
		t.Errorf("%d looks, want six attempts", looks.Load())
	}
	if got := held.Load(); got == 0 || got > mostMemory {
		t.Errorf("it held %d KiB, over %d", got>>10, mostMemory>>10)
	}
	t.Logf("it held %d KiB", held.Load()>>10)
}
