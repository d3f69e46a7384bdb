package e2e

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/runnertest"
)

// githubCase is one step of a workflow, in testdata/runs/github.yml. It adds its
// inputs to vault_id and env_key: DATABASE_URL, of a secret that is there with
// oldValue.
type githubCase struct {
	With   map[string]string
	Code   int
	Result string
	Holds  *held // before if left out
	Gone   bool
}

var (
	before  = held{"DATABASE_URL", oldValue, []string{"old.example.com"}}
	rotated = held{"DATABASE_URL", freshValue, []string{"old.example.com"}}
)

const leftOut = "__not_given__"

// act hands the inputs to a composite action by itself. GitHub does not: there
// the step has what action.yml maps, with its defaults.
func TestInputsOnGitHub(t *testing.T) {
	t.Parallel()
	for name, tt := range readYAML[map[string]githubCase](t, read(t, "testdata/runs/github.yml")) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkOnGitHub(t, tt)
		})
	}
}

func checkOnGitHub(t *testing.T, tt githubCase) {
	v := newVault(t)
	v.hold(before)
	with := map[string]string{"vault_id": v.VaultID, "env_key": "DATABASE_URL"}
	maps.Copy(with, tt.With)

	outputs, log, code := onGitHub(t, with, map[string]string{
		"NAIRI_BASE_URL": v.BaseURL, "NAIRI_API_KEY": v.Key, "FRESH": freshValue,
	})

	if code != tt.Code || outputs["result"] != tt.Result {
		t.Errorf("exit code %d, result %q, want %d, %q\n%s", code, outputs["result"], tt.Code, tt.Result, log)
	}
	if (outputs["error_code"] == "bad_input") != (tt.Code == 2) {
		t.Errorf("error_code %q", outputs["error_code"])
	}
	if tt.Code == 2 {
		v.untouched(t)
	}
	want := []held{before}
	switch {
	case tt.Gone:
		want = nil
	case tt.Holds != nil:
		want = []held{*tt.Holds}
	}
	v.holds(t, want...)
	checkHidden(t, log, append(tt.given(), v.Key)...)
}

// given are the values that the step came by.
func (c githubCase) given() []string {
	var values []string
	if value := strings.TrimSpace(c.With["value"]); value != "" && value != leftOut {
		values = append(values, value)
	}
	if c.With["value_env"] == "FRESH" {
		values = append(values, freshValue)
	}
	return values
}

// checkHidden checks that GitHub's runner shows the secrets neither in the log of the
// step nor in that of a later one which prints them.
func checkHidden(t *testing.T, log []byte, secrets ...string) {
	t.Helper()
	later := []byte(strings.Join(secrets, "\n") + "\n")
	shown := runnertest.GitHub().Run(runnertest.Job{Steps: []runnertest.Step{{Stdout: log}, {Stdout: later}}}).Visible()
	for i, secret := range secrets {
		if strings.Contains(shown, secret) {
			t.Errorf("secret %d shows", i)
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
// round, if only by one of the operations.
func TestOutputsOnGitHub(t *testing.T) {
	t.Parallel()
	action, err := runnertest.LoadAction("../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	set := map[string]string{}
	for _, operation := range []string{"sync", "check", "export", "list"} {
		env, err := action.StepEnv("write", map[string]string{"operation": operation})
		if err != nil {
			t.Fatal(err)
		}
		output, env := addRunner(t, env, nil)

		finish(t, composite(t, released, env))

		maps.Copy(set, outputsIn(t, output))
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(action.Outputs)), slices.Sorted(maps.Keys(set))); diff != "" {
		t.Errorf("outputs, - in action.yml, + set:\n%s", diff)
	}
}
