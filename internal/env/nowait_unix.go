//go:build unix

package env

import "syscall"

// NoWait are the flags with which open(2) waits for nobody, as it would for the
// other end of a pipe, and makes no terminal that of this process.
const NoWait = syscall.O_NONBLOCK | syscall.O_NOCTTY
