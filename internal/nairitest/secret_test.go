package nairitest_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

func TestSecretLifeIsAsDocumented(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{})
	path := "/" + b.VaultID + "/secrets"

	created := b.call("POST", path, `{"env_key":"DATABASE_URL","value":"one","unknown":[1]}`)
	created.want(t, http.StatusCreated, "")
	id, _ := created.object(t)["id"].(string)
	if !regexp.MustCompile(`^sec_[0-7][0-9A-HJKMNP-TV-Z]{25}$`).MatchString(id) {
		t.Errorf("id = %q, want sec_ and a ULID", id)
	}
	want := map[string]any{
		"id": id, "env_key": "DATABASE_URL", "allowed_domains": []any{},
		"created_at": "2026-04-25T12:00:00.000Z", "updated_at": "2026-04-25T12:00:00.000Z",
	}
	if diff := cmp.Diff(want, created.object(t)); diff != "" {
		t.Errorf("created (-want +got):\n%s", diff)
	}

	b.at(2 * time.Second)
	updated := b.call("PATCH", path+"/"+id, `{"value":"two","allowed_domains":["*.example.com"]}`)
	updated.want(t, http.StatusOK, "")
	want["allowed_domains"], want["updated_at"] = []any{"*.example.com"}, "2026-04-25T12:00:02.000Z"
	if diff := cmp.Diff(want, updated.object(t)); diff != "" {
		t.Errorf("updated (-want +got):\n%s", diff)
	}

	listed := b.call("GET", path, "")
	listed.want(t, http.StatusOK, "")
	var list []map[string]any
	listed.decode(t, &list)
	if diff := cmp.Diff([]map[string]any{want}, list); diff != "" {
		t.Errorf("listed (-want +got):\n%s", diff)
	}
	if got := b.Secrets(b.VaultID); len(got) != 1 || got[0].Value != "two" {
		t.Errorf("the vault does not hold the one updated value")
	}

	deleted := b.call("DELETE", path+"/"+id, "")
	deleted.want(t, http.StatusNoContent, "")
	if deleted.body != "" {
		t.Errorf("deleted with body %q, want none", deleted.body)
	}
	b.call("DELETE", path+"/"+id, "").want(t, http.StatusNotFound, "secret not found")
	if got := b.call("GET", path, "").body; strings.TrimSpace(got) != "[]" {
		t.Errorf("empty list = %q, want []", got)
	}
}

func TestSecretRefusals(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{})
	id := b.AddSecret(b.VaultID, nairitest.Stored{EnvKey: "TAKEN", Value: "kept"})
	other := b.AddSecret(b.AddVault("other"), nairitest.Stored{EnvKey: "ELSEWHERE", Value: "kept"})
	list, one := "/"+b.VaultID+"/secrets", "/"+b.VaultID+"/secrets/"+id
	tests := []struct {
		name, method, path, body string
		status                   int
		text                     string
	}{
		{"list of no vault", "GET", "/" + noVault + "/secrets", "", 404, "vault not found"},
		{"list of a secret's ID", "GET", "/" + noSecret + "/secrets", "", 404, "vault not found"},
		{"list of a name", "GET", "/prod/secrets", "", 400, "vault ID must be a valid ULID"},
		{"list of a lower-case ID", "GET", "/" + strings.ToLower(noVault) + "/secrets", "", 400, "vault ID must be a valid ULID"},
		{"list of an ID over 128 bits", "GET", "/vlt_81KEQ6963XS96YDP3NF9NKB7QJ/secrets", "", 400, "vault ID must be a valid ULID"},
		{"list of an ID with a slash", "GET", "/vlt%2F01KEQ6963XS96YDP3NF9NKB7QJ/secrets", "", 400, "vault ID must be a valid ULID"},
		{"create without a body", "POST", list, "", 400, "invalid request body"},
		{"create from a list", "POST", list, `[]`, 400, "invalid request body"},
		{"create with more behind", "POST", list, `{"env_key":"A","value":"v"}{}`, 400, "invalid request body"},
		{"create with a number", "POST", list, `{"env_key":"A","value":5}`, 400, "invalid request body"},
		{"create with a domain alone", "POST", list, `{"env_key":"A","value":"v","allowed_domains":"x.com"}`, 400, "invalid request body"},
		{"create without a name", "POST", list, `{"value":"v"}`, 400, "env_key is required"},
		{"create in another case", "POST", list, `{"ENV_KEY":"A","value":"v"}`, 400, "env_key is required"},
		{"create without a value", "POST", list, `{"env_key":"A"}`, 400, "value is required"},
		{"create of nothing", "POST", list, `{"env_key":"A","value":""}`, 400, "value is required"},
		{"create of no variable", "POST", list, `{"env_key":"1A","value":"v"}`, 400, "env_key must match [A-Za-z_][A-Za-z0-9_]*"},
		{"create of NAIRI_", "POST", list, `{"env_key":"NAIRI_X","value":"v"}`, 400, "env_key must not start with NAIRI_ or CCAGENT_"},
		{"create of CCAGENT_", "POST", list, `{"env_key":"CCAGENT_X","value":"v"}`, 400, "env_key must not start with NAIRI_ or CCAGENT_"},
		{"create twice", "POST", list, `{"env_key":"TAKEN","value":"v"}`, 400, `secret with env_key "TAKEN" already exists`},
		{"create in no vault", "POST", "/" + noVault + "/secrets", `{"env_key":"A","value":"v"}`, 404, "vault not found"},
		{"update of a bad ID", "PATCH", list + "/TAKEN", `{}`, 400, "secret ID must be a valid ULID"},
		{"update without a body", "PATCH", one, "", 400, "invalid request body"},
		{"update to nothing", "PATCH", one, `{"value":""}`, 400, "value must not be empty"},
		{"update in no vault", "PATCH", "/" + noVault + "/secrets/" + id, `{}`, 404, "vault not found"},
		{"update of no secret", "PATCH", list + "/" + noSecret, `{}`, 404, "secret not found"},
		{"update of another vault's secret", "PATCH", list + "/" + other, `{"value":"v"}`, 404, "secret not found"},
		{"update of a vault's ID", "PATCH", list + "/" + b.VaultID, `{}`, 404, "secret not found"},
		{"delete of a bad ID", "DELETE", list + "/TAKEN", "", 400, "secret ID must be a valid ULID"},
		{"delete in no vault", "DELETE", "/" + noVault + "/secrets/" + id, "", 404, "vault not found"},
		{"delete of no secret", "DELETE", list + "/" + noSecret, "", 404, "secret not found"},
		{"delete of another vault's secret", "DELETE", list + "/" + other, "", 404, "secret not found"},
	}
	before := b.Secrets(b.VaultID)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b.call(test.method, test.path, test.body).want(t, test.status, test.text)
		})
	}
	if diff := cmp.Diff(before, b.Secrets(b.VaultID)); diff != "" {
		t.Errorf("a refused request changed the vault (-before +after):\n%s", diff)
	}
}

func TestUpdateMovesUpdatedAtOnlyWithAChange(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body string
		bump       bool
		moved      bool
	}{
		{"nothing", `{}`, false, false},
		{"null", `null`, false, false},
		{"null fields", `{"value":null,"allowed_domains":null}`, false, false},
		{"unknown fields", `{"env_key":"B","vault_id":"x"}`, false, false},
		{"same domains", `{"allowed_domains":["a.example","b.example"]}`, false, false},
		{"same value", `{"value":"old"}`, false, false},
		{"same value, bumped", `{"value":"old"}`, true, true},
		{"nothing, bumped", `{}`, true, false},
		{"new value", `{"value":"new"}`, false, true},
		{"other order", `{"allowed_domains":["b.example","a.example"]}`, false, true},
		{"no domains", `{"allowed_domains":[]}`, false, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := start(t, nairitest.Options{BumpIdentical: test.bump})
			id := b.AddSecret(b.VaultID, nairitest.Stored{EnvKey: "A", Value: "old", AllowedDomains: []string{"a.example", "b.example"}})
			b.at(time.Minute)
			r := b.call("PATCH", "/"+b.VaultID+"/secrets/"+id, test.body)
			r.want(t, http.StatusOK, "")
			want := "2026-04-25T12:00:00.000Z"
			if test.moved {
				want = "2026-04-25T12:01:00.000Z"
			}
			got := r.object(t)
			if got["updated_at"] != want || got["env_key"] != "A" {
				t.Errorf("answer = %v, want updated_at %s and env_key A", got, want)
			}
		})
	}
}

func TestTimesAreWholeSecondsAndAgreeWithDate(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{})
	id := b.AddSecret(b.VaultID, nairitest.Stored{EnvKey: "A", Value: "v"})
	path := "/" + b.VaultID + "/secrets/" + id
	for _, test := range []struct {
		after         time.Duration
		value, moment string
	}{
		{599 * time.Millisecond, "one", "2026-04-25T12:00:00.000Z"},
		{600 * time.Millisecond, "two", "2026-04-25T12:00:01.000Z"},
		{1599 * time.Millisecond, "three", "2026-04-25T12:00:01.000Z"},
	} {
		b.at(test.after)
		r := b.call("PATCH", path, `{"value":"`+test.value+`"}`)
		if got := r.object(t)["updated_at"]; got != test.moment {
			t.Errorf("%v after noon: updated_at = %v, want %s", test.after, got, test.moment)
		}
		date, err := http.ParseTime(r.header.Get("Date"))
		if err != nil || date.Format("2006-01-02T15:04:05.000Z") != test.moment {
			t.Errorf("%v after noon: Date = %q, want %s", test.after, r.header.Get("Date"), test.moment)
		}
	}
}

func TestListGivesTheNewestFirst(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{})
	for i, name := range []string{"B", "C", "A"} {
		b.AddSecret(b.VaultID, nairitest.Stored{EnvKey: name, CreatedAt: noon.Add(time.Duration(i%2) * time.Hour)})
	}
	if diff := cmp.Diff([]string{"C", "A", "B"}, names(t, b.call("GET", "/"+b.VaultID+"/secrets", ""))); diff != "" {
		t.Errorf("listed (-want +got):\n%s", diff)
	}
	var held []string
	for _, s := range b.Secrets(b.VaultID) {
		held = append(held, s.EnvKey)
	}
	if diff := cmp.Diff([]string{"B", "A", "C"}, held); diff != "" {
		t.Errorf("Secrets (-want +got):\n%s", diff)
	}
}

// names are the env_keys of a list.
func names(t testing.TB, r reply) []string {
	t.Helper()
	var list []struct {
		EnvKey string `json:"env_key"`
	}
	r.decode(t, &list)
	names := make([]string, len(list))
	for i := range list {
		names[i] = list[i].EnvKey
	}
	return names
}
