//go:build aix || linux || solaris

package terminal

import "golang.org/x/sys/unix"

const (
	getMode = unix.TCGETS
	setMode = unix.TCSETS
	noKey   = 0 // _POSIX_VDISABLE
)

// flush drops what was typed and not read.
func flush(fd int) error { return unix.IoctlSetInt(fd, unix.TCFLSH, unix.TCIFLUSH) }
