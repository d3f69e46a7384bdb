package ci

import (
	"time"

	"github.com/nairi-community/vault-secret/internal/problem"
)

// plain is any other place: a shell, or a CI that is not known. The CIs that
// take no masks while a step runs are built on it.
type plain struct{}

func (*plain) mask(string) []string { return nil }

func (*plain) derives(string) []string { return nil }

func (*plain) failure(f problem.Failure) []message {
	lines := []message{{text: "error: " + f.Line()}}
	if f.Hint != "" {
		lines = append(lines, message{text: "hint: " + f.Hint})
	}
	return lines
}

func (*plain) warning(text string) message { return message{text: "warning: " + text} }

func (*plain) finding(f finding) message { return f.line() }

func (*plain) folds() bool { return false }

func (*plain) dialect() Dialect { return Variables }

func (*plain) grace() time.Duration { return leastGrace }

// leastGrace suits all who send a signal before they kill. Docker waits for ten seconds
// (https://docs.docker.com/reference/cli/docker/container/stop/), Kubernetes for thirty, and
// a shell for as long as it takes, or for a second Ctrl-C. No CI is known to give fewer
// than five.
const leastGrace = 4 * time.Second
