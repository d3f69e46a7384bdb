//go:build !unix

package env

// NoWait are flags of open(2), which is of Unix.
const NoWait = 0
