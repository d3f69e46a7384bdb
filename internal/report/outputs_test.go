package report_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/report"
)

// documented are the outputs in their order. Workflows depend on the names.
var documented = []string{
	"secret_id", "env_key", "vault_id", "allowed_domains", "created_at", "updated_at", "changed", "result", "error_code",
}

func TestOutputsAreAlwaysAllThere(t *testing.T) {
	t.Parallel()
	results := map[string]apply.Result{"nothing at all": {}}
	for name, result := range golden {
		results[name] = result
	}
	for name, result := range results {
		var names []string
		for _, output := range of(result).Outputs() {
			names = append(names, output.Name)
		}
		if d := cmp.Diff(documented, names); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// A list of domains is JSON in which a workflow's fromJSON finds the same list.
func TestOutputOfDomainsIsJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOf(rapid.String()).Draw(t, "domains")
		r := of(done(rotation, apply.Updated, stored(want...)))
		var got []string
		if err := json.Unmarshal([]byte(output(t, r, "allowed_domains")), &got); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
	})
}

// "Any domain" and "not known" are not the same.
func TestOutputOfNoDomains(t *testing.T) {
	t.Parallel()
	anywhere := of(done(rotation, apply.Updated, stored()))
	if got := output(t, anywhere, "allowed_domains"); got != "[]" {
		t.Errorf("for any domain: got %q", got)
	}
	unknown := of(done(rotation, apply.Updated, &nairi.Secret{ID: secretID}))
	if got := output(t, unknown, "allowed_domains"); got != "" {
		t.Errorf("for a list that is not known: got %q", got)
	}
}

// As variables the outputs are the same, but for the list of domains, in which a
// shell would read the quotes of JSON.
func TestVariables(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		domains []string
		want    string
	}{
		"two":  {[]string{"db.example.com", "*.example.com"}, "db.example.com,*.example.com"},
		"one":  {[]string{"db.example.com"}, "db.example.com"},
		"none": {nil, "[]"},
	} {
		r := of(done(rotation, apply.Updated, stored(tt.domains...)))
		outputs, variables := r.Outputs(), r.Variables()
		if len(variables) != len(outputs) {
			t.Fatalf("%d variables, %d outputs", len(variables), len(outputs))
		}
		for i, o := range outputs {
			want := ci.Output{Name: "NAIRI_" + strings.ToUpper(o.Name), Value: o.Value}
			if o.Name == "allowed_domains" {
				want.Value = tt.want
			}
			if d := cmp.Diff(want, variables[i]); d != "" {
				t.Errorf("%s: %s", name, d)
			}
		}
	}
	for _, v := range of(apply.Result{}).Variables() {
		if v.Name == "NAIRI_ALLOWED_DOMAINS" && v.Value != "" {
			t.Errorf("for a list that is not known: got %q", v.Value)
		}
	}
}

type tester interface {
	Helper()
	Fatalf(format string, args ...any)
}

func output(t tester, r report.Report, name string) string {
	t.Helper()
	for _, o := range r.Outputs() {
		if o.Name == name {
			return o.Value
		}
	}
	t.Fatalf("there is no output %s", name)
	return ""
}
