package main

import (
	"fmt"
	"io"

	"github.com/nairi-community/vault-secret/internal/report"
)

// version and commit say what was built from what. The linker sets them, and
// nothing else that would differ from one build to the next.
var (
	version = "devel"
	commit  = "unknown"
)

// answer replies to arguments, where there are any, and returns the exit code
// and whether that was all there is to do. What was given is not repeated: it
// may be a secret that went astray.
func answer(arguments []string, stdout io.Writer) (code int, done bool) {
	switch {
	case len(arguments) == 0:
		return 0, false
	case len(arguments) == 1 && (arguments[0] == "-version" || arguments[0] == "--version"):
		_, _ = fmt.Fprintf(stdout, "vault-secret %s (commit %s)\n", version, commit)
		return 0, true
	}
	_, _ = fmt.Fprintln(stdout, "vault-secret takes no arguments except -version: its inputs are read from the environment")
	return report.ExitBadInput, true
}
