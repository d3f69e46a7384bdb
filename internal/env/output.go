package env

import (
	"io"
	"os"
)

// Output is a standard output to write to. In the place of one that is closed Go
// opens /dev/null (runtime, fds_unix.go, checkfds), so that what is written would
// be lost without a word; every write to that one fails, as it does elsewhere.
func Output(f *os.File) io.Writer {
	if standsIn(f) {
		return closedOutput{}
	}
	return f
}

// closedOutput is a standard output that was closed before the program began.
type closedOutput struct{}

// Write implements io.Writer.
func (closedOutput) Write([]byte) (int, error) { return 0, os.ErrClosed }
