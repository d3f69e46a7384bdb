package ci

import (
	"strings"
	"time"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// platform is how one CI takes masks, commands and outputs. All are pointers: for a
// method of a value the compiler makes a second one that is given a pointer, and another
// for each that builds on it, 17 KB in all.
type platform interface {
	// mask are the lines that make the platform hide one form of a secret;
	// none if it cannot.
	mask(form string) []string
	// derives are the texts that the platform hides by itself once a form is masked.
	derives(form string) []string
	// failure are the lines that show a clean error, and what to do about it, beside
	// the run.
	failure(f problem.Failure) []message
	// warning is the line that shows a warning beside the run.
	warning(text string) message
	// finding is the line that shows what was found in a file, on its line there if
	// the platform can.
	finding(f finding) message
	// folds reports whether the log folds the lines between two commands.
	folds() bool
	// dialect is the language in which its users write their steps.
	dialect() Dialect
	// grace is how long a request may go on in a run that is cancelled: less than
	// the time between the platform's first signal and its last, so that what became of
	// a write is known and told before that.
	grace() time.Duration
}

// The two spellings of the command that masks its data.
const (
	newerMask = "::add-mask::"
	olderMask = "##[add-mask]"
)

// isWhole reports whether the masks are the form itself, and nothing else.
func isWhole(told []string, form string) bool {
	return len(told) == 1 && (told[0] == addMask(form) || told[0] == asItIs(form) || told[0] == olderMask+form)
}

// asRunnersSeeThem are the texts that a runner may take lines with masks for: decoded, and
// by older forges as they stand. It would cut them out of our own text too.
func asRunnersSeeThem(lines []string) []string {
	var texts []string
	for _, line := range lines {
		data := strings.TrimPrefix(strings.TrimPrefix(line, newerMask), olderMask)
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
type message struct {
	command, text string
	title         string // of a command; one of ours, "" for the usual one
	place         place  // that a command is about
}

// spelled is the line with its text redacted. The words of a command are fixed,
// and have to stay as they are whatever the secret is.
func (m message) spelled(redact func(string) string) string {
	if m.command == "" {
		return redact(m.text)
	}
	m.text = redact(m.text)
	return annotation(m)
}

// detect tells the platform by the variables it sets. act, on which the runners
// of Gitea and Forgejo are built, sets ACT in them too, and all four set
// GITHUB_ACTIONS; exec of the two forges sets ACT_EXEC (internal/app/cmd/exec.go).
// Woodpecker sets what Drone does for plugins, which were written for
// that, and CI=woodpecker; the variables of each are in its list
// (https://woodpecker-ci.org/docs/usage/environment,
// https://docs.drone.io/pipeline/environment/reference/drone/,
// https://docs.gitlab.com/ci/variables/predefined_variables/).
func detect(lookup env.Lookup) platform {
	e := env.Env{Lookup: lookup}
	switch {
	case e.IsTrue("ACT_EXEC"):
		return &forgeExec{}
	case e.IsTrue("GITEA_ACTIONS"), e.IsTrue("FORGEJO_ACTIONS"):
		return &gitea{}
	case e.IsTrue("ACT"):
		return &act{}
	case e.IsTrue("GITHUB_ACTIONS"):
		return &github{}
	case e.Get("CI") == "woodpecker", e.Get("CI_SYSTEM_NAME") == "woodpecker":
		return &woodpecker{}
	case e.IsTrue("DRONE"), e.Get("CI") == "drone":
		return &drone{}
	case e.IsTrue("GITLAB_CI"):
		return &gitlab{}
	}
	return &plain{}
}

// Grace is how long a request in flight may go on after the first signal, on the
// platform that the variables show.
func Grace(lookup env.Lookup) time.Duration { return detect(lookup).grace() }
