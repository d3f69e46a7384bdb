package input

import (
	"fmt"

	"github.com/nairi-community/vault-secret/internal/drift"
	"github.com/nairi-community/vault-secret/internal/manifest"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// lint is the configuration for manifests that are only looked at. Whatever a run
// would need to send something is neither asked for nor looked at.
func (c *checker) lint(config *Config, values givenValues) {
	needs := &needs{given: c.EnvJSON != "" || c.ValuesFile != "", noSecrets: c.event.NoSecrets()}
	config.Rules.Prune = c.boolean("prune", c.Prune)
	config.Manifest, config.Vaults = c.desired(reading{
		values: values, rules: config.Rules, needs: needs,
		desired: plan.Desired{Operation: plan.OpSet, Values: c.valuesMode()},
	})
	config.ManifestFiles = needs.files
	found := needs.judge(c.lacks(values))
	for _, p := range found.problems {
		c.note(p)
	}
	for _, p := range found.warnings {
		c.warn(p)
	}
	for _, note := range found.notes {
		c.notes = append(c.notes, c.own(note))
	}
}

// noteVaults notes the variables that hold the IDs of vaults.
func (r *entryReader) noteVaults(file manifest.File) {
	if r.needs == nil {
		return
	}
	if r.needs.input = r.input; file.Name != "" {
		r.needs.files++
	}
	for _, vault := range file.Vaults {
		if vault.Variable != "" {
			r.needs.list = append(r.needs.list, need{kind: aVaultID, name: vault.Variable, file: r.file, line: vault.Line, key: "vault_id"})
		}
	}
}

// noteAge notes a value that is too old by the date that the manifest has. Without a
// date nothing is known of its age.
func (r *entryReader) noteAge(entry *manifest.Entry) {
	if r.needs == nil || entry.Rotated == nil || entry.MaxAge == 0 {
		return
	}
	if age := r.checker.now.Sub(*entry.Rotated); age > entry.MaxAge {
		p := r.at(entry, ".rotated")
		p.Text = fmt.Sprintf("is %s ago, and max_age is %s. Rotate the value, and give the new date", drift.Since(age, entry.MaxAge), drift.Span(entry.MaxAge, entry.MaxAge))
		r.checker.note(p)
	}
}
