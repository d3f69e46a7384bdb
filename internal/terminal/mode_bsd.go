//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package terminal

import "golang.org/x/sys/unix"

const (
	getMode = unix.TIOCGETA
	setMode = unix.TIOCSETA
	noKey   = 0xff // _POSIX_VDISABLE
)

// flush drops what was typed and not read: FREAD, which is 1 (sys/fcntl.h).
func flush(fd int) error { return unix.IoctlSetPointerInt(fd, unix.TIOCFLUSH, 1) }
