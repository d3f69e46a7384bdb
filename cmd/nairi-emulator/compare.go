package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/drift"
	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/manifest"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// comparison is how the vaults differ from manifests that are to be all of them. No
// text of it has a value.
type comparison struct {
	differences     []string
	secrets, values int // that were compared
}

// comparing is what a comparison is made of.
type comparing struct {
	outside env.Env
	held    map[string][]heldSecret // by the ID of the vault
	comparison
}

// compare compares vaults with manifests: the names, the hosts where an entry says any,
// and the values where the outside gives one.
func compare(files []manifest.File, held state, outside env.Env) (comparison, error) {
	c := comparing{outside: outside, held: map[string][]heldSecret{}}
	for _, v := range held.Vaults {
		c.held[v.ID] = v.Secrets
	}
	named := map[string]bool{}
	var problems []error
	for _, file := range files {
		for i := range file.Vaults {
			named[string(file.Vaults[i].ID)] = true
			problems = append(problems, c.vault(file.Name, &file.Vaults[i])...)
		}
	}
	for _, v := range held.Vaults {
		if !named[v.ID] && len(v.Secrets) > 0 {
			c.differ(v.ID, "the vault has %s, and the manifest does not name it", counted(len(v.Secrets), "secret"))
		}
	}
	return c.comparison, errors.Join(problems...)
}

func (c *comparison) differ(vaultID, text string, args ...any) {
	c.differences = append(c.differences, vaultID+": "+fmt.Sprintf(text, args...))
}

// vault compares one vault: the names and hosts as a check of a manifest that is to be
// all of it does.
func (c *comparing) vault(file string, v *manifest.Vault) (problems []error) {
	desired := plan.Vault{ID: v.ID, Owned: v.Names, AllManaged: true}
	for i := range v.Entries {
		desired.Secrets = append(desired.Secrets, desiredOf(&v.Entries[i]))
	}
	var current []nairi.Secret
	byName := map[string][]heldSecret{}
	for _, s := range c.held[string(v.ID)] {
		current = append(current, nairi.Secret{ID: nairi.SecretID(s.ID), EnvKey: s.EnvKey, AllowedDomains: append(domains.List{}, s.AllowedDomains...)})
		byName[s.EnvKey] = append(byName[s.EnvKey], s)
	}
	for _, f := range drift.Findings(drift.Compare([]plan.Vault{desired}, [][]nairi.Secret{current}, time.Time{})) {
		c.differ(string(v.ID), "%s", sentence(f))
	}
	for i := range v.Entries {
		entry := &v.Entries[i]
		c.secrets += len(byName[entry.EnvKey])
		if err := c.value(string(v.ID), entry, byName[entry.EnvKey]); err != nil {
			problems = append(problems, inFile(file, problem.Problem{Line: entry.Line, Key: entry.EnvKey, Text: err.Error()}))
		}
	}
	return problems
}

func desiredOf(entry *manifest.Entry) plan.Desired {
	d := plan.Desired{Operation: plan.OpSet, EnvKey: entry.EnvKey, Domains: entry.Domains, RenamedFrom: entry.RenamedFrom}
	if entry.Absent {
		d.Operation = plan.OpDelete
	}
	return d
}

// value compares the value of the one secret that an entry means with the one that the
// outside gives. The name of its variable is not shown: it may be a value itself, put in
// the wrong place.
func (c *comparing) value(vaultID string, entry *manifest.Entry, held []heldSecret) error {
	if entry.Absent || len(held) != 1 {
		return nil
	}
	value, err := givenValue(c.outside, entry)
	if err != nil || value.IsZero() {
		return err
	}
	c.values++
	if value.Reveal() != held[0].Value {
		c.differ(vaultID, "%s has another value than its variable or file", entry.EnvKey)
	}
	return nil
}

// sentence is a difference in words.
func sentence(f drift.Finding) string {
	name := shownName(f.Name)
	switch f.Kind {
	case drift.Missing:
		return name + " is not in the vault"
	case drift.Extra:
		return name + " is in the vault, and the manifest does not name it"
	case drift.Present:
		return name + " is in the vault, and should be absent"
	case drift.Twice:
		return fmt.Sprintf("%s is in the vault %d times", name, len(f.IDs))
	case drift.Hosts:
		return fmt.Sprintf("%s may be sent to %s, and the manifest says %s", name, f.There, f.Wanted)
	case drift.Stale:
	}
	return name + " differs"
}

// shownName is a name for a log. One that a test put into the vault may be anything, also
// a line break and a command to the runner.
func shownName(name string) string {
	if ascii.Name(name) {
		return name
	}
	return fmt.Sprintf("%q", name)
}
