//go:build !linux

package env

import "os"

// standsIn cannot be told of where F_GETFL does not say how a file was opened.
func standsIn(*os.File) bool { return false }
