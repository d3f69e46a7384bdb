package main

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestAdminPaths runs testdata/admin.txtar, which explains its language.
func TestAdminPaths(t *testing.T) {
	t.Parallel()
	archive, err := txtar.ParseFile("testdata/admin.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range archive.Files {
		t.Run(file.Name, func(t *testing.T) {
			t.Parallel()
			var r ready
			var authorization, request, body string
			var status int
			for line := range strings.Lines(string(file.Data)) {
				line = os.Expand(strings.TrimSpace(line), func(name string) string {
					return map[string]string{"key": r.APIKey, "secrets": r.secrets()}[name]
				})
				word, rest, _ := strings.Cut(line, " ")
				want, err := strconv.Atoi(word)
				switch {
				case word == "run":
					r = runHere(t, strings.Fields(rest)...)
				case word == "as":
					authorization = rest
				case err == nil && (status != want || rest != "" && rest != strings.TrimSpace(body)):
					t.Errorf("%s as %q: %d %q, want %q", request, authorization, status, body, line)
				case err != nil && word != "":
					request = line
					path, sent, _ := strings.Cut(rest, " ")
					status, body = ask(t, direct(t), r, authorization, word, path, sent)
				}
			}
		})
	}
}

func TestAdminSeesValues(t *testing.T) {
	t.Parallel()
	r := runHere(t, "-admin-key", "admin-of-tests")
	body, err := json.Marshal(map[string]string{"env_key": "A", "value": hostile})
	if err != nil {
		t.Fatal(err)
	}
	secret := decodeShown(t, call(t, direct(t), r, "POST", "", string(body)))
	status, text := ask(t, direct(t), r, "Bearer admin-of-tests", "GET", statePath, "")
	var got state
	if err := json.Unmarshal([]byte(text), &got); err != nil || status != 200 || len(got.Vaults) != 1 || len(got.Vaults[0].Secrets) != 1 {
		t.Fatalf("%d, %v with %d vaults, want one with one secret", status, err, len(got.Vaults))
	}
	held := got.Vaults[0].Secrets[0]
	if held.ID != secret.ID || held.EnvKey != "A" || held.Value != hostile || held.AllowedDomains == nil || held.CreatedAt.IsZero() {
		t.Errorf("held: %+v", held)
	}
}

// A secret is made as old as a test needs it, for everyone who asks, and no younger
// than it was made.
func TestAdminSetsTheTimeOfAChange(t *testing.T) {
	t.Parallel()
	r := runHere(t, "-admin-key", "admin-of-tests")
	secret := decodeShown(t, call(t, direct(t), r, "POST", "", `{"env_key":"A","value":"x"}`))
	for _, tt := range []struct {
		id, body string
		status   int
	}{
		{secret.ID, `{"updated_at":"2026-01-02T03:04:05Z"}`, 204},
		{secret.ID, `{"updated_at":"yesterday"}`, 400},
		{secret.ID, `{"created_at":"2026-01-02T03:04:05Z"}`, 400},
		{secret.ID, `{}`, 400},
		{"sec_01KQ27AQH800XQTQPJZ0DH14SJ", `{"updated_at":"2026-01-02T03:04:05Z"}`, 404},
	} {
		if status, text := ask(t, direct(t), r, "Bearer admin-of-tests", "PATCH", secretsPath+tt.id, tt.body); status != tt.status {
			t.Errorf("%s: %d %s, want %d", tt.body, status, text, tt.status)
		}
	}
	if got := list(t, direct(t), r)[0]; got.UpdatedAt != "2026-01-02T03:04:05.000Z" || got.CreatedAt != got.UpdatedAt {
		t.Errorf("last changed at %s, and made at %s", got.UpdatedAt, got.CreatedAt)
	}
}
