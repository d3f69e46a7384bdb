//go:build !released

package cli

import "runtime/debug"

// installed is the version of what go install fetched and built: nothing else says so. A
// module that was fetched has a sum, and sources have none.
func installed() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Sum != "" {
		return info.Main.Version
	}
	return unreleased
}
