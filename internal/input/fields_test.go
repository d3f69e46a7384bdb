package input_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// A help says of every input what it is, and what it takes.
func TestEveryInputIsExplained(t *testing.T) {
	t.Parallel()
	for _, spec := range input.Specs() {
		text := spec.Placeholder()
		if spec.Help() == "" || strings.HasSuffix(spec.Help(), ".") || (text == "") != spec.IsBoolean() {
			t.Errorf("%s: help %q, placeholder %q", spec.Name, spec.Help(), text)
		}
		if len(spec.Words()) == 0 && text != strings.ToUpper(text) {
			t.Errorf("%s: placeholder %q", spec.Name, text)
		}
	}
	for name, want := range map[string]string{
		"vault_id": "ID", "env_key": "NAME", "value_file": "FILE", "trim": "newline|none", "dry_run": "", "verify_create": "", "manifest": "FILE",
		"allowed_domains": "DOMAINS", "if_updated_at": "TIME", "timeout": "TIME", "concurrency": "NUMBER", "max_deletes": "NUMBER", "base_url": "URL",
	} {
		if got := named(t, name).Placeholder(); got != want {
			t.Errorf("%s: placeholder %q, want %q", name, got, want)
		}
	}
}

// What an operation does nothing with it takes all the same: a workflow may give it.
func TestOperationsThatAnInputDoesNotServe(t *testing.T) {
	t.Parallel()
	for _, spec := range input.Specs() {
		for _, operation := range slices.Concat(plan.Operations, plan.OfManifest, plan.OfNone) {
			not := slices.Contains(spec.Not(), string(operation))
			if not && !spec.Takes(operation) || spec.Serves(operation) != (spec.Takes(operation) && !not) {
				t.Errorf("%s for %s: not %t, taken %t, serves %t", spec.Name, operation, not, spec.Takes(operation), spec.Serves(operation))
			}
		}
		for _, word := range spec.Not() {
			if !slices.Contains(operations(), word) {
				t.Errorf("%s: %s is no operation", spec.Name, word)
			}
		}
	}
}

// The variables of a shell are those that inputs are read from there.
func TestVariablesOfAShell(t *testing.T) {
	t.Parallel()
	for _, spec := range input.Specs() {
		want := map[string]string{
			"api_key": "NAIRI_API_KEY", "vault_id": "NAIRI_VAULT_ID", "base_url": "NAIRI_BASE_URL", "github_token": "INPUT_GITHUB_TOKEN",
		}[spec.Name]
		if spec.Variable() != want {
			t.Errorf("%s: %q, want %q", spec.Name, spec.Variable(), want)
		}
	}
}

// named is the input of a name.
func named(t *testing.T, name string) input.Spec {
	t.Helper()
	for _, spec := range input.Specs() {
		if spec.Name == name {
			return spec
		}
	}
	t.Fatalf("there is no input %s", name)
	return input.Spec{}
}
