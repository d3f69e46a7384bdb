package input

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"

	"github.com/nairi-community/vault-secret/internal/manifest"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// export is the configuration for writing a manifest of what vaults hold: of those that
// vault_id names, or else the manifest, or else the file that is written anew. Where
// such a text is there, it is merged into.
func (c *checker) export(config *Config) {
	config.Overwrite = c.boolean("overwrite", c.Overwrite)
	config.Concurrency = c.number("concurrency", c.Concurrency, 1, maxConcurrency)
	config.ExportFile = c.exportFile(config.Overwrite)
	config.Manifest = string(plan.OpExport) // which has no name
	merged := c.present("export_file", config.ExportFile)
	named := merged
	explicit, vault := c.Manifest != manifest.Default, c.VaultID
	if (explicit || merged != nil) && c.byShell(VaultID) { // which is for all that name none
		vault = ""
	}
	switch {
	case explicit && vault != "":
		c.add(VaultID, "is given, and so is manifest. Each says which vaults to export, so keep one of them")
	case vault != "":
		named = nil
		config.Vaults = c.vaultIDs()
	case explicit, merged == nil && c.exists(c.Manifest):
		named = c.theManifest()
	case merged == nil && config.ExportFile == c.ExportFile: // of which else something is said
		c.add(VaultID, "is not set. Name the vaults to export, as in vlt_01KEQ6963XS96YDP3NF9NKB7QJ, or a manifest that has them")
	}
	if named != nil {
		config.Vaults = named.vaults
	}
	if merged = cmp.Or(merged, named); merged != nil {
		config.Manifest, config.Present = merged.name, merged.text
	}
}

// present is a manifest that is there.
type present struct {
	name   string
	text   []byte
	vaults []plan.Vault // of which only the ID is known
}

// present reads the manifest that is to be merged into; nil if there is none, or
// nothing in it.
func (c *checker) present(input, name string) *present {
	if name == "" || !c.exists(name) {
		return nil
	}
	if info, err := c.env.Stat(name); err == nil && info.Size() == 0 {
		return nil
	}
	return c.manifestIn(input, name)
}

// theManifest is the one file that manifest names.
func (c *checker) theManifest() *present {
	names := c.manifestNames()
	if len(names) > 1 {
		c.add(Manifest, "names several files. An export is merged into one, so name that alone")
	}
	if len(names) != 1 {
		return nil
	}
	return c.manifestIn(Manifest, names[0])
}

// manifestIn reads the manifest in a file that an input names.
func (c *checker) manifestIn(input, name string) *present {
	c.reads(input, name)
	there := &present{name: name}
	text, err := c.readFile(name, manifest.MaxBytes)
	if err != nil {
		c.check(input, err)
		return there
	}
	there.text = text
	for _, file := range c.parse(input, nil, c.source(name, false), text) {
		for _, vault := range file.Vaults {
			there.vaults = append(there.vaults, plan.Vault{ID: vault.ID})
		}
	}
	return there
}

// exportFile takes what can be the name of a file to write, and may be replaced.
func (c *checker) exportFile(overwrite bool) string {
	name := c.fileToWrite("export_file", c.ExportFile)
	switch there := name != "" && c.exists(name); {
	case there && !c.env.IsFile(name):
		c.add("export_file", "is not the name of a regular file. Leave it out to print the manifest")
	case there && !overwrite:
		c.add("export_file", "names a file that exists already. To merge into it, set overwrite: true")
	default:
		return name
	}
	return ""
}

// vaultIDs are those of vault_id, at least one and each once, separated by commas or new
// lines.
func (c *checker) vaultIDs() []plan.Vault {
	texts := strings.FieldsFunc(c.VaultID, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
	if len(texts) == 0 {
		c.noVault()
	}
	var vaults []plan.Vault
	given := map[nairi.VaultID]bool{}
	for i, text := range texts {
		id, err := nairi.ParseVaultID(text)
		if err != nil && len(texts) > 1 {
			err = fmt.Errorf("entry %d %w", i+1, err)
		}
		c.check(VaultID, err)
		if err == nil && !given[id] {
			given[id] = true
			vaults = append(vaults, plan.Vault{ID: id})
		}
	}
	return vaults
}
