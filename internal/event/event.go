// Package event is what set a run off. GitHub's runner keeps it in a file, which
// is read once: where a value stands in it for everyone to read, which pull
// request the run is for, and why a secret may be empty.
package event

import (
	"fmt"
	"io"
	"strings"

	"github.com/nairi-community/vault-secret/internal/env"
)

// Event is what set the run off. GitHub keeps it with the run, for everyone who
// can see the run and for as long as it is kept.
type Event struct {
	lookup env.Lookup
	root   any           // without what is long; nil for an event that cannot be used
	typed  [kinds]*store // the texts that somebody typed, also of half an event
	read   func(*walker) error
	err    error
}

// maxSize is how much of an event's file is read, in bytes. A webhook's payload
// is at most 25 MB
// (https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap).
const maxSize = 25 << 20

// Read reads the event of this run. A run elsewhere than on GitHub has none, and
// nothing is found in it; one that cannot be read has an Err, and something is
// found only in the part that was read.
func Read(e env.Env) Event {
	event := Event{lookup: e.Lookup}
	name := e.Get("GITHUB_EVENT_PATH")
	if name == "" {
		return event
	}
	event.read = func(w *walker) error {
		return e.Stream(name, maxSize, func(file io.Reader) error { return scan(file, w) })
	}
	w := &walker{texts: [kinds]*store{input: {}, other: {}}}
	if event.err = event.read(w); event.err == nil {
		event.root = w.tree.root
	}
	event.typed = w.texts
	return event
}

// Err is why the event of this run cannot be read; nil if it was, or if there is
// none.
func (e Event) Err() error {
	if e.err == nil {
		return nil
	}
	return fmt.Errorf("GITHUB_EVENT_PATH %w", e.err)
}

// get is a variable of the run, or "": of an event that was not read yet, too.
func (e Event) get(name string) string {
	if e.lookup == nil {
		return ""
	}
	value, _ := e.lookup(name)
	return value
}

// at is what stands at a path of keys, or nil.
func (e Event) at(keys ...string) any {
	node := e.root
	for _, key := range keys {
		object, _ := node.(map[string]any)
		node = object[key]
	}
	return node
}

// text is the text at a path of keys, or "".
func (e Event) text(keys ...string) string {
	text, _ := e.at(keys...).(string)
	return text
}

// WhyEmpty says that a secret is empty, and why it may be in this run: GitHub puts an empty text
// in the place of one that the run does not get
// (https://docs.github.com/en/actions/security-for-github-actions/security-guides/using-secrets-in-github-actions).
func (e Event) WhyEmpty() string {
	if _, onGitHub := e.lookup("GITHUB_ACTIONS"); !onGitHub {
		return "is empty: the variable it comes from is empty or not set"
	}
	if why := e.NoSecrets(); why != "" {
		return "is empty: " + why + ". Skip the step in such runs, or run it on push"
	}
	return "is empty. GitHub passes an empty text for a secret that this run cannot see. Check the secret's name, its environment: and secrets: inherit"
}

// NoSecrets says why this run gets none of the repository's secrets; "" for one that does,
// as far as is known. Nor do runs for forks get the variables of the vars context
// (https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/use-variables).
func (e Event) NoSecrets() string {
	_, onGitHub := e.lookup("GITHUB_ACTIONS")
	switch {
	case !onGitHub:
		return ""
	case e.get("GITHUB_ACTOR") == "dependabot[bot]":
		return "runs that Dependabot starts get only the secrets under Settings → Secrets and variables → Dependabot"
	case e.fromFork():
		return "runs for pull requests from forks get no secrets"
	}
	return ""
}

// fromFork reports whether the run is for a pull request from another
// repository, and is not of the kind that gets secrets all the same.
func (e Event) fromFork() bool {
	name := e.get("GITHUB_EVENT_NAME")
	base := e.text("pull_request", "base", "repo", "full_name")
	return strings.HasPrefix(name, "pull_request") && name != "pull_request_target" &&
		base != "" && e.text("pull_request", "head", "repo", "full_name") != base
}
