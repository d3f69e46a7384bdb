// Package domains knows allowed_domains, the only hosts a secret may be sent to:
// how they are written, when two lists allow the same hosts, by which entries
// one list reaches more hosts than another, and how they are shown.
package domains

import (
	"slices"
	"strings"
)

// List is a list of the only hosts a secret may be sent to. To the API the
// empty list means no restriction at all
// (https://nairi.ai/docs/api/vault-secrets/create). What Parse returned has every
// entry in its normal form; a server's list can hold anything.
type List []string

// Any stands for the list that allows every host.
const Any = "any host"

// star is the entry that stands for every host. Parse refuses it; a server may
// have it.
const star = "*"

// Known reports whether the list was read: the nil List stands for one that an
// answer left out.
func (l List) Known() bool { return l != nil }

// IsAny reports whether the list is the empty one, which allows every host.
func (l List) IsAny() bool { return l.Known() && len(l) == 0 }

// Unlimited reports whether the list allows every host in either way.
func (l List) Unlimited() bool { return l.IsAny() || slices.Contains(l, star) }

// Entries are the entries for people: Any in the place of an empty list, which
// must not look like nothing.
func (l List) Entries() []string {
	if l.IsAny() {
		return []string{Any}
	}
	var entries []string
	for _, entry := range l {
		entries = append(entries, Shown(entry))
	}
	return entries
}

// String is the list in one line.
func (l List) String() string {
	if !l.Known() {
		return "not known"
	}
	return strings.Join(l.Entries(), " ")
}

// Equal reports whether two lists allow the same hosts, however they are written
// and whatever the order.
func (l List) Equal(other List) bool {
	return slices.Equal(l, other) || slices.Equal(l.keys(), other.keys())
}

// Canonical is the list as it is compared: sorted, each entry once and in its normal
// form. Lists that are Equal have the same, but for one that is not known.
func (l List) Canonical() List {
	if len(l) == 0 || len(l) == 1 && plain(l[0]) {
		return l
	}
	return l.keys()
}

// keys are the entries as they are compared, sorted, each once.
func (l List) keys() []string {
	keys := make([]string, len(l))
	for i, entry := range l {
		keys[i] = key(entry)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// Without are the entries that other does not have, for people.
func (l List) Without(other List) []string {
	if l.IsAny() {
		if other.IsAny() {
			return nil
		}
		return l.Entries()
	}
	keys := other.keys()
	var rest []string
	for _, entry := range l {
		if _, found := slices.BinarySearch(keys, key(entry)); !found {
			rest = append(rest, Shown(entry))
		}
	}
	return rest
}
