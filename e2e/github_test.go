package e2e

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/runnertest"
)

// githubCase is one step of a workflow. It adds its inputs to vault_id and
// env_key: DATABASE_URL, of a secret that is there with oldValue.
type githubCase struct {
	name   string
	with   map[string]string
	code   int
	result string
	holds  held
}

var (
	before  = held{"DATABASE_URL", oldValue, []string{"old.example.com"}}
	rotated = held{"DATABASE_URL", freshValue, []string{"old.example.com"}}
	fenced  = held{"DATABASE_URL", oldValue, []string{"db.example.com"}}
)

const leftOut = "__not_given__"

var githubCases = []githubCase{
	{"value alone", map[string]string{"value": freshValue}, 0, "updated", rotated},
	{"domains alone", map[string]string{"allowed_domains": "db.example.com"}, 0, "updated", fenced},
	{"handed on as left out", map[string]string{
		"value": leftOut, "value_env": leftOut, "value_file": leftOut, "allowed_domains": "db.example.com",
	}, 0, "updated", fenced},
	{"domains handed on as left out", map[string]string{"value": freshValue, "allowed_domains": leftOut}, 0, "updated", rotated},
	{"any domain", map[string]string{"allow_any_domain": "true"}, 0, "updated", held{"DATABASE_URL", oldValue, []string{}}},
	{"value in a variable", map[string]string{"value_env": "FRESH"}, 0, "updated", rotated},
	{"one new line goes", map[string]string{"value": freshValue + "\n"}, 0, "updated", rotated},
	{"trim: none", map[string]string{"value": freshValue + "\n", "trim": "none"}, 0, "updated",
		held{"DATABASE_URL", freshValue + "\n", []string{"old.example.com"}}},
	{"dry run", map[string]string{"value": freshValue, "dry_run": "True"}, 0, "planned", before},
	{"suspicious value", map[string]string{"value": "$FRESH"}, 2, "failed", before},
	{"suspicious value allowed", map[string]string{"value": "$FRESH", "allow_suspicious_value": "true"}, 0, "updated",
		held{"DATABASE_URL", "$FRESH", []string{"old.example.com"}}},
	{"defaults given as empty", map[string]string{
		"value": freshValue, "operation": "", "base_url": "", "secret_id": "", "trim": "", "allow_suspicious_value": "",
		"allow_any_domain": "", "if_updated_at": "", "mask_parts": "", "timeout": "", "request_timeout": "", "ca_cert": "", "dry_run": "",
	}, 0, "updated", rotated},
	{"delete", map[string]string{"operation": "delete"}, 0, "deleted", held{}},
	{"create what is there", map[string]string{
		"operation": "create", "value": freshValue, "allowed_domains": "db.example.com",
	}, 1, "failed", before},
	{"changed since", map[string]string{"value": freshValue, "if_updated_at": "2020-01-02T03:04:05.000Z"}, 1, "failed", before},

	{"nothing to write", nil, 2, "failed", before},
	{"empty value", map[string]string{"value": ""}, 2, "failed", before},
	{"empty value_env", map[string]string{"value_env": ""}, 2, "failed", before},
	{"empty value_file", map[string]string{"value_file": ""}, 2, "failed", before},
	{"empty domains", map[string]string{"value": freshValue, "allowed_domains": ""}, 2, "failed", before},
	{"two values", map[string]string{"value": freshValue, "value_env": "FRESH"}, 2, "failed", before},
	{"not a boolean", map[string]string{"value": freshValue, "dry_run": "yes"}, 2, "failed", before},
}

// act hands the inputs to a composite action by itself. GitHub does not: there
// the step has what action.yml maps, with its defaults.
func TestInputsOnGitHub(t *testing.T) {
	t.Parallel()
	for _, tt := range githubCases {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			checkOnGitHub(t, tt)
		})
	}
}

func checkOnGitHub(t *testing.T, tt githubCase) {
	v := newVault(t)
	v.hold(before)
	with := map[string]string{"vault_id": v.VaultID, "env_key": "DATABASE_URL"}
	maps.Copy(with, tt.with)

	outputs, log, code := onGitHub(t, with, map[string]string{
		"NAIRI_BASE_URL": v.BaseURL, "NAIRI_API_KEY": v.Key, "FRESH": freshValue,
	})

	if code != tt.code || outputs["result"] != tt.result {
		t.Errorf("exit code %d, result %q, want %d, %q\n%s", code, outputs["result"], tt.code, tt.result, log)
	}
	if (outputs["error_code"] == "bad_input") != (tt.code == 2) {
		t.Errorf("error_code %q", outputs["error_code"])
	}
	if tt.code == 2 {
		v.untouched(t)
	}
	var want []held
	if !cmp.Equal(tt.holds, held{}) {
		want = []held{tt.holds}
	}
	v.holds(t, want...)
	checkHidden(t, log, append(tt.given(), v.Key)...)
}

// given are the values that the step came by.
func (c githubCase) given() []string {
	var values []string
	if value := strings.TrimSpace(c.with["value"]); value != "" && value != leftOut {
		values = append(values, value)
	}
	if c.with["value_env"] == "FRESH" {
		values = append(values, freshValue)
	}
	return values
}

// checkHidden checks that no runner shows the secrets, neither in the log of the
// step nor in that of a later one which prints them.
func checkHidden(t *testing.T, log []byte, secrets ...string) {
	t.Helper()
	later := []byte(strings.Join(secrets, "\n") + "\n")
	for _, runner := range runnertest.Oracles() {
		shown := runner.Run(runnertest.Job{Steps: []runnertest.Step{{Stdout: log}, {Stdout: later}}}).Visible()
		for i, secret := range secrets {
			if strings.Contains(shown, secret) {
				t.Errorf("%s shows secret %d", runner.Name(), i)
			}
		}
	}
}

// The key and the address may be inputs, too, and then come first.
func TestKeyAndAddressAsInputs(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	v.hold(before)

	outputs, log, code := onGitHub(t, map[string]string{
		"api_key": v.Key, "base_url": v.BaseURL + "/api/public/v1/", "vault_id": v.VaultID,
		"secret_id": v.Secrets(v.VaultID)[0].ID, "value": freshValue,
	}, map[string]string{"NAIRI_API_KEY": "nr_of_another_organization_00", "NAIRI_BASE_URL": "http://127.0.0.1:1"})

	want := v.outputs(t, "updated", "true")
	if diff := cmp.Diff(want, ofOne(outputs, want)); diff != "" || code != 0 {
		t.Errorf("exit code %d, outputs:\n%s\n%s", code, diff, log)
	}
	v.holds(t, rotated)
}

// Every output of action.yml is one that the program sets, and the other way
// round, if only as a sync.
func TestOutputsOnGitHub(t *testing.T) {
	t.Parallel()
	action, err := runnertest.LoadAction("../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	env, err := action.StepEnv("write", map[string]string{"operation": "sync"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	output, env := addRunner(t, env, nil)

	finish(t, composite(t, released, env))

	set := slices.Sorted(maps.Keys(outputsIn(t, output)))
	if diff := cmp.Diff(slices.Sorted(maps.Keys(action.Outputs)), set); diff != "" {
		t.Errorf("outputs, - in action.yml, + set:\n%s", diff)
	}
}
