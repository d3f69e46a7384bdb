//go:build unix

package ci

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Nobody may ever read from a pipe, and to open it would wait for that: also that
// of a summary, after all is done.
func TestNoPipeIsWaitedForToWriteTo(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "p") // the name of a socket must be short
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	pipe, socket := filepath.Join(dir, "pipe"), filepath.Join(dir, "socket")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	for _, name := range []string{pipe, socket} {
		for _, source := range []string{"GITHUB_OUTPUT", "DRONE_OUTPUT", "output_file", "GITHUB_STEP_SUMMARY"} {
			d := open(map[bool]string{true: name}[source == "output_file"], source+"="+name)
			d.WriteSummary("a summary")
			want := source + " names a file that cannot be opened for writing"
			if source == "GITHUB_STEP_SUMMARY" {
				want = "the file that " + source + " names cannot be opened for writing"
			}
			if !strings.Contains(d.unopened.Error()+d.log.String(), want) {
				t.Errorf("%s as %s: %v, %s", filepath.Base(name), source, d.unopened, d.log)
			}
		}
	}
}

// A device that nobody has to read from is a place for outputs like another.
func TestOutputsMayGoToADevice(t *testing.T) {
	t.Parallel()
	d := open(os.DevNull, "GITHUB_OUTPUT="+os.DevNull, "GITHUB_STEP_SUMMARY="+os.DevNull)
	d.WriteSummary("a summary")
	if err := d.Write([]Output{{"result", "updated"}}, nil); err != nil || d.unopened != nil || d.log.Len() > 0 {
		t.Errorf("%v, %v, %s", err, d.unopened, d.log)
	}
}

// What this step may write and not read is added to all the same.
func TestAFileThatMayOnlyBeWrittenIsWritten(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "output")
	write(t, name, "before=1\n")
	if err := os.Chmod(name, 0o200); err != nil {
		t.Fatal(err)
	}
	d := open("", "GITHUB_OUTPUT="+name)
	if err := d.Write([]Output{{"result", "updated"}}, nil); err != nil || d.unopened != nil {
		t.Errorf("%v, %v", err, d.unopened)
	}
	if err := os.Chmod(name, 0o600); err != nil {
		t.Fatal(err)
	}
	readAlike(t, read(t, name), map[string]string{"before": "1", "result": "updated"})
}
