package env

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"syscall"
)

// Unreadable is why a file cannot be read, in words that hold no name.
type Unreadable string

// Error implements error.
func (u Unreadable) Error() string { return string(u) }

// What there is in the place of a file that can be read.
const (
	NotThere    Unreadable = "names a file that does not exist"
	NotAllowed  Unreadable = "names a file that this run may not read"
	Folder      Unreadable = "names a folder, not a file"
	Pipe        Unreadable = "names a pipe, not a file"
	Socket      Unreadable = "names a socket, not a file"
	Device      Unreadable = "names a device, not a file"
	Outside     Unreadable = "names a file outside the working folder, through .. or a link"
	Git         Unreadable = "names a file in .git, where a checkout may keep a token"
	FileOnWay   Unreadable = "has a file in its path where a folder must be"
	Circle      Unreadable = "names links that lead in a circle"
	NameTooLong Unreadable = "is too long for the name of a file"
	Broken      Unreadable = "names a file that cannot be read"
)

// reasons are the errors of the system that say more than that.
var reasons = []struct {
	err error
	why Unreadable
}{
	{fs.ErrNotExist, NotThere},
	{fs.ErrPermission, NotAllowed},
	{syscall.EISDIR, Folder},
	{syscall.ENOTDIR, FileOnWay},
	{syscall.ELOOP, Circle},
	{syscall.ENAMETOOLONG, NameTooLong},
}

// withoutName is what happened to a file, without its name.
func withoutName(err error) error {
	var known Unreadable
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err // of Until, whose errors hold no name
	case errors.As(err, &known):
		return known
	}
	for _, reason := range reasons {
		if errors.Is(err, reason.err) {
			return reason.why
		}
	}
	return Broken
}

// inRoot is what happened to a file in a root, without its name. The error of a name that
// leads out of the root has no name in the standard library.
func inRoot(err error) error {
	if why := withoutName(err); why != Broken { //nolint:errorlint // a constant
		return why
	}
	if strings.Contains(err.Error(), "escapes") {
		return Outside
	}
	return Broken
}

// kindOf is what is in the place of a regular file.
func kindOf(mode fs.FileMode) Unreadable {
	switch {
	case mode.IsDir():
		return Folder
	case mode&fs.ModeNamedPipe != 0:
		return Pipe
	case mode&fs.ModeSocket != 0:
		return Socket
	}
	return Device
}
