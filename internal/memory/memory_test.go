package memory

import (
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

// inChild is set in the process of a test that changes how memory is collected, as long
// as the process lives.
const inChild = "MEMORY_TEST_IN_CHILD"

// The limit stays where it is until garbage has little room, and then follows.
func TestLimitFollowsWhatLives(t *testing.T) {
	if os.Getenv(inChild) == "" {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.count=1")
		child.Env = append(os.Environ(), inChild+"=1")
		if out, err := child.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	DelayCollection()
	for range 5 {
		runtime.GC()
		time.Sleep(10 * time.Millisecond)
	}
	if got := debug.SetMemoryLimit(-1); got != memoryLimit {
		t.Errorf("the limit of a small program is %d MiB, want %d", got>>20, memoryLimit>>20)
	}
	for _, size := range []int64{memoryLimit, 3 * memoryLimit} { // more than once
		lives := make([]byte, size)
		runtime.GC()
		for end := time.Now().Add(10 * time.Second); !within(debug.SetMemoryLimit(-1), size); time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("the limit is %d MiB while %d live", debug.SetMemoryLimit(-1)>>20, size>>20)
			}
		}
		runtime.KeepAlive(lives)
	}
}

// within reports whether a limit leaves room for garbage where so much lives, and not for
// much more.
func within(limit, lives int64) bool { return limit >= lives+lives/2 && limit < 2*lives }
