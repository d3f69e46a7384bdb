// Package domains knows allowed_domains, the only hosts a secret may be sent to:
// how they are written, when two lists allow the same hosts, and by which
// entries one list reaches more hosts than another.
package domains

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// List is a list of the only hosts a secret may be sent to. To the API the
// empty list means no restriction at all
// (https://nairi.ai/docs/api/vault-secrets/create).
type List []string

// Any stands for the list that allows every host.
const Any = "ANY"

// Known reports whether the list was read: the nil List stands for one that an
// answer left out.
func (l List) Known() bool { return l != nil }

// IsAny reports whether the list allows every host.
func (l List) IsAny() bool { return l.Known() && len(l) == 0 }

// Entries are the entries for people: Any in the place of an empty list, which
// must not look like nothing.
func (l List) Entries() []string {
	if l.IsAny() {
		return []string{Any}
	}
	return l
}

// String is the list in one line.
func (l List) String() string {
	if !l.Known() {
		return "not known"
	}
	return strings.Join(l.Entries(), " ")
}

// Equal reports whether two lists allow the same hosts, whatever the order.
func (l List) Equal(other List) bool { return slices.Equal(sorted(l), sorted(other)) }

func sorted(l List) []string {
	copied := slices.Clone(l)
	slices.Sort(copied)
	return slices.Compact(copied)
}

// ErrLoneStar is the error for an entry that would allow any host.
var ErrLoneStar = errors.New("is a lone *, which names no host; write hosts such as *.example.com")

// Limits of a host name and of one label of it (RFC 1035, section 2.3.4).
const (
	maxName  = 253
	maxLabel = 63
)

// isLabel is asked before letters become lower case: that of the Kelvin sign is k.
func isLabel(text string) bool {
	return text != "" && len(text) <= maxLabel && ascii.Only(text, ascii.Letters+ascii.Digits+"-") &&
		strings.Trim(text, "-") == text
}

// Parse checks and normalises entries: lower case, no final dot, no
// duplicates, order kept. The error names every bad entry by its place, counted
// from 1, and never by its text: a pasted URL may hold a password.
func Parse(entries []string) (List, error) {
	var list List
	var problems []error
	for i, entry := range entries {
		domain, err := parse(entry)
		if err != nil {
			problems = append(problems, fmt.Errorf("entry %d %w", i+1, err))
		} else if !slices.Contains(list, domain) {
			list = append(list, domain)
		}
	}
	return list, errors.Join(problems...)
}

// Split splits a text of several entries by new lines and commas, or reads it as
// a JSON array.
func Split(text string) ([]string, error) {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "[") {
		var entries []string
		if json.Unmarshal([]byte(text), &entries) != nil {
			return nil, errors.New(`begins like a JSON array but is none of strings, as in ["api.example.com"]`)
		}
		return entries, nil
	}
	var entries []string
	for entry := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == ',' }) {
		if entry = strings.TrimSpace(entry); entry != "" {
			entries = append(entries, entry)
		}
	}
	return entries, nil
}

// parse is deliberately narrower than what the API may accept: its syntax beyond
// bare hosts and *.example.com is not documented.
func parse(entry string) (string, error) {
	name := strings.TrimSuffix(entry, ".")
	host := strings.TrimPrefix(name, "*.")
	if err := refuseURLParts(host); err != nil {
		return "", err
	}
	if len(host) > maxName {
		return "", fmt.Errorf("is longer than the %d characters a host name can have", maxName)
	}
	labels := strings.Split(host, ".")
	for _, l := range labels {
		if !isLabel(l) {
			return "", errors.New("is not a host name; write one such as api.example.com, in ASCII (xn--… for other letters)")
		}
	}
	if ascii.Only(labels[len(labels)-1], ascii.Digits) {
		return "", errors.New("is an IP address or ends like one; write the host's name")
	}
	return strings.ToLower(name), nil
}

// refuseURLParts names what a host name does not have, and what to write instead.
func refuseURLParts(host string) error {
	switch {
	case host == "":
		return errors.New("is empty; write a host name such as api.example.com")
	case host == "*":
		return ErrLoneStar
	case strings.Contains(host, "://"):
		return errors.New("has a scheme; write the host name alone, such as api.example.com")
	case strings.ContainsAny(host, `/\?#`):
		return errors.New("has a path; write the host name alone, such as api.example.com")
	case strings.Contains(host, "@"):
		return errors.New("has a user name; write the host name alone, such as api.example.com")
	case strings.Contains(host, ":"):
		return errors.New("has a port; write the host name alone, such as api.example.com")
	case strings.ContainsAny(host, " \t\r\n"):
		return errors.New("has a space in it; separate entries by commas or new lines")
	case strings.Contains(host, "*"):
		return errors.New("has a * that is not the whole first label; write *.example.com")
	}
	return nil
}
