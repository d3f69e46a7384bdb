package ci

import (
	"strings"
	"unicode"
)

// sanitize makes one line that no runner takes for a command and no terminal
// acts on. GitHub's runner takes a command after leading white space, and one
// in the older spelling ##[…] anywhere in a line (actions/runner, ActionCommand.cs).
// Unprintable characters go as well: some turn the direction of a line around.
func sanitize(line string) string {
	line = strings.Map(printable, line)
	if rest := strings.TrimLeft(line, " "); strings.HasPrefix(rest, "::") {
		line = ": :" + rest[len("::"):]
	}
	return strings.ReplaceAll(line, "##[", "## [")
}

func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return ' '
}
