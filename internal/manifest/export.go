package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
)

// Held is what a vault holds, as its list says.
type Held struct {
	ID      nairi.VaultID
	Secrets []nairi.Secret
}

// Export is a manifest of what vaults hold.
type Export struct {
	Text []byte
	// Vaults is how many were read. Named of the secrets have an entry in the text, Added
	// of those had none before. Outside are those that the vault's names: leaves to other
	// manifests.
	Vaults, Named, Added, Outside int
	Remarks                       []Remark
}

// Remark is what the text does not say of a secret that is there. It is free of what
// Exporter.Hides knows.
type Remark struct {
	Vault nairi.VaultID
	// Name is that of the secret as it may be shown, or its ID where that may not be.
	Name    string
	LeftOut bool // the text has no entry for it; else it has one that says something else
	Text    string
}

// Exporter writes manifests of what vaults hold.
type Exporter struct {
	// Source is where the text came from that is merged into.
	Source Source
	Now    time.Time
	// Hides reports whether a text from outside holds a secret, so that it may not be
	// written. Required.
	Hides func(text string) bool
}

// ErrTooLarge is the error for vaults that no manifest has room for.
var ErrTooLarge = errors.New("the vaults are too large for one manifest")

// errBroken is the error for a text that would not say what it was made to say.
var errBroken = errors.New("the manifest would not be read as it was meant, so it was not written")

// schemaLine lets editors check the file.
const schemaLine = "# yaml-language-server: $schema=https://raw.githubusercontent.com/nairi-community/vault-secret/v1/docs/nairi-vault.schema.json"

// New writes a manifest of its own.
func (e Exporter) New(vaults []Held) (Export, error) {
	x := &exporting{Exporter: e, Export: Export{Vaults: len(vaults)}}
	var text bytes.Buffer
	text.WriteString(schemaLine + "\nvaults:\n")
	all := make([]meant, len(vaults))
	for i, held := range vaults {
		if i > 0 {
			text.WriteByte('\n')
		}
		items := x.items(held, inFile{})
		defaultLayout.vault(&text, held.ID, e.heading(held.ID), items)
		all[i] = meant{Vault{ID: held.ID}, items}
	}
	x.Text = text.Bytes()
	return x.Export, x.verify(all)
}

// heading is the comment above a vault.
func (e Exporter) heading(id nairi.VaultID) string {
	return fmt.Sprintf("# %s, exported %s.", id, e.Now.UTC().Format(time.DateOnly))
}

// exporting is an export at work.
type exporting struct {
	Exporter
	Export
}

// item is a line of a vault that is written: an entry or a comment.
type item struct {
	name    string // of an entry; empty for a comment
	hosts   domains.List
	comment string
}

// hasEntries reports whether there is an entry among items.
func hasEntries(items []item) bool {
	for i := range items {
		if items[i].name != "" {
			return true
		}
	}
	return false
}

// verify reads the text once more, as any later run will.
func (x *exporting) verify(all []meant) error {
	if why := check(x.Text); why != nil {
		wrong, _, _ := strings.Cut(why.text, ". ")
		return fmt.Errorf("%w: it %s. Export fewer of them, each into a manifest of its own", ErrTooLarge, wrong)
	}
	file, problems := Parse(x.Source, x.Text)
	if problems != nil || !says(file, all) {
		return errBroken
	}
	return nil
}
