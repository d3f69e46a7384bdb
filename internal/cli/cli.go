// Package cli replies to the arguments of the program.
package cli

import (
	"fmt"
	"io"

	"github.com/nairi-community/vault-secret/internal/report"
)

// Build says what the program was built from.
type Build struct{ Version, Commit string }

// Reply answers the arguments of the program, at least one, and returns the exit
// code. What was given is not repeated: it may be a secret that went astray.
func Reply(arguments []string, stdout io.Writer, build Build) int {
	if len(arguments) == 1 && (arguments[0] == "-version" || arguments[0] == "--version") {
		_, _ = fmt.Fprintf(stdout, "vault-secret %s (commit %s)\n", build.Version, build.Commit)
		return report.ExitDone
	}
	_, _ = fmt.Fprintln(stdout, "vault-secret takes no arguments except -version: its inputs are read from the environment")
	return report.ExitBadInput
}
