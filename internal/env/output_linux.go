package env

import (
	"os"
	"syscall"
)

// standsIn reports whether a file is the /dev/null of Go's own start, which is
// open for reading and writing. That of a shell's >/dev/null is open for writing
// alone: who asks for it wants no output. Python's DEVNULL and Node's 'ignore' are
// open for both and cannot be told apart, so that they count as closed, too.
func standsIn(f *os.File) bool {
	flags, _, failed := syscall.Syscall(syscall.SYS_FCNTL, f.Fd(), syscall.F_GETFL, 0)
	return failed == 0 && flags&syscall.O_ACCMODE == syscall.O_RDWR && isNull(f)
}

func isNull(f *os.File) bool {
	info, err := f.Stat()
	null, nullErr := os.Stat(os.DevNull)
	return err == nil && nullErr == nil && os.SameFile(info, null)
}
