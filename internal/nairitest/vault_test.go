package nairitest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

func TestVaultLifeIsAsDocumented(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{})
	created := b.call("POST", "", `{"name":"prod","description":"live"}`)
	created.want(t, http.StatusCreated, "")
	id, _ := created.object(t)["id"].(string)
	if !nairitest.ValidVaultID(id) {
		t.Errorf("id = %q, want vlt_ and a ULID", id)
	}
	b.AddSecret(id, nairitest.Stored{EnvKey: "A", Value: "v"})
	want := map[string]any{
		"id": id, "name": "prod", "description": "live", "secret_count": 1.0,
		"created_at": "2026-04-25T12:00:00.000Z", "updated_at": "2026-04-25T12:00:00.000Z",
	}
	if diff := cmp.Diff(want, b.call("GET", "/"+id, "").object(t)); diff != "" {
		t.Errorf("got (-want +got):\n%s", diff)
	}

	b.at(time.Minute)
	for _, same := range []string{`{}`, `{"name":"prod"}`, `{"description":"live","more":1}`} {
		if diff := cmp.Diff(want, b.call("PATCH", "/"+id, same).object(t)); diff != "" {
			t.Errorf("after %s (-want +got):\n%s", same, diff)
		}
	}
	want["name"], want["description"], want["updated_at"] = "live", "", "2026-04-25T12:01:00.000Z"
	updated := b.call("PATCH", "/"+id, `{"name":"live","description":""}`)
	updated.want(t, http.StatusOK, "")
	if diff := cmp.Diff(want, updated.object(t)); diff != "" {
		t.Errorf("updated (-want +got):\n%s", diff)
	}

	listed := b.call("GET", "", "")
	listed.want(t, http.StatusOK, "")
	var list []map[string]any
	listed.decode(t, &list)
	if len(list) != 2 {
		t.Fatalf("%d vaults listed, want the default one and this", len(list))
	}
	if diff := cmp.Diff(want, list[0]); diff != "" {
		t.Errorf("listed first (-want +got):\n%s", diff)
	}
}

func TestVaultInUseIsNotDeleted(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{})
	path := "/" + b.VaultID
	first := b.AddSecret(b.VaultID, nairitest.Stored{EnvKey: "A", Value: "v"})
	b.AddSecret(b.VaultID, nairitest.Stored{EnvKey: "B", Value: "v"})
	b.AssignAgents(b.VaultID, 3)

	b.call("DELETE", path, "").want(t, 400, "cannot delete vault: still assigned to 3 agent(s)")
	b.AssignAgents(b.VaultID, 0)
	b.call("DELETE", path, "").want(t, 400, "cannot delete vault: vault still contains 2 secret(s)")
	b.call("DELETE", path+"/secrets/"+first, "").want(t, 204, "")
	b.call("DELETE", path, "").want(t, 400, "cannot delete vault: vault still contains 1 secret(s)")
	b.call("DELETE", path+"/secrets/"+b.Secrets(b.VaultID)[0].ID, "").want(t, 204, "")
	b.call("DELETE", path, "").want(t, 204, "")
	b.call("DELETE", path, "").want(t, 404, "vault not found")
	b.call("GET", path+"/secrets", "").want(t, 404, "vault not found")
	if got := b.Secrets(b.VaultID); got != nil {
		t.Errorf("Secrets of a deleted vault = %d secrets, want nil", len(got))
	}
}

func TestVaultRefusals(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{})
	tests := []struct {
		name, method, path, body string
		status                   int
		text                     string
	}{
		{"create from nonsense", "POST", "", `{`, 400, "invalid request body"},
		{"create with a number", "POST", "", `{"name":1}`, 400, "invalid request body"},
		{"create without a name", "POST", "", `{"description":"d"}`, 400, "name is required"},
		{"create of no name", "POST", "", `{"name":""}`, 400, "name is required"},
		{"get of a bad ID", "GET", "/default", "", 400, "vault ID must be a valid ULID"},
		{"get of none", "GET", "/" + noVault, "", 404, "vault not found"},
		{"update of a bad ID", "PATCH", "/default", `{}`, 400, "vault ID must be a valid ULID"},
		{"update to no name", "PATCH", "/" + b.VaultID, `{"name":""}`, 400, "name must not be empty"},
		{"update of none", "PATCH", "/" + noVault, `{}`, 404, "vault not found"},
		{"delete of a bad ID", "DELETE", "/default", "", 400, "vault ID must be a valid ULID"},
		{"delete of none", "DELETE", "/" + noVault, "", 404, "vault not found"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b.call(test.method, test.path, test.body).want(t, test.status, test.text)
		})
	}
}

func TestAddedVaultsAndSecretsStand(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{})
	b.AddVaultWithID(noVault, "first")
	b.AddSecret(noVault, nairitest.Stored{EnvKey: "GONE", Value: "v"})
	b.AddVaultWithID(noVault, "second")
	if got := b.call("GET", "/"+noVault, "").object(t); got["name"] != "second" || got["secret_count"] != 0.0 {
		t.Errorf("vault = %v, want the second, empty", got)
	}

	domains := []string{"a.example"}
	given := nairitest.Stored{ID: noSecret, EnvKey: "NAIRI_odd key", Value: "v", AllowedDomains: domains, CreatedAt: noon, UpdatedAt: noon.Add(time.Hour)}
	if got := b.AddSecret(noVault, given); got != noSecret {
		t.Errorf("AddSecret = %q, want the ID that was given", got)
	}
	b.AddSecret(noVault, given)
	domains[0] = "changed.example"
	got := b.Secrets(noVault)
	given.AllowedDomains = []string{"a.example"}
	if diff := cmp.Diff([]nairitest.Stored{given}, got); diff != "" {
		t.Errorf("Secrets (-want +got):\n%s", diff)
	}
	got[0].AllowedDomains[0] = "changed.example"
	if diff := cmp.Diff([]nairitest.Stored{given}, b.Secrets(noVault)); diff != "" {
		t.Errorf("Secrets gave no copy (-want +got):\n%s", diff)
	}
}
