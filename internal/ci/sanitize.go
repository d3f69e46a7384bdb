package ci

import (
	"strings"
	"unicode"
)

// sanitize makes one line that no runner takes for a command and no terminal
// acts on. GitHub's runner takes a command after leading white space, and one
// in the older spelling ##[…] anywhere in a line (actions/runner, ActionCommand.cs).
// A command ends in a second "::", which no address such as ::1 has.
// Unprintable characters go as well: some turn the direction of a line around.
func sanitize(line string) string {
	line = strings.Map(printable, line)
	if rest, begins := strings.CutPrefix(strings.TrimLeft(line, " "), "::"); begins && strings.Contains(rest, "::") {
		line = ": :" + rest
	}
	return strings.ReplaceAll(line, "##[", "## [")
}

// sanitizeLines does so for each of several lines.
func sanitizeLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = sanitize(line)
	}
	return strings.Join(lines, "\n")
}

func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return ' '
}
