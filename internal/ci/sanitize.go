package ci

import (
	"strings"
	"unicode"

	"github.com/nairi-community/vault-secret/internal/visible"
)

// sanitize makes one line that no runner takes for a command and no terminal
// acts on. GitHub's runner takes a command after leading white space, and one
// in the older spelling ##[…] anywhere in a line (actions/runner, ActionCommand.cs).
// A command ends in a second "::", which no address such as ::1 has.
// The runner looks for that as people of its language do, who may not see what stands
// between two colons: what is not ASCII does not count. Characters that do not show go
// as well: some turn the direction of a line around.
func sanitize(line string) string {
	line = strings.Map(shown, line)
	if rest, begins := strings.CutPrefix(strings.TrimLeft(line, " "), "::"); begins && strings.Contains(strings.Map(inASCII, rest), "::") {
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

// pictured makes a picture of the sign before it, as in ⚠️.
const pictured = '\uFE0F'

func shown(r rune) rune {
	if r == pictured {
		return r
	}
	return visible.OrSpace(r)
}

// inASCII leaves out what is not ASCII.
func inASCII(r rune) rune {
	if r > unicode.MaxASCII {
		return -1
	}
	return r
}
