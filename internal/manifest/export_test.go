package manifest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
)

const (
	firstVault  nairi.VaultID = "vlt_01KEQ6963XS96YDP3NF9NKB7QJ"
	secondVault nairi.VaultID = "vlt_01KQ27AQH800XQTQPJZ0DH14SJ"
)

// exporter is one on a known day, to which "hidden" is a secret.
func exporter() Exporter {
	return Exporter{
		Source: Source{Name: "f", Lookup: func(string) (string, bool) { return string(secondVault), true }},
		Now:    time.Date(2026, 11, 30, 23, 30, 0, 0, time.FixedZone("", -3600)), // the next day by UTC
		Hides:  func(text string) bool { return strings.Contains(text, "hidden") },
	}
}

// exportCase is a file of testdata/export: the text that is merged into, if there
// is any, a line of JSON for each secret of a vault, and what comes of them.
type exportCase struct {
	before []byte
	vaults []Held
}

func readCase(t *testing.T, archive *txtar.Archive) (c exportCase) {
	t.Helper()
	for _, file := range archive.Files {
		switch file.Name {
		case "before":
			c.before = unescaped(file.Data)
		case "first", "second":
			held := Held{ID: map[string]nairi.VaultID{"first": firstVault, "second": secondVault}[file.Name]}
			for line := range bytes.Lines(file.Data) {
				var s nairi.Secret
				if err := json.Unmarshal(line, &s); err != nil {
					t.Fatalf("%s: %v", line, err)
				}
				if s.ID == "" {
					s.ID = nairi.SecretID(fmt.Sprintf("sec_%d", len(held.Secrets)))
				}
				held.Secrets = append(held.Secrets, s)
			}
			c.vaults = append(c.vaults, held)
		}
	}
	return c
}

// In a case ␍ is a carriage return, ⇥ a tab, and ␄ ends the text without an end of
// its last line.
var escaping = strings.NewReplacer("\r", "␍", "\t", "⇥", "\uFEFF", "⌂")

func unescaped(data []byte) []byte {
	text := strings.NewReplacer("␍", "\r", "⇥", "\t", "⌂", "\uFEFF", "␄\n", "").Replace(string(data))
	return []byte(text)
}

func TestExportsAreAsInTheCases(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/export/*.txtar")
	if err != nil || len(names) < 10 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			c := readCase(t, archive)
			got, err := c.export()
			if err != nil {
				t.Fatal(err)
			}
			if c.before != nil {
				againUnchanged(t, c, got.Text)
			}
			for i, file := range archive.Files {
				told := map[string]string{"after": escaping.Replace(string(got.Text)), "told": tellExport(got)}
				want, is := told[file.Name]
				if !is {
					continue
				}
				if diff := cmp.Diff(string(file.Data), want); diff != "" && !*update {
					t.Errorf("%s (-wanted +got)\n%s", file.Name, diff)
				}
				archive.Files[i].Data = []byte(want)
			}
			if *update {
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func (c exportCase) export() (Export, error) {
	if c.before == nil {
		return exporter().New(c.vaults)
	}
	return exporter().Merge(c.before, c.vaults)
}

// againUnchanged checks that what was merged once has nothing to add.
func againUnchanged(t *testing.T, c exportCase, text []byte) {
	t.Helper()
	again, err := exporter().Merge(text, c.vaults)
	if err != nil || !bytes.Equal(again.Text, text) || again.Added != 0 {
		t.Errorf("merged once more: %v\n%s", err, cmp.Diff(string(text), string(again.Text)))
	}
}

func tellExport(e Export) string {
	var told strings.Builder
	fmt.Fprintf(&told, "%d vaults, %d named, %d added, %d outside\n", e.Vaults, e.Named, e.Added, e.Outside)
	for _, remark := range e.Remarks {
		fmt.Fprintf(&told, "%s %s: %s\n", map[bool]string{true: "left out", false: "kept"}[remark.LeftOut], remark.Name, remark.Text)
	}
	return told.String()
}

// The line for editors is that of the schema which is published.
func TestExportsNameThePublishedSchema(t *testing.T) {
	t.Parallel()
	if want := "# yaml-language-server: $schema=" + schemaURL; schemaLine != want {
		t.Errorf("%s, want %s", schemaLine, want)
	}
}

// What no manifest has room for is an error that says so.
func TestAnExportOfTooManyIsRefused(t *testing.T) {
	t.Parallel()
	held := Held{ID: firstVault}
	for i := range maxItems / 4 {
		name := fmt.Sprintf("SECRET_%06d", i)
		held.Secrets = append(held.Secrets, nairi.Secret{ID: nairi.SecretID(name), EnvKey: name, AllowedDomains: domains.List{"a.example.com"}})
	}
	_, err := exporter().New([]Held{held})
	if err == nil || err.Error() != "the vaults are too large for one manifest: it has more than 600000 items. Export fewer of them, each into a manifest of its own" {
		t.Error(err)
	}
}

// Whatever else a manifest may have, it takes what it lacks.
func TestEveryValidManifestIsMergedInto(t *testing.T) {
	t.Parallel()
	all, err := os.ReadFile("testdata/valid.yml")
	if err != nil {
		t.Fatal(err)
	}
	for i, document := range strings.Split(string(all), "---\n") {
		file, problems := Parse(exporter().Source, []byte(document))
		if problems != nil {
			t.Fatal(problems)
		}
		c := exportCase{before: []byte(document)}
		for _, vault := range append(file.Vaults, Vault{ID: "vlt_01KQ27AQH800XQTQPJZ0DH14SM"}) {
			c.vaults = append(c.vaults, Held{ID: vault.ID, Secrets: []nairi.Secret{
				{ID: "sec_1", EnvKey: "BILLING_EXPORTED", AllowedDomains: domains.List{"a.example.com"}}, {ID: "sec_2", EnvKey: "left out"},
			}})
		}
		got, err := c.export()
		if err != nil || bytes.Count(got.Text, []byte("BILLING_EXPORTED: {")) != len(c.vaults) {
			t.Errorf("%d: %v\n%s", i, err, got.Text)
		}
		againUnchanged(t, c, got.Text)
	}
}
