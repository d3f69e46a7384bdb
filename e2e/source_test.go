package e2e

import "testing"

// The runner knows nothing of this value: what hides it when a later step prints
// it are the masks of the action.
func TestValueFromFile(t *testing.T) {
	t.Parallel()
	v := newVault(t)

	got := job{
		workflow: story("value_file.yml"), vault: v,
		env: map[string]string{"MADE_IN_THE_JOB": freshValue},
	}.run(t)

	got.succeeded(t)
	got.saw(t, "write", v.outputs(t, "created", "true"))
	got.hides(t, freshValue)
	v.holds(t, held{"SIGNING_KEY", freshValue, []string{"api.example.com"}})
}

func TestValueFromVariable(t *testing.T) {
	t.Parallel()
	v := newVault(t)

	got := job{workflow: story("value_env.yml"), vault: v, secrets: map[string]string{"VALUE": freshValue}}.run(t)

	got.succeeded(t)
	got.saw(t, "write", v.outputs(t, "created", "true"))
	got.hides(t, freshValue)
	v.holds(t, held{"DATABASE_PASSWORD", freshValue, []string{}})
}

func TestEmptyIsNotLeftOut(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	v.hold(held{"DATABASE_URL", oldValue, []string{"old.example.com"}})

	got := job{workflow: story("empty.yml"), vault: v}.run(t)

	if got.failed || got.steps["empty"].Outcome != "failure" {
		t.Errorf("job failed: %t, step: %s", got.failed, got.steps["empty"].Outcome)
	}
	got.saw(t, "empty", failure(v, "DATABASE_URL", "bad_input"))
	got.saw(t, "left_out", v.outputs(t, "updated", "true"))
	v.holds(t, held{"DATABASE_URL", oldValue, []string{"db.example.com"}})
}

func TestFailure(t *testing.T) {
	t.Parallel()
	v := newVault(t)

	got := job{workflow: story("failure.yml"), vault: v, secrets: map[string]string{"VALUE": freshValue}}.run(t)

	if got.failed || got.steps["write"].Outcome != "failure" {
		t.Errorf("job failed: %t, step: %s", got.failed, got.steps["write"].Outcome)
	}
	got.saw(t, "write", failure(v, "NOT_THERE", "secret_not_found"))
	got.saw(t, "next", map[string]string{"acted": "true"})
	got.hides(t, freshValue)
	v.holds(t)
}

// failure is the outputs of a step that failed before it saw a secret.
func failure(v vault, envKey, code string) map[string]string {
	return map[string]string{
		"secret_id": "", "env_key": envKey, "vault_id": v.VaultID, "allowed_domains": "",
		"created_at": "", "updated_at": "", "result": "failed", "changed": "false", "error_code": code,
	}
}

func TestWrapper(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	v.hold(held{"DATABASE_URL", oldValue, []string{"old.example.com"}})

	got := job{workflow: story("wrapper.yml"), vault: v, secrets: map[string]string{"VALUE": freshValue}}.run(t)

	got.succeeded(t)
	for _, id := range []string{"value", "domains"} {
		// Not all of the outputs: act shows those of an action within, too.
		if result := got.steps[id].Outputs["result"]; result != "updated" {
			t.Errorf("%s: result %q", id, result)
		}
	}
	got.hides(t, freshValue)
	v.holds(t, held{"DATABASE_URL", freshValue, []string{"db.example.com"}})
}

func TestFolderWithSpaces(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	v.hold(held{"DATABASE_URL", oldValue, []string{"db.example.com"}})

	got := job{workflow: story("spaces.yml"), vault: v, secrets: map[string]string{"VALUE": freshValue}}.run(t)

	got.succeeded(t)
	v.holds(t, held{"DATABASE_URL", freshValue, []string{"db.example.com"}})
}

// A checkout of the main branch has no dist: the program is built from source.
func TestBuiltFromSource(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	id := v.hold(held{"DATABASE_URL", oldValue, []string{"db.example.com"}})
	repository := t.TempDir()
	if err := newRepository(repository); err != nil {
		t.Fatal(err)
	}

	got := job{
		workflow: story("rotate.yml"), vault: v, repository: repository,
		secrets: map[string]string{"VALUE": freshValue},
		vars:    map[string]string{"SECRET_ID": id},
	}.run(t)

	got.succeeded(t)
	got.saw(t, "write", v.outputs(t, "updated", "true"))
	got.hides(t, freshValue)
	v.holds(t, held{"DATABASE_URL", freshValue, []string{"db.example.com"}})
}
