package ci

import (
	"strings"

	"github.com/nairi-community/vault-secret/internal/env"
)

// platform is how one CI spells what it is told.
type platform interface {
	// mask are the lines that make the platform hide one form of a secret;
	// none if it cannot.
	mask(form string) []string
	// failure are the lines that show an error, and what to do about it, beside
	// the run.
	failure(text, hint string) []message
	// warning is the line that shows a warning beside the run.
	warning(text string) message
}

// asRunnersSeeThem are the texts that a runner may take lines with masks for: decoded, and
// by older forges as they stand. It would cut them out of our own text too.
func asRunnersSeeThem(lines []string) []string {
	var texts []string
	for _, line := range lines {
		data := strings.TrimPrefix(strings.TrimPrefix(line, "::add-mask::"), "##[add-mask]")
		texts = append(append(texts, data), decodedLines(data)...)
	}
	return texts
}

// decodedLines are the lines, trimmed, of a command's data without its escapes.
func decodedLines(data string) []string {
	lines := strings.FieldsFunc(escapes.Replace(data), func(r rune) bool { return r == '\n' || r == '\r' })
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	return lines
}

var escapes = strings.NewReplacer("%25", "%", "%0D", "\r", "%0A", "\n")

// message is a line of text, or of a command that has the text as its data.
type message struct{ command, text string }

// spelled is the line with its text redacted. The words of a command are fixed,
// and have to stay as they are whatever the secret is.
func (m message) spelled(redact func(string) string) string {
	if m.command == "" {
		return redact(m.text)
	}
	return annotation(m.command, redact(m.text))
}

// detect tells the platform by the variables it sets. act, on which the runners
// of Gitea and Forgejo are built, sets ACT in them too, and all four set
// GITHUB_ACTIONS.
func detect(lookup env.Lookup) platform {
	is := env.Env{Lookup: lookup}.IsTrue
	switch {
	case is("GITEA_ACTIONS"), is("FORGEJO_ACTIONS"):
		return gitea{}
	case is("ACT"):
		return act{}
	case is("GITHUB_ACTIONS"):
		return github{}
	}
	return plain{}
}
