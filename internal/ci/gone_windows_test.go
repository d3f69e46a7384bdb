package ci

import "syscall"

// goneError is the error of a pipe that nobody reads any more: ERROR_NO_DATA.
const goneError = syscall.Errno(232)
