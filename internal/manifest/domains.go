package manifest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// Limits of one list of hosts.
const (
	// maxDomains keeps a list within what the check for duplicates, which
	// compares each with all, does in no time.
	maxDomains = 1000
	// maxEntryProblems is how many bad entries of one list are told of.
	maxEntryProblems = 3
)

// What to do about an empty list: of an entry, and of one that has a name or is a default.
const (
	ifEmpty      = "List the hosts, remove the key to keep the present ones, or set any_domain: true"
	ifNamedEmpty = "List the hosts, or remove it and set any_domain: true in the entries that mean it"
)

// domains reads a list of hosts; nil if it cannot.
func (r *reader) domains(at place, n *yaml.Node, ifEmpty string) *domains.List {
	entries, why := domainTexts(n, ifEmpty)
	if why != "" {
		r.add(n, at, why)
		return nil
	}
	read := r.readOnce(entries)
	if read.err != nil {
		r.add(n, at, inOneLine(read.err))
		return nil
	}
	return &read.list
}

// readList is a list of hosts as it stands in the text, and what it says.
type readList struct {
	entries []string
	list    domains.List
	err     error
}

// readOnce reads a list, unless there was the same before: most secrets of a manifest go
// to the same few hosts. An entry may be any text, with commas in it, so that lists of
// one key may differ.
func (r *reader) readOnce(entries []string) *readList {
	key := strings.Join(entries, ",")
	if before := r.read[key]; before != nil && slices.Equal(before.entries, entries) {
		return before
	}
	read := &readList{entries: entries}
	read.list, read.err = domains.Parse(entries)
	if doubts := read.list.Doubts(); len(doubts) > 0 {
		r.doubts[&read.list] = doubts
	}
	r.read[key] = read
	return read
}

// doubt warns of what is odd about a list of hosts that was read.
func (r *reader) doubt(line int, at place, list *domains.List) {
	for _, doubt := range r.doubts[list] {
		r.warn(line, at, doubt)
	}
}

// domainTexts are the entries of a list, or one host that is not in a list, or
// why there are none.
func domainTexts(n *yaml.Node, ifEmpty string) (entries []string, why string) {
	if entry, ok := text(n); ok && !strings.ContainsAny(entry, ", \t\n") && entry != "" {
		return []string{entry}, ""
	}
	switch {
	case empty(n), n.Kind == yaml.SequenceNode && len(n.Content) == 0:
		return nil, "is empty, which would allow any host. " + ifEmpty
	case n.Kind != yaml.SequenceNode:
		return nil, "must be a list of hosts: [api.example.com, db.example.com], for example"
	case len(n.Content) > maxDomains:
		return nil, fmt.Sprintf("names more than %d hosts. Use fewer", maxDomains)
	}
	entries, odd := listOf(n)
	if odd > 0 {
		return nil, fmt.Sprintf("entry %d is not text. Write a host, as in api.example.com", odd)
	}
	return entries, ""
}

// inOneLine is what is wrong with the first bad entries of a list.
func inOneLine(err error) string {
	texts := strings.Split(err.Error(), "\n")
	if more := len(texts) - maxEntryProblems; more > 0 {
		texts = append(texts[:maxEntryProblems], fmt.Sprintf("And %d more", more))
	}
	if errors.Is(err, domains.ErrAnyHost) {
		texts = append(texts, "To allow any host, remove the list and set any_domain: true")
	}
	return problem.InOneLine(texts)
}
