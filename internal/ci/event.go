package ci

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/nairi-community/vault-secret/internal/secret"
)

// Event is what set the run off: GitHub keeps it with the run, for everyone who
// can see the run and for as long as it is kept.
type Event struct {
	root   any
	texts  func() texts // gathered when a value is first looked for
	lookup Lookup
}

// maxEvent is how much of an event's file is read, in bytes. A webhook's
// payload is at most 25 MB (GitHub docs, webhook events and payloads).
const maxEvent = 25 << 20

// ReadEvent reads the event of this run. A run without one, or with one that
// cannot be read, has the empty Event, in which nothing is found.
func ReadEvent(lookup Lookup, open secret.Opener) Event {
	name, _ := lookup("GITHUB_EVENT_PATH")
	event := Event{lookup: lookup, texts: func() texts { return texts{} }}
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
	event.texts = sync.OnceValue(func() texts { return textsOf(event.root) })
	return event
}

// Lengths, in characters, from which a value that stands in an event is not
// there by chance: inside a longer text, and as the whole of one.
const (
	minInside = 8
	minWhole  = 4
)

// leaf is a text in an event, and where it stands, as in commits[0].message.
type leaf struct{ path, text string }

// texts are all leaves of an event, in the order of its keys.
type texts struct {
	leaves []leaf
	whole  map[string]bool // the texts without the space around them
	joined string          // all of them, with a NUL between: many values may be looked for
}

// textsOf gathers the leaves of an event.
func textsOf(root any) texts {
	all := texts{whole: map[string]bool{}}
	all.add(root, "")
	var joined strings.Builder
	for _, leaf := range all.leaves {
		all.whole[strings.TrimSpace(leaf.text)] = true
		joined.WriteString(leaf.text + "\x00")
	}
	all.joined = joined.String()
	return all
}

func (t *texts) add(node any, path string) {
	switch node := node.(type) {
	case string:
		t.leaves = append(t.leaves, leaf{path, oneLineEnd(node)})
	case json.Number:
		if len(node) >= minInside {
			t.leaves = append(t.leaves, leaf{path, node.String()})
		}
	case []any:
		for i, element := range node {
			t.add(element, fmt.Sprintf("%s[%d]", path, i))
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(node)) {
			t.add(node[key], strings.TrimPrefix(path+"."+key, "."))
		}
	}
}

// Find returns where in the event a value stands, as in inputs.password or
// commits[0].message, or "" if it does not.
func (e Event) Find(value secret.Value) string {
	text := strings.TrimSpace(oneLineEnd(value.Reveal()))
	length := utf8.RuneCountInString(text)
	if length < minWhole {
		return ""
	}
	all := e.texts()
	inside := length >= minInside && strings.Contains(all.joined, text)
	if !inside && !all.whole[text] {
		return ""
	}
	for _, leaf := range all.leaves {
		if strings.TrimSpace(leaf.text) == text || inside && strings.Contains(leaf.text, text) {
			return leaf.path
		}
	}
	return ""
}

// oneLineEnd makes texts comparable that went through a web form.
func oneLineEnd(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

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
