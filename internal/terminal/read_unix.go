//go:build unix

package terminal

import (
	"context"
	"errors"
	"io"
	"time"

	"golang.org/x/sys/unix"
)

// read shows a prompt and reads a line key by key, and what else is typed or pasted until
// there is silence. term.ReadPassword takes a line that the system puts together, which holds
// 4,095 bytes on Linux (drivers/tty/n_tty.c) and 1,024 on macOS (MAX_CANON): what is longer
// would be cut without a word, and what follows the line would be left for a shell.
func (t *Terminal) read(ctx context.Context, prompt string, hidden bool) (*entry, error) {
	e, fd := new(entry), int(t.in.Fd())
	before, err := unix.IoctlGetTermios(fd, getMode)
	if err != nil {
		return e, err
	}
	defer func() {
		_ = flush(fd)
		_ = unix.IoctlSetTermios(fd, setMode, before)
	}()
	mode := keyByKey(*before)
	if err := unix.IoctlSetTermios(fd, setMode, mode); err != nil {
		return e, err
	}
	_ = flush(fd)
	t.show(prompt)
	keys := make([]byte, 4<<10)
	for ctx.Err() == nil {
		// A shell changes the mode if the program is stopped meanwhile.
		_ = unix.IoctlSetTermios(fd, setMode, mode)
		n, err := pressed(fd, keys)
		if err != nil || n == 0 && e.over {
			return e, err
		}
		for _, key := range keys[:n] {
			if echo := e.press(key); !hidden {
				t.show(echo)
			}
		}
	}
	return e, ctx.Err()
}

// silence is how long nothing is read until a pasted text counts as whole. It is also how
// late a signal is noticed.
const silence = 100 * time.Millisecond

// keyByKey is a mode in which keys are read as they are pressed, none of them is shown, and
// a read does not wait. Ctrl-C is a signal as before. What would stop the program or
// end it on the spot, Ctrl-Z and Ctrl-\, does not: a shell would be left without an echo.
func keyByKey(mode unix.Termios) *unix.Termios {
	mode.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.IEXTEN
	mode.Lflag |= unix.ISIG
	mode.Iflag &^= unix.IGNCR | unix.INLCR | unix.ISTRIP
	mode.Iflag |= unix.ICRNL
	mode.Cc[unix.VMIN], mode.Cc[unix.VTIME] = 0, 0
	for _, key := range []int{unix.VQUIT, unix.VSUSP} {
		mode.Cc[key] = noKey
	}
	return &mode
}

// pressed reads the keys that were pressed; none after a silence. It waits before it reads: a
// read that goes on while the program is stopped ends by the mode that a shell sets
// meanwhile, which shows what is typed up to the end of a line.
func pressed(fd int, keys []byte) (int, error) {
	for {
		var ready unix.FdSet
		ready.Set(fd)
		wait := unix.NsecToTimeval(silence.Nanoseconds())
		n, err := unix.Select(fd+1, &ready, nil, nil, &wait)
		if n == 0 && err == nil {
			return 0, nil
		}
		if err == nil {
			n, err = unix.Read(fd, keys)
		}
		switch {
		case errors.Is(err, unix.EINTR), errors.Is(err, unix.EAGAIN):
			continue
		case n <= 0 && err == nil && !there(fd):
			return 0, io.EOF
		}
		return max(n, 0), err
	}
}

// there reports whether the terminal is there: of one that was closed nothing is read
// either.
func there(fd int) bool {
	_, err := unix.IoctlGetTermios(fd, getMode)
	return err == nil
}
