package domains

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Parse checks and normalises entries: ASCII, lower case, no final dot, no
// duplicates, order kept. The error names every bad entry by its place, counted
// from 1, and never by its text: a pasted URL may hold a password.
func Parse(entries []string) (List, error) {
	var list List
	var problems []error
	seen := make(map[string]bool, len(entries))
	for i, entry := range entries {
		domain, err := parse(entry)
		if err != nil {
			problems = append(problems, fmt.Errorf("entry %d %w", i+1, err))
		} else if !seen[domain] {
			seen[domain] = true
			list = append(list, domain)
		}
	}
	return list, errors.Join(problems...)
}

// parse is deliberately narrower than what the API may accept: its syntax beyond
// bare hosts and *.example.com is not documented.
func parse(entry string) (string, error) {
	if err := mistaken(entry); err != nil {
		return "", err
	}
	name, err := normal(entry)
	if err != nil {
		return "", err
	}
	if name != entry { // as of "ANY."
		if err := mistaken(name); err != nil {
			return "", err
		}
	}
	if host, isWildcard := strings.CutPrefix(name, wildcard); isWildcard && overSuffix(host) {
		return "", errSuffix
	}
	return name, nil
}

// Split splits a text of several entries by new lines and commas, or reads it as
// a JSON array. A line that begins with # is a comment.
func Split(text string) ([]string, error) {
	text = strings.TrimSpace(text)
	first, _, _ := strings.Cut(text, "]")
	if _, isAddress := address(first + "]"); strings.HasPrefix(text, "[") && !isAddress {
		return splitJSON(text)
	}
	var entries []string
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		for _, entry := range strings.Split(line, ",") {
			if entry = strings.TrimSpace(entry); entry != "" {
				entries = append(entries, entry)
			}
		}
	}
	return entries, nil
}

func splitJSON(text string) ([]string, error) {
	var entries []string
	if json.Unmarshal([]byte(text), &entries) != nil {
		return nil, errors.New(`begins like a JSON array and is not one of strings. Write ["api.example.com"], or one host a line`)
	}
	return entries, nil
}
