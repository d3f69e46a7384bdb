package input

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/manifest"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// valueIfNeeded is the value of an entry, or why there is none. Where values are
// only written when a secret is created, that is no problem of its own yet:
// whether the secret is there already is known once the vault is read.
func (r *entryReader) valueIfNeeded(v manifest.Vault, entry manifest.Entry) (value secret.Value, why string) {
	c := r.checker
	before := len(c.problems)
	value = r.value(v, entry)
	if !r.desired.KeepValue || len(c.problems) == before {
		return value, ""
	}
	var texts []string
	for _, p := range c.problems[before:] {
		texts = append(texts, p.Text)
	}
	c.problems = c.problems[:before]
	return secret.Value{}, strings.Join(texts, "; ")
}

// warnOfTwins tells of entries of one vault whose names differ in case alone: they
// are two secrets, and most likely were to be one. One of them has a lower-case
// letter, as hardly any name does.
func (r *entryReader) warnOfTwins(v manifest.Vault) {
	if !slices.ContainsFunc(v.Entries, func(e manifest.Entry) bool { return strings.ToUpper(e.EnvKey) != e.EnvKey }) {
		return
	}
	first := make(map[string]int, len(v.Entries))
	for i, entry := range v.Entries {
		folded := strings.ToUpper(entry.EnvKey)
		at, found := first[folded]
		if !found {
			first[folded] = i
			continue
		}
		r.checker.warn(problem.Problem{
			Input: r.input, File: r.source.Name, Line: entry.Line, Key: entry.EnvKey,
			Text: fmt.Sprintf("differs from %s in line %d only in case; they are two secrets", v.Entries[at].EnvKey, v.Entries[at].Line),
		})
	}
}
