package action

import (
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// How many bytes a package of ours may allocate before main: what sync.OnceValue or
// strings.NewReplacer need to build a table on its first use, and no table. The key
// and the value are masked in every run, so that the tables of mask are always used.
const (
	ownPath          = "github.com/nairi-community/vault-secret/"
	mostPrepared     = 1 << 10
	mostMaskPrepares = 10 << 10
)

// trace is a line of GODEBUG=inittrace=1 (runtime, package documentation). The
// bytes are the same in every run; a package that prepares nothing has no line.
var trace = regexp.MustCompile(`(?m)^init (\S+) @.* (\d+) bytes, (\d+) allocs$`)

// What a package prepares at its start, each step of each job waits for, also the
// many that never use it.
func TestOurPackagesPrepareNothingBeforeMain(t *testing.T) {
	t.Parallel()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "-version")
	cmd.Env = []string{"GODEBUG=inittrace=1"}
	var traced strings.Builder
	cmd.Stderr = &traced
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	lines := trace.FindAllStringSubmatch(traced.String(), -1)
	if len(lines) == 0 {
		t.Fatal("the program says nothing of its packages")
	}
	for _, line := range lines {
		most := mostPrepared
		if line[1] == ownPath+"internal/mask" {
			most = mostMaskPrepares
		}
		if bytes, _ := strconv.Atoi(line[2]); strings.HasPrefix(line[1], ownPath) && bytes > most {
			t.Errorf("%s allocates %d bytes before main, in %s pieces; want at most %d: build it on first use, or as a switch", line[1], bytes, line[3], most)
		}
	}
}
