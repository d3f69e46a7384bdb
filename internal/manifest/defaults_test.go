package manifest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// An entry's own word comes before that of its vault, and that before the file's.
func TestDefaults(t *testing.T) {
	t.Parallel()
	text := `defaults: { max_age: 90d, values: when_created, domain_list: file }
domain_lists: { file: [file.example.com], vault: [vault.example.com], entry: [entry.example.com] }
vaults:
- vault_id: ` + string(vaultA) + `
  defaults: { domain_list: vault, max_age: 2w }
  secrets:
    A: { env: A }
    B: { env: B, domain_list: [entry, file, entry], max_age: 12h, values: always }
    C: { max_age: 1h }
    D: { absent: true }
    E: { file: e, any_domain: true }
`
	file, problems := Parse(from("f", false), []byte(text))
	if problems != nil {
		t.Fatal(problems)
	}
	var got []string
	for _, e := range file.Vaults[0].Entries {
		hosts := "-"
		if e.Domains != nil {
			hosts = e.Domains.String()
		}
		got = append(got, strings.Join([]string{e.EnvKey, hosts, strings.Join(e.Lists, "+"), e.MaxAge.String(), e.Values}, " "))
	}
	want := []string{
		"A vault.example.com vault 336h0m0s when_created",
		"B entry.example.com file.example.com entry+file 12h0m0s always",
		"C vault.example.com vault 1h0m0s ",
		"D -  0s ",
		"E any host  336h0m0s when_created",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("- wanted, + got:\n%s", diff)
	}
}
