package report

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/drift"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// FindingList is what is off, each at its place in the manifest: first the secrets that
// reach more hosts than it allows, since a runner shows only the first few of a list, then
// the others, in the order of the manifest.
func (r *Report) FindingList() problem.List {
	var first, list problem.List
	for _, f := range r.findings() {
		switch {
		case r.secretive(f):
		case r.reaching(f) != "":
			first = append(first, r.at(f.Place, r.inWords(f)))
		default:
			list = append(list, r.at(f.Place, r.inWords(f)))
		}
	}
	return append(append(first, list...), r.unnamed()...)
}

// whichDiffer are the first secrets of a drift and their places, behind an error about it.
func (r *Report) whichDiffer() string {
	const most = 3
	var which group
	for _, f := range r.findings() {
		if r.secretive(f) || len(which.names) == most {
			which.more++
			continue
		}
		which.names = append(which.names, fmt.Sprintf("%s (%s:%d)", r.clean(f.Name), cmp.Or(r.clean(f.Place.File), "line"), f.Place.Line))
	}
	if len(which.names) == 0 {
		return ""
	}
	return ", in " + which.first(most)
}

// unnamed says of how many secrets the names are not said, for each vault.
func (r *Report) unnamed() problem.List {
	unnamed := map[nairi.VaultID]int{}
	for _, f := range r.findings() {
		if r.secretive(f) {
			unnamed[f.VaultID] += len(f.IDs)
		}
	}
	var list problem.List
	for _, vault := range r.Desired {
		n := unnamed[vault.ID]
		if n > 0 {
			list = append(list, r.at(vault.Place, fmt.Sprintf("%s in %s and not in the manifest. %s shown only in a private repository.",
				agree(n, "secret is", "secrets are"), r.vaultOf(vault.ID), plural(n, "Its name is", "Their names are"))))
		}
	}
	return list
}

// at is a sentence about a place in the manifest.
func (r *Report) at(p plan.Place, text string) problem.Problem {
	return problem.Problem{File: r.clean(p.File), Line: p.Line, Text: text}
}

// inWords is a finding in one sentence.
func (r *Report) inWords(f drift.Finding) string {
	name, vault := r.found(f), r.vaultOf(f.VaultID)
	switch f.Kind {
	case drift.Missing:
		return fmt.Sprintf("%s is not in %s.", name, vault)
	case drift.Extra:
		return fmt.Sprintf("%s is in %s and not in the manifest.", name, vault)
	case drift.Twice:
		return fmt.Sprintf("%s is in %s %s: %s.", r.clean(f.Name), vault, times(len(f.IDs)), strings.Join(r.ids(f), ", "))
	case drift.Present:
		return fmt.Sprintf("%s is still in %s; the manifest says that it must be gone.", name, vault)
	case drift.Stale:
		return fmt.Sprintf("%s in %s is too old: %s.", name, vault, r.agedWords(f))
	}
	return fmt.Sprintf("%s has different hosts in %s than in the manifest: %s.", name, vault, strings.Join(r.otherHosts(f, strings.Clone), "; "))
}

// found is the secret of a finding: its name, and its ID if it is one.
func (r *Report) found(f drift.Finding) string {
	if len(f.IDs) != 1 {
		return r.clean(f.Name)
	}
	return r.secretName(nairi.Secret{ID: f.IDs[0], EnvKey: f.Name})
}

func (r *Report) ids(f drift.Finding) []string {
	ids := make([]string, len(f.IDs))
	for i, id := range f.IDs {
		ids[i] = r.id(id)
	}
	return ids
}

// otherHosts say how the hosts of a secret differ from those of the manifest, each as
// show spells it.
func (r *Report) otherHosts(f drift.Finding, show func(string) string) []string {
	if !f.There.Known() {
		return []string{"the API does not say which it has"}
	}
	var parts []string
	if only := r.hosts(f.There, f.Wanted, show); only != "" {
		parts = append(parts, "only in the vault: "+only)
	}
	if only := r.hosts(f.Wanted, f.There, show); only != "" {
		parts = append(parts, "only in the manifest: "+only)
	}
	return parts
}

// hosts are those of a list that another does not have, in one line.
func (r *Report) hosts(list, other domains.List, show func(string) string) string {
	only := list.Without(other)
	if list.IsAny() && len(only) > 0 {
		return anyHost
	}
	shown := r.cleanAll(only[:min(len(only), mostHosts)])
	for i := range shown {
		shown[i] = show(shown[i])
	}
	text := strings.Join(shown, ", ")
	if more := len(only) - mostHosts; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// anyHost is the list without an entry, in prose.
const anyHost = "any host"

func times(n int) string {
	if n == 2 {
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}

// agedWords say how old a value is, and how old it may be.
func (r *Report) agedWords(f drift.Finding) string {
	ago := ", " + drift.Since(f.Age, f.MaxAge) + " ago"
	if r.undated {
		ago = ""
	}
	return fmt.Sprintf("last changed %s%s; max_age is %s", day(f.UpdatedAt), ago, drift.Span(f.MaxAge, f.MaxAge))
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
