package manifest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
)

const (
	vaultA nairi.VaultID = "vlt_01KEQ6963XS96YDP3NF9NKB7QJ"
	vaultB nairi.VaultID = "vlt_01KQ27AQH800XQTQPJZ0DH14SJ"
)

// entries is a text with the given lines, from line 4, under secrets.
func entries(lines ...string) string {
	return "vaults:\n  - vault_id: " + string(vaultA) + "\n    secrets:\n      " + strings.Join(lines, "\n      ") + "\n"
}

func hostsOf(hosts ...string) *domains.List { return new(domains.List(hosts)) }

func TestParse(t *testing.T) {
	t.Parallel()
	inline := Source{Name: "secrets", Inline: true}
	for name, test := range map[string]struct {
		source Source
		text   string
		want   []Entry
	}{
		"variable":      {text: "A: { env: B }", want: []Entry{{EnvKey: "A", Env: "B", Line: 4}}},
		"file":          {text: "A: { file: secrets/a b.txt }", want: []Entry{{EnvKey: "A", File: "secrets/a b.txt", Line: 4}}},
		"fence":         {text: "A: { allowed_domains: [API.example.com., '*.example.com'] }", want: []Entry{{EnvKey: "A", Domains: hostsOf("api.example.com", "*.example.com"), Line: 4}}},
		"one host":      {text: "A: { allowed_domains: api.example.com }", want: []Entry{{EnvKey: "A", Domains: hostsOf("api.example.com"), Line: 4}}},
		"any host":      {text: "A: { env: A, any_domain: true }", want: []Entry{{EnvKey: "A", Env: "A", Domains: hostsOf(), Line: 4}}},
		"not any host":  {text: "A: { env: A, any_domain: false }", want: []Entry{{EnvKey: "A", Env: "A", Line: 4}}},
		"absent":        {text: "A: { absent: true }", want: []Entry{{EnvKey: "A", Absent: true, Line: 4}}},
		"not absent":    {text: "A: { file: a, absent: false }", want: []Entry{{EnvKey: "A", File: "a", Line: 4}}},
		"reference":     {source: inline, text: "A: { value: '${B_1}' }", want: []Entry{{EnvKey: "A", Env: "B_1", Line: 4}}},
		"block":         {source: inline, text: "A:\n        value: ${B}\n      a:\n        env: A", want: []Entry{{EnvKey: "A", Env: "B", Line: 4}, {EnvKey: "a", Env: "A", Line: 6}}},
		"no country":    {text: "NO: { env: NO }", want: []Entry{{EnvKey: "NO", Env: "NO", Line: 4}}},
		"not expanded":  {text: "A: { file: '${HOME}/a' }", want: []Entry{{EnvKey: "A", File: "${HOME}/a", Line: 4}}},
		"order is kept": {text: "Z: { env: A }\n      # and\n      B: { env: A }", want: []Entry{{EnvKey: "Z", Env: "A", Line: 4}, {EnvKey: "B", Env: "A", Line: 6}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, problems := Parse(test.source, []byte(entries(test.text)))
			if problems != nil {
				t.Fatal(problems)
			}
			for i := range test.want {
				test.want[i].Column = 7
			}
			want := File{Name: test.source.Name, Vaults: []Vault{{ID: vaultA, Entries: test.want, Line: 2}}}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("- wanted, + got:\n%s", diff)
			}
		})
	}
}

// What editors and systems do to a file does not change what it says.
func TestParseSpellings(t *testing.T) {
	t.Parallel()
	text := entries("A: { env: B }")
	want, _ := Parse(Source{}, []byte(text))
	for name, text := range map[string]string{
		"byte order mark":    "\uFEFF" + text,
		"CRLF":               strings.ReplaceAll(text, "\n", "\r\n"),
		"no final new line":  strings.TrimSuffix(text, "\n"),
		"end of document":    text + "...\n",
		"tab before comment": strings.ReplaceAll(text, " }", " }\t# schön"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, problems := Parse(Source{}, []byte(text))
			if diff := cmp.Diff(want, got); problems != nil || diff != "" {
				t.Errorf("%v\n- wanted, + got:\n%s", problems, diff)
			}
		})
	}
}

func TestSeveralVaults(t *testing.T) {
	t.Parallel()
	text := "vaults:\n- vault_id: " + string(vaultA) + "\n  secrets: {}\n- secrets: { A: { env: A } }\n  vault_id: " + string(vaultB) + "\n"
	got, problems := Parse(Source{}, []byte(text))
	if problems != nil {
		t.Fatal(problems)
	}
	want := File{Vaults: []Vault{
		{ID: vaultA, Entries: []Entry{}, Line: 2},
		{ID: vaultB, Entries: []Entry{{EnvKey: "A", Env: "A", Line: 4, Column: 14}}, Line: 4},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("- wanted, + got:\n%s", diff)
	}
}

func TestExample(t *testing.T) {
	t.Parallel()
	const example = "../../examples/nairi-vault.yml"
	text, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	file, problems := Parse(Source{Name: example}, text)
	if problems != nil {
		t.Fatal(problems)
	}
	if len(file.Vaults) != 2 || !strings.HasPrefix(string(text), "# yaml-language-server: $schema="+schemaURL+"\n") {
		t.Errorf("%s has %d vaults, or does not begin with the address of the schema", example, len(file.Vaults))
	}
	if !strings.Contains(page(t), "\n```yaml\n"+string(text)+"```\n") {
		t.Errorf("docs/vault-as-code.md does not show %s", example)
	}
}

func TestManifestsOnPages(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range pages {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range strings.Split(string(text), "\n```yaml\n")[1:] {
			if block, _, _ = strings.Cut(block, "\n```\n"); !strings.Contains("\n"+block, "\nvaults:\n") {
				continue
			}
			if _, problems := Parse(Source{Name: path}, []byte(block+"\n")); problems != nil {
				t.Errorf("%v", problems)
			}
		}
	}
}

func page(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/vault-as-code.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The page names every key, and shows problems as they are.
func TestPage(t *testing.T) {
	t.Parallel()
	page := page(t)
	for _, name := range slices.Concat(fileKeys.names(), vaultKeys.names(), defaultKeys.names(), entryKeys.names()) {
		if !strings.Contains(page, "\n| `"+name+"` | ") {
			t.Errorf("docs/vault-as-code.md has no row for %s", name)
		}
	}
	problems := problemsOf(Source{Name: Default}, entries("DATABASE_URL: { allowed_domain: a.b }", "", "",
		"STRIPE_KEY: { env: A, file: a }", "LEGACY_TOKEN:", "  absent: yes"))
	if !strings.Contains(page, "\n```\n"+problems+"```\n") {
		t.Errorf("docs/vault-as-code.md does not show\n%s", problems)
	}
}
