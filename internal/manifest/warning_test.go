package manifest

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/problem"
)

// What is odd about a list is told once, where it stands, and so is a list that
// nothing uses.
func TestWarnings(t *testing.T) {
	t.Parallel()
	const odd = "ec2.internal, 10.0.0.1"
	text := `vaults:
- vault_id: ` + string(vaultA) + `
  defaults: { allowed_domains: [` + odd + `] }
  secrets:
    A: { env: A, domain_list: used }
    B: { env: B, domain_list: used }
    C: { env: C }
    D: { env: D }
    E: { env: E, allowed_domains: [` + odd + `] }
domain_lists:
  unused: [a.example.com]
  used: [` + odd + `]
`
	file, problems := Parse(from("f", false), []byte(text))
	if problems != nil {
		t.Fatal(problems)
	}
	alone, _ := Parse(from("f", false), []byte(entries("A: { allowed_domains: ["+odd+"] }")))
	if len(alone.Warnings) == 0 {
		t.Fatal("nothing is odd about the list")
	}
	var want []string
	for _, at := range []string{"f:3: defaults.allowed_domains ", "f:9: E ", "f:11: ", "f:12: domain_lists.used "} {
		for _, warning := range alone.Warnings {
			if at != "f:11: " {
				want = append(want, at+warning.Text+".")
			}
		}
		if at == "f:11: " {
			want = append(want, at+"domain_lists.unused is used by no secret. Remove it, or name it in domain_list.")
		}
	}
	if diff := cmp.Diff(want, file.Warnings.Lines()); diff != "" {
		t.Errorf("- wanted, + got:\n%s", diff)
	}
}

// A list is not taken for another one of the same text.
func TestListsOfOneText(t *testing.T) {
	t.Parallel()
	parse := func(lists ...string) problem.List {
		text := "vaults:\n- vault_id: " + string(vaultA) + "\n  secrets:\n"
		for i, list := range lists {
			text += fmt.Sprintf("    S%d: { allowed_domains: %s }\n", i, list)
		}
		_, problems := Parse(from("f", false), []byte(text))
		return problems
	}
	const good, bad = "[a.example.com, b.example.com]", `["a.example.com,b.example.com"]`
	if problems := parse(good, good); problems != nil {
		t.Error(problems)
	}
	for _, lists := range [][]string{{good, bad}, {bad, good}, {good, bad, good}} {
		if problems := parse(lists...); len(problems) != 1 {
			t.Errorf("%v: %v", lists, problems)
		}
	}
	if problems := parse(bad, bad, good); len(problems) != 2 || problems[0].Text != problems[1].Text || problems[1].Line != 5 {
		t.Errorf("%v", problems)
	}
}

// Every manifest that the page shows is one.
func TestThePageShowsGoodManifests(t *testing.T) {
	t.Parallel()
	shown := 0
	for _, block := range regexp.MustCompile("(?s)\n```yaml\n(.*?)```\n").FindAllStringSubmatch(page(t), -1) {
		text := block[1]
		if strings.HasPrefix(text, "DATABASE_URL:") {
			text = entries(strings.TrimSpace(text))
		}
		if !strings.Contains(text, "vaults:\n") {
			continue
		}
		shown++
		source := from("f", false)
		source.Lookup = func(name string) (string, bool) { return string(vaultB), name == "VAULT_ID" }
		if file, problems := Parse(source, []byte(text)); problems != nil || len(file.Warnings) > 0 {
			t.Errorf("%v %v\n%s", problems, file.Warnings, text)
		}
	}
	if shown < 5 {
		t.Errorf("%d are shown", shown)
	}
}
