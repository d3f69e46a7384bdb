package e2e

import (
	"maps"
	"testing"
)

const (
	oldValue   = "postgres://app:correct-horse@db.example.com/app"
	freshValue = "postgres://app:battery-staple@db.example.com/app"
)

func story(name string) string { return "e2e/testdata/" + name }

func TestRotateByID(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	id := v.hold(held{"DATABASE_URL", oldValue, []string{"db.example.com"}})

	got := job{
		workflow: story("rotate.yml"), vault: v,
		secrets: map[string]string{"VALUE": freshValue + "\n"},
		vars:    map[string]string{"SECRET_ID": id},
	}.run(t)

	got.succeeded(t)
	got.saw(t, "write", v.outputs(t, "updated", "true"))
	got.hides(t, freshValue)
	v.holds(t, held{"DATABASE_URL", freshValue, []string{"db.example.com"}})
}

// A value with all that is hard to carry and to mask: lines, marks of commands,
// escapes, an expression. act masks no line of it by itself.
func TestRotateToAwkwardValue(t *testing.T) {
	t.Parallel()
	const value = "-----BEGIN PRIVATE KEY-----\n" +
		"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\r\n" +
		"  left::right%0Anot-a-line %25 ${{ github.token }} $HOME `id` \"quoted\" 'single'\t\n" +
		"::error::not-a-command\n" +
		"\n" +
		"-----END PRIVATE KEY-----"
	v := newVault(t)
	id := v.hold(held{"PRIVATE_KEY", oldValue, []string{"db.example.com"}})

	got := job{
		workflow: story("rotate.yml"), vault: v,
		secrets: map[string]string{"VALUE": value},
		vars:    map[string]string{"SECRET_ID": id, "ALLOW_SUSPICIOUS_VALUE": "true"},
	}.run(t)

	got.succeeded(t)
	got.saw(t, "write", v.outputs(t, "updated", "true"))
	got.hides(t, value)
	v.holds(t, held{"PRIVATE_KEY", value, []string{"db.example.com"}})
}

func TestSetByName(t *testing.T) {
	t.Parallel()
	v := newVault(t)

	got := job{
		workflow: story("name.yml"), vault: v,
		secrets: map[string]string{"FIRST": oldValue, "SECOND": freshValue},
	}.run(t)

	got.succeeded(t)
	second := v.outputs(t, "updated", "true")
	got.saw(t, "second", second)
	first := maps.Clone(second)
	first["result"], first["updated_at"] = "created", first["created_at"]
	first["allowed_domains"] = `["db.example.com","*.replicas.example.com"]`
	got.saw(t, "first", first)
	got.hides(t, oldValue)
	got.hides(t, freshValue)
	v.holds(t, held{"DATABASE_URL", freshValue, []string{"db.example.com"}})
}

func TestDomainsOnly(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	v.hold(held{"DATABASE_URL", oldValue, []string{"old.example.com"}})

	got := job{workflow: story("domains.yml"), vault: v}.run(t)

	got.succeeded(t)
	got.saw(t, "first", v.outputs(t, "updated", "true"))
	got.saw(t, "second", v.outputs(t, "unchanged", "false"))
	v.holds(t, held{"DATABASE_URL", oldValue, []string{"db.example.com", "*.replicas.example.com"}})
}

func TestDelete(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	v.hold(held{"DATABASE_URL", oldValue, []string{"db.example.com"}})
	first := v.outputs(t, "deleted", "true")
	first["allowed_domains"], first["created_at"], first["updated_at"] = "", "", ""

	got := job{workflow: story("delete.yml"), vault: v}.run(t)

	got.succeeded(t)
	got.saw(t, "first", first)
	got.saw(t, "second", map[string]string{
		"secret_id": "", "env_key": "DATABASE_URL", "vault_id": v.VaultID, "allowed_domains": "",
		"created_at": "", "updated_at": "", "result": "absent", "changed": "false", "error_code": "",
	})
	v.holds(t)
}

func TestDryRun(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	v.hold(held{"DATABASE_URL", oldValue, []string{"old.example.com"}})

	got := job{workflow: story("dry_run.yml"), vault: v, secrets: map[string]string{"VALUE": freshValue}}.run(t)

	got.succeeded(t)
	got.saw(t, "write", v.outputs(t, "planned", "false"))
	got.hides(t, freshValue)
	v.holds(t, held{"DATABASE_URL", oldValue, []string{"old.example.com"}})
}
