//go:build unix

package ci

import "syscall"

// goneError is the error of a pipe that nobody reads any more.
const goneError = syscall.EPIPE
