package e2e

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// terminal is a shell that stays open: what one block of a page sets, the next one
// finds.
type terminal struct {
	t   *testing.T
	in  io.Writer
	out *bufio.Reader
	dir string          // of what is run
	log strings.Builder // of all that was printed
}

// ended is what a terminal prints before the exit code.
const ended = "this block has ended with "

// newTerminal opens a shell in a folder of its own, without anything of this machine
// but its programs and Go's caches. Its exit codes are those of the program before a
// pipe, not of the filter after it.
func newTerminal(t *testing.T, environ ...string) *terminal {
	t.Helper()
	cmd := exec.Command("bash", "--norc", "-o", "pipefail")
	cmd.Dir = t.TempDir()
	cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + goHome(t), "TMPDIR=" + t.TempDir(), "LC_ALL=C.UTF-8",
		"GOPROXY=off", "GOFLAGS=",
	}, append(goEnvs(t), environ...)...)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	return &terminal{t: t, in: in, out: bufio.NewReader(out), dir: cmd.Dir}
}

// run runs lines, and returns what they print and the exit code of the last one.
func (s *terminal) run(lines string) (printed string, code int) {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), "block.sh")
	write(s.t, path, lines, 0o600)
	if _, err := fmt.Fprintf(s.in, ". '%s' </dev/null; echo '%s'$?\n", path, ended); err != nil {
		s.t.Fatal(err)
	}
	for {
		line, err := s.out.ReadString('\n')
		if err != nil {
			s.t.Fatalf("the shell has ended: %v\n%s", err, printed)
		}
		if before, number, found := strings.Cut(strings.TrimSuffix(line, "\n"), ended); found {
			printed += before
			s.log.WriteString(printed)
			code, err := strconv.Atoi(number)
			if err != nil {
				s.t.Fatal(err)
			}
			return printed, code
		}
		printed += line
	}
}
