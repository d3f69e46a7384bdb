package report_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/report"
)

// documented are the outputs in their order. Workflows depend on the names. Those
// from results on are of a manifest.
const documented = "secret_id env_key vault_id allowed_domains created_at updated_at previous_updated_at changed result error_code mirrors " +
	"results created_count updated_count deleted_count unchanged_count planned_count failed_count rewritten_count unmanaged_count " +
	"shards plan_digest plan"

// A step that reads an output must not fail for how the run ended.
func TestOutputsAreAlwaysAllThere(t *testing.T) {
	t.Parallel()
	single, _, _ := strings.Cut(documented, " results")
	check := func(name string, r *report.Report) {
		want := single
		if r.Manifest {
			want = documented
		}
		var names []string
		for _, output := range r.Outputs() {
			names = append(names, output.Name)
		}
		if d := cmp.Diff(strings.Fields(want), names); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	check("nothing at all", &report.Report{Redact: asItIs})
	check("nothing of a manifest", &report.Report{Manifest: true, Redact: asItIs})
	for name, r := range golden {
		check(name, r)
	}
}

// A list of domains is JSON in which a workflow's fromJSON finds the same list.
func TestOutputOfDomainsIsJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOf(rapid.String()).Draw(t, "domains")
		var got []string
		unmarshal(t, of(done(rotation, apply.Updated, stored(want...))), "allowed_domains", &got)
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
	})
}

// As variables the outputs are the same, but for the list of domains, in which a
// shell would read the quotes of JSON; "any domain" and "not known" differ in both.
func TestVariablesAreTheOutputsWithoutJSON(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		after            *nairi.Secret
		output, variable string // of the list
	}{
		{stored("db.example.com", "*.example.com"), `["db.example.com","*.example.com"]`, "db.example.com,*.example.com"},
		{stored("db.example.com"), `["db.example.com"]`, "db.example.com"},
		{stored(), "[]", "[]"},
		{&nairi.Secret{ID: secretID}, "", ""},
	} {
		r := of(done(rotation, apply.Updated, tt.after))
		outputs, variables := r.Outputs(), r.Variables()
		outputs = slices.DeleteFunc(outputs, func(o ci.Output) bool { return o.Name == "mirrors" }) // which are JSON
		for i, o := range outputs {
			want := ci.Output{Name: "NAIRI_" + strings.ToUpper(o.Name), Value: o.Value}
			if o.Name == "allowed_domains" {
				want.Value = tt.variable
				if o.Value != tt.output {
					t.Errorf("got %q, want %q", o.Value, tt.output)
				}
			}
			if d := cmp.Diff(want, variables[i]); d != "" {
				t.Error(d)
			}
		}
		if len(variables) != len(outputs) {
			t.Errorf("%d variables, %d outputs", len(variables), len(outputs))
		}
	}
	var names []string
	for _, v := range golden["sync-done"].Variables() {
		names = append(names, strings.ToLower(strings.TrimPrefix(v.Name, "NAIRI_")))
	}
	want := strings.Fields(strings.ReplaceAll(strings.TrimSuffix(documented, " shards plan_digest plan"), " mirrors results", ""))
	if d := cmp.Diff(want, names); d != "" {
		t.Error(d)
	}
}

// element is an element of the results output.
type element struct {
	EnvKey   string `json:"env_key"`
	SecretID string `json:"secret_id"`
	Action   string `json:"action"`
	LeftOut  int    `json:"left_out"`
}

func unmarshal(t rapid.TB, r *report.Report, output string, into any) {
	t.Helper()
	for _, o := range r.Outputs() {
		if o.Name != output {
			continue
		}
		if size := 2 * len(utf16.Encode([]rune(o.Value))); size > 1<<20 {
			t.Errorf("%d bytes of output", size)
		}
		if err := json.Unmarshal([]byte(o.Value), into); err != nil {
			t.Fatal(err)
		}
	}
}

// Workflows ask for these words, whatever the program calls them inside.
func TestResultsSpellActionsAsDocumented(t *testing.T) {
	t.Parallel()
	var elements []element
	r := manifest(preview(creation), preview(rotation), preview(deletion), preview(keeping), preview(gone), preview(noPlan))
	unmarshal(t, r, "results", &elements)
	for i, want := range []string{"create", "update", "delete", "keep", "gone", ""} {
		if elements[i].Action != want {
			t.Errorf("%s is spelled %q", want, elements[i].Action)
		}
	}
}

// What was written is known to later steps, though the run failed as a whole.
func TestResultsStandWhenTheRunFails(t *testing.T) {
	t.Parallel()
	results := []apply.Result{done(creation, apply.Created, stored("db.example.com")), named("OLD", done(deletion, apply.Deleted, nil))}
	before, after := manifest(results...).Outputs(), but(mistaken, manifest(results...)).Outputs()
	var differ []string
	for i := range before {
		if before[i] != after[i] {
			differ = append(differ, fmt.Sprint(before[i], after[i]))
		}
	}
	want := []string{"{result updated} {result partial}", "{error_code } {error_code internal_error}"}
	if d := cmp.Diff(want, differ); d != "" {
		t.Error(d)
	}
}

// In JSON a secret is spelled as no redactor knows it.
func TestOutputsAreRedactedBeforeTheyAreJSON(t *testing.T) {
	t.Parallel()
	const leaked = `p"ss`
	after := stored(leaked + ".example.com")
	after.ID = "sec_" + leaked
	result := named("X"+leaked, done(rotation, apply.Updated, after))
	single, many := of(result), manifest(result)
	redact := func(text string) string { return strings.ReplaceAll(text, leaked, "***") }
	single.Redact, many.Redact = redact, redact
	var list []string
	unmarshal(t, single, "allowed_domains", &list)
	if d := cmp.Diff([]string{"***.example.com"}, list); d != "" {
		t.Error(d)
	}
	var elements []element
	unmarshal(t, many, "results", &elements)
	if e := elements[0]; e.EnvKey != "X***" || e.SecretID != "sec_***" {
		t.Errorf("%+v", e)
	}
}

// manySecrets are 10,000 secrets of which every other one changes. The name of
// one may be too long for any room that is left.
func manySecrets(long int) *report.Report {
	var results []apply.Result
	for i := range 10_000 {
		r, name := preview(keeping), fmt.Sprintf("SECRET_NUMBER_%05d", i)
		if i%2 == 0 {
			r = done(opening, apply.Updated, rotated())
		}
		if i == long {
			name = strings.Repeat("X", 400_000)
		}
		results = append(results, named(name, r))
	}
	return manifest(results...)
}

// What is too long leaves out what is as wanted, then the last, says how much,
// and stays what it is.
func TestResultsOfManySecretsAreRolledUp(t *testing.T) {
	t.Parallel()
	for long, least := range map[int]int{-1: 1000, 100: 50} {
		var elements []element
		unmarshal(t, manySecrets(long), "results", &elements)
		rest := len(elements) - 1
		if elements[rest].LeftOut+rest != 10_000 || rest < least || long > 0 && rest > least {
			t.Errorf("%d elements, then %+v", rest, elements[rest])
		}
		if name := fmt.Sprintf("SECRET_NUMBER_%05d", 2*(rest-1)); elements[rest-1].EnvKey != name {
			t.Errorf("the last is %s, and not %s", elements[rest-1].EnvKey, name)
		}
	}
}

// A secret that somebody else created first is told under its planned name.
func TestResultsNameWhatWasPlanned(t *testing.T) {
	t.Parallel()
	r := manifest(done(creation, apply.Updated, stored("db.example.com")))
	r.Results[0].Change = plan.Change{VaultID: vaultID, Action: plan.Update}
	var elements []element
	unmarshal(t, r, "results", &elements)
	if e := elements[0]; e.EnvKey != "DATABASE_URL" || e.Action != "update" {
		t.Errorf("%+v", e)
	}
}
