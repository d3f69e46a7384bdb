package manifest

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/domains"
)

// Limits of one list of hosts.
const (
	// maxDomains keeps a list within what the check for duplicates, which
	// compares each with all, does in no time.
	maxDomains = 1000
	// maxEntryProblems is how many bad entries of one list are told of.
	maxEntryProblems = 3
)

func (r *reader) allowedDomains(at place, n *yaml.Node, d *draft) {
	entries, why := domainTexts(n)
	if why != "" {
		r.add(n, at, why)
		return
	}
	domains, err := domains.Parse(entries)
	if err != nil {
		r.add(n, at, inOneLine(err))
		return
	}
	d.Domains = &domains
}

// domainTexts are the entries of a list, or one host that is not in a list, or
// why there are none.
func domainTexts(n *yaml.Node) (entries []string, why string) {
	if entry, ok := text(n); ok && !strings.ContainsAny(entry, ", \t\n") && entry != "" {
		return []string{entry}, ""
	}
	switch {
	case empty(n), n.Kind == yaml.SequenceNode && len(n.Content) == 0:
		return nil, "is empty; an empty list would let the secret go to any host; name the hosts, " +
			"leave the key out to keep them as they are, or say any_domain: true"
	case n.Kind != yaml.SequenceNode:
		return nil, "must be a list of hosts, as in [api.example.com, db.example.com]"
	case len(n.Content) > maxDomains:
		return nil, fmt.Sprintf("names more than %d hosts", maxDomains)
	}
	for i, item := range n.Content {
		entry, ok := text(item)
		if !ok {
			return nil, fmt.Sprintf("entry %d is not text; write a host such as api.example.com", i+1)
		}
		entries = append(entries, entry)
	}
	return entries, ""
}

// inOneLine is what is wrong with the first bad entries of a list.
func inOneLine(err error) string {
	texts := strings.Split(err.Error(), "\n")
	if more := len(texts) - maxEntryProblems; more > 0 {
		texts = append(texts[:maxEntryProblems], fmt.Sprintf("and %d more", more))
	}
	if errors.Is(err, domains.ErrAnyHost) {
		texts = append(texts, "if any host is meant, leave the list out and say any_domain: true")
	}
	return strings.Join(texts, "; ")
}
