package ci

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nairi-community/vault-secret/internal/secret"
)

// Event is what set the run off: GitHub keeps it with the run, for everyone who
// can see the run and for as long as it is kept.
type Event struct {
	root   any
	lookup Lookup
}

// maxEvent is how much of an event's file is read, in bytes. A webhook's
// payload is at most 25 MB (GitHub docs, webhook events and payloads).
const maxEvent = 25 << 20

// ReadEvent reads the event of this run. A run without one, or with one that
// cannot be read, has the empty Event, in which nothing is found.
func ReadEvent(lookup Lookup, open secret.Opener) Event {
	name, _ := lookup("GITHUB_EVENT_PATH")
	event := Event{lookup: lookup}
	if name == "" {
		return event
	}
	f, err := open(name)
	if err != nil {
		return event
	}
	defer func() { _ = f.Close() }()
	decoder := json.NewDecoder(io.LimitReader(f, maxEvent))
	decoder.UseNumber()
	_ = decoder.Decode(&event.root)
	return event
}

// Lengths, in characters, from which a value that stands in an event is not
// there by chance: inside a longer text, and as the whole of one.
const (
	minInside = 8
	minWhole  = 4
)

// Find returns where in the event a value stands, as in inputs.password or
// commits[0].message, or "" if it does not.
func (e Event) Find(value secret.Value) string {
	text := strings.TrimSpace(oneLineEnd(value.Reveal()))
	length := utf8.RuneCountInString(text)
	if length < minWhole {
		return ""
	}
	return find(e.root, "", func(leaf string) bool {
		leaf = oneLineEnd(leaf)
		return strings.TrimSpace(leaf) == text || length >= minInside && strings.Contains(leaf, text)
	})
}

// oneLineEnd makes texts comparable that went through a web form.
func oneLineEnd(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

// find walks an event in the order of its keys, and returns the path of the
// first text that fits.
func find(node any, path string, fits func(string) bool) string {
	switch node := node.(type) {
	case string:
		if fits(node) {
			return path
		}
	case json.Number:
		if len(node) >= minInside && fits(node.String()) {
			return path
		}
	case []any:
		for i, element := range node {
			if found := find(element, fmt.Sprintf("%s[%d]", path, i), fits); found != "" {
				return found
			}
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(node)) {
			if found := find(node[key], strings.TrimPrefix(path+"."+key, "."), fits); found != "" {
				return found
			}
		}
	}
	return ""
}

// WhyEmpty says why a secret may be empty in this run: GitHub puts an empty text
// in the place of one that the run does not get
// (https://docs.github.com/en/actions/security-for-github-actions/security-guides/using-secrets-in-github-actions).
func (e Event) WhyEmpty() string {
	actor, _ := e.lookup("GITHUB_ACTOR")
	_, onGitHub := e.lookup("GITHUB_ACTIONS")
	switch {
	case !onGitHub:
		return "the variable that was to hold it is empty or not set"
	case actor == "dependabot[bot]":
		return "this run was set off by Dependabot, which gets only the secrets under Settings, Secrets and variables, Dependabot"
	case e.fromFork():
		return "this run is for a pull request from a fork, which gets no secrets"
	}
	return "the secret may not be defined or be misspelled, belong to an environment that the job does not name " +
		"(environment: …), or not be handed to a reusable workflow (secrets: inherit)"
}

// fromFork reports whether the run is for a pull request from another
// repository, and is not of the kind that gets secrets all the same.
func (e Event) fromFork() bool {
	name, _ := e.lookup("GITHUB_EVENT_NAME")
	base := e.text("pull_request", "base", "repo", "full_name")
	return strings.HasPrefix(name, "pull_request") && name != "pull_request_target" &&
		base != "" && e.text("pull_request", "head", "repo", "full_name") != base
}

// text is the text at a path of keys, or "".
func (e Event) text(keys ...string) string {
	node := e.root
	for _, key := range keys {
		object, _ := node.(map[string]any)
		node = object[key]
	}
	text, _ := node.(string)
	return text
}
