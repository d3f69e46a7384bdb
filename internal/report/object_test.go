package report_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/report"
)

// kindsOfOutputs are what each output is in an object, if it is known. A name with * stands for all
// that end so; what is not here is a text.
var kindsOfOutputs = map[string]func(any) bool{
	"changed":         isA[bool],
	"drift":           isA[bool],
	"*_count":         isA[float64],
	"allowed_domains": isA[[]any],
	"results":         isA[[]any],
	"mirrors":         isA[[]any],
	"shards":          isA[[]any],
}

func isA[T any](v any) bool { _, is := v.(T); return is }

// checkObject checks that an object has all outputs in their order, each of its kind.
func checkObject(t *testing.T, name string, r *report.Report) {
	t.Helper()
	object := r.Object()
	decoder := json.NewDecoder(strings.NewReader(string(object)))
	if begin, err := decoder.Token(); begin != json.Delim('{') {
		t.Fatalf("%s: begins with %v: %v", name, begin, err)
	}
	for _, output := range r.Outputs() {
		key, err := decoder.Token()
		var value any
		if err != nil || decoder.Decode(&value) != nil || key != output.Name {
			t.Fatalf("%s: %v in the place of %s: %s", name, key, output.Name, object)
		}
		kind := output.Name
		if strings.HasSuffix(kind, "_count") {
			kind = "*_count"
		}
		is := kindsOfOutputs[kind]
		if is == nil {
			is = isA[string]
		}
		if known := value != nil; known != (output.Value != "") || known && !is(value) {
			t.Errorf("%s: %s is %v (%T), and the output is %q", name, output.Name, value, value, output.Value)
		}
	}
	if !json.Valid(object) || !strings.HasSuffix(string(object), "\n}\n") {
		t.Errorf("%s: no whole object: %s", name, object)
	}
}

func TestObjectHasEveryOutputOfItsKind(t *testing.T) {
	t.Parallel()
	for name, r := range golden {
		checkObject(t, name, r)
	}
	for _, operation := range append(append([]plan.Operation{""}, plan.Operations...), plan.OfManifest...) {
		checkObject(t, "nothing of "+string(operation), &report.Report{
			Operation: operation, Manifest: operation.IsOfManifest(), Redact: asItIs,
		})
	}
}

// An output can hold only so many results. The object has them all.
func TestObjectHasEveryResult(t *testing.T) {
	t.Parallel()
	const many = 5000
	r := of(done(rotation, apply.Updated, stored()))
	r.Manifest, r.Operation = true, plan.OpSync
	for range many - 1 {
		r.Results, r.Changes = append(r.Results, r.Results[0]), append(r.Changes, r.Changes[0])
	}
	var object struct {
		Results []map[string]any `json:"results"`
	}
	if err := json.Unmarshal(r.Object(), &object); err != nil || len(object.Results) != many {
		t.Errorf("%d results, want %d: %v", len(object.Results), many, err)
	}
	for _, output := range r.Outputs() {
		if output.Name == "results" && !strings.Contains(output.Value, "left_out") {
			t.Error("the output has room for all of them, so that this shows nothing")
		}
	}
}

func TestObjectOfOneSecret(t *testing.T) {
	t.Parallel()
	const want = `{
  "secret_id": "sec_01KQ27AQH800XQTQPJZ0DH14SJ",
  "env_key": "DATABASE_URL",
  "vault_id": "vlt_01KEQ6963XS96YDP3NF9NKB7QJ",
  "allowed_domains": [],
  "created_at": "2026-04-25T11:45:19.000Z",
  "updated_at": "2026-04-25T11:45:19.000Z",
  "previous_updated_at": "2026-04-25T11:45:19.000Z",
  "changed": true,
  "result": "updated",
  "error_code": null,
  "mirrors": null
}
`
	if d := cmp.Diff(want, string(of(done(rotation, apply.Updated, stored())).Object())); d != "" {
		t.Error(d)
	}
}
