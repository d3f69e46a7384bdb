package input

import (
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/manifest"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// valueIfNeeded is the value of an entry, or why there is none. Where values are only
// written when a secret is created or was rotated, that is no problem of its own yet:
// whether it must be written is known once the vault is read.
func (r *entryReader) valueIfNeeded(vault nairi.VaultID, entry *manifest.Entry, mode plan.Values) (value secret.Value, why string) {
	c := r.checker
	before := len(c.problems)
	value = r.value(vault, entry)
	if !mode.MayLack() || r.needs != nil || len(c.problems) == before {
		return value, ""
	}
	var texts []string
	for _, p := range c.problems[before:] {
		texts = append(texts, p.Said())
	}
	c.problems = c.problems[:before]
	return secret.Value{}, strings.Join(texts, " ")
}

// warnOfTwins tells of entries of one vault whose names differ in case alone: they
// are two secrets, and most likely were to be one. One of them has a lower-case
// letter, as hardly any name does.
func (r *entryReader) warnOfTwins(v plan.Vault) {
	if !hasLowerCase(v.Secrets) {
		return
	}
	first := make(map[string]*plan.Desired, len(v.Secrets))
	for i := range v.Secrets {
		second := &v.Secrets[i]
		folded := strings.ToUpper(second.EnvKey)
		if first[folded] == nil {
			first[folded] = second
			continue
		}
		r.checker.warn(problem.Problem{
			Input: r.input, File: second.Place.File, Line: second.Place.Line, Key: second.EnvKey,
			Text: fmt.Sprintf("differs only in case from the name in %s. They are two secrets", where(first[folded].Place, second.Place.File)),
		})
	}
}

// where is a place for people who are in a file already.
func where(place plan.Place, file string) string {
	if place.File == file {
		return fmt.Sprintf("line %d", place.Line)
	}
	return fmt.Sprintf("%s:%d", place.File, place.Line)
}

func hasLowerCase(secrets []plan.Desired) bool {
	for i := range secrets {
		if strings.ToUpper(secrets[i].EnvKey) != secrets[i].EnvKey {
			return true
		}
	}
	return false
}
