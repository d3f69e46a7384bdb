package drift

import (
	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// Findings are those of names that were compared.
func Findings(compared []Compared) []Finding {
	var findings []Finding
	for _, c := range compared {
		findings = append(findings, c.Findings...)
	}
	return findings
}

// compare compares one entry with the secrets of its name, and the old name of a
// renamed one, if that is there, by itself.
func (v vault) compare(entry plan.Desired) []Compared {
	there := v.there[entry.EnvKey]
	c := v.compared(entry, there)
	switch {
	case c.Wanted && len(there) == 0:
		c.find(Missing)
	case c.Wanted && len(there) > 1:
		c.find(Twice)
	case !c.Wanted && len(there) > 0:
		c.find(Present)
	case c.Wanted:
		c.findInOne(entry)
	}
	if old := v.there[entry.RenamedFrom]; entry.RenamedFrom != "" && len(old) > 0 {
		gone := v.compared(plan.Desired{Operation: plan.OpDelete, EnvKey: entry.RenamedFrom, Place: entry.Place}, old)
		gone.find(Present)
		return []Compared{c, gone}
	}
	return []Compared{c}
}

// findInOne finds what is off about the one secret that an entry means.
func (c *Compared) findInOne(entry plan.Desired) {
	if entry.Domains != nil && (!c.Hosts.Known() || !c.Hosts.Equal(*entry.Domains)) {
		c.find(Hosts)
	}
	if c.AgeKnown() && c.MaxAge > 0 && c.Age > c.MaxAge {
		c.find(Stale)
	}
}

// find adds a finding.
func (c *Compared) find(kind Kind) {
	f := Finding{
		Kind: kind, VaultID: c.VaultID, Name: c.Name, IDs: c.IDs,
		Wanted: c.WantedHosts, There: c.Hosts, UpdatedAt: c.UpdatedAt, Place: c.Place,
	}
	if kind == Stale {
		f.Age, f.MaxAge = c.Age, c.MaxAge
	}
	c.Findings = append(c.Findings, f)
}

// compared is what is known of the secrets there that have the name of an entry.
func (v vault) compared(entry plan.Desired, there []nairi.Secret) Compared {
	c := Compared{
		VaultID: v.ID, Name: entry.EnvKey, Wanted: entry.Operation != plan.OpDelete, IDs: idsOf(there),
		MaxAge: entry.MaxAge, Place: entry.Place,
	}
	if entry.Domains != nil {
		c.WantedHosts = append(domains.List{}, *entry.Domains...)
	}
	if len(there) == 1 {
		c.Hosts, c.UpdatedAt = there[0].AllowedDomains, there[0].UpdatedAt
	}
	if c.AgeKnown() {
		c.Age = max(v.now.Sub(c.UpdatedAt), 0) // a clock that is ahead of ours makes nothing older
	}
	return c
}
