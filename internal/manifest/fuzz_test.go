package manifest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/runnertest/samples"
	"github.com/nairi-community/vault-secret/internal/wildcard"
)

// FuzzParse holds for any text: reading it ends, no problem repeats a text of
// it that is no name of a key, and what is read keeps its promises. In the text
// "@@" becomes a mark that looks like no name, and "%%" one that could be a name.
func FuzzParse(f *testing.F) {
	seeds, err := filepath.Glob("testdata/*.yml")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range seeds {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for document := range strings.SplitSeq(string(text), "---\n") {
			f.Add(document, true)
		}
	}
	for _, entry := range []string{
		"A: @@", "@@: {}", "%%: @@", "A: { env: @@, file: %% }", "A: { @@, %% }", "A: *@@", "A: &%% @@",
		"A: { generate: @@ }", "A: { generate: hex, generate_bytes: %% }", "A: { generate: password, generate_symbols: @@ }", "A: { env: A, mirror: '@@' }",
		"A: { env: A, mirror: ['repo:octo/%%', 'repo:octo/%%', 'org:%%:@@'] }\n      a: { env: A, mirror: 'repo:octo/%%' }",
		"A: !@@ x", "A: '@@", "A: @@\n  %%: x", "A: { value: \"${%%}\" }", "? [@@]\n: %%", "A: { allowed_domains: [@@, %%] }",
	} {
		f.Add(entries(entry), false)
		f.Add(entries(entry), true)
	}
	for _, rest := range []string{
		"domain_lists: { %%: [@@], @@: [a.b] }", "defaults: { max_age: @@, values: %%, domain_list: %% }", "unmanaged: %%", "domain_lists: { a: %% }",
		"    names: [@@, %%*]", "    defaults: { allowed_domains: '%%' }", "    allow_empty: %%", "- vault_id: ${VAULT_ODD}\n  secrets: {}", "- { vault_id: '${%%}' }",
	} {
		f.Add(entries("A: { env: A, rotated: 2026-11-01, max_age: 90d, domain_list: [a, %%], renamed_from: %% }")+rest+"\n", false)
	}
	f.Fuzz(func(t *testing.T, text string, inline bool) {
		text = strings.NewReplacer("@@", marked, "%%", named).Replace(text)
		file, problems := Parse(from("f", inline), []byte(text))
		if strings.Contains(problems.Error(), marked) {
			t.Fatal("a problem repeats the text")
		}
		if strings.Contains(problems.Error(), named) && !samples.InKey(text, named) {
			t.Fatal("a problem repeats a value that looks like a name")
		}
		if problems == nil {
			checkPromises(t, file)
		}
		checkNodes(t, []byte(text))
		sameInParts(t, text)
	})
}

func checkPromises(t *testing.T, file File) {
	t.Helper()
	ids := map[nairi.VaultID]bool{}
	for _, vault := range file.Vaults {
		if _, err := nairi.ParseVaultID(string(vault.ID)); err != nil || ids[vault.ID] {
			t.Fatal("a vault without an ID of its own")
		}
		ids[vault.ID] = true
		names := map[string]bool{}
		for _, entry := range vault.Entries {
			if nairi.CheckEnvKey(entry.EnvKey) != nil || names[entry.EnvKey] || entry.Line < 1 {
				t.Fatal("an entry without a name of its own")
			}
			names[entry.EnvKey] = true
			checkEntry(t, entry)
		}
		checkOwnership(t, vault, names)
	}
	if len(ids) == 0 {
		t.Fatal("no vault, and no problem")
	}
}

// checkOwnership holds a vault to what it says of its names.
func checkOwnership(t *testing.T, vault Vault, names map[string]bool) {
	t.Helper()
	old := map[string]bool{}
	for _, e := range vault.Entries {
		if len(vault.Names) > 0 && !wildcard.Any(vault.Names, e.EnvKey) {
			t.Fatal("an entry that the file does not own")
		}
		if e.RenamedFrom == "" {
			continue
		}
		if names[e.RenamedFrom] || old[e.RenamedFrom] || nairi.CheckEnvKey(e.RenamedFrom) != nil || len(vault.Names) > 0 && !wildcard.Any(vault.Names, e.RenamedFrom) {
			t.Fatal("an old name that is not free")
		}
		if old[e.RenamedFrom] = true; e.Domains == nil || e.Env == "" && e.File == "" && e.Generate == nil {
			t.Fatal("a new name that nothing can be created under")
		}
	}
}

func checkEntry(t *testing.T, e Entry) {
	t.Helper()
	values := 0
	for _, given := range []bool{e.Env != "", e.File != "", e.Generate != nil} {
		if given {
			values++
		}
	}
	value := values > 0
	says := value || e.Domains != nil || e.MaxAge > 0
	if values > 1 || e.Absent == says {
		t.Fatal("an entry that says nothing, or two things")
	}
	checkMade(t, e)
	if (e.Values != "" || e.Rotated != nil) && !value || e.Values != "" && !slices.Contains(ValueModes, e.Values) {
		t.Fatal("an entry that says something of a value, and has none")
	}
	if e.Rotated != nil && (e.Rotated.After(now.Add(skew)) || e.Rotated.Year() < firstYear) || e.MaxAge < 0 || e.MaxAge > maxAge {
		t.Fatal("a time that is none")
	}
	if e.Env != "" && !ascii.Name(e.Env) {
		t.Fatal("a variable that can have no such name")
	}
	if len(e.Mirrors) > mirror.Most || len(e.Mirrors) > 0 && (!value || mirror.CheckName(e.EnvKey) != nil) {
		t.Fatal("mirrors that can have no value of this name")
	}
	if e.Domains != nil {
		if parsed, err := domains.Parse(*e.Domains); err != nil || !parsed.Equal(*e.Domains) {
			t.Fatal("domains that are none")
		}
	}
}

// checkMade holds a value that is made to what it must be.
func checkMade(t *testing.T, e Entry) {
	t.Helper()
	if e.Generate != nil && (e.Generate.Check() != nil || e.Base64 || e.AllowSuspicious || e.Values == always) {
		t.Fatal("a value that somebody guesses, or that is made in each run")
	}
}

// checkNodes holds the library to what maxItems is built on.
func checkNodes(t *testing.T, text []byte) {
	t.Helper()
	var doc yaml.Node
	if check(text) != nil || yaml.Unmarshal(text, &doc) != nil {
		return
	}
	var count func(n *yaml.Node) int
	count = func(n *yaml.Node) int {
		nodes := 1
		for _, child := range n.Content {
			nodes += count(child)
		}
		return nodes
	}
	if nodes := count(&doc); nodes > 3*items(text)+2 {
		t.Fatalf("%d nodes of %d items", nodes, items(text))
	}
}
