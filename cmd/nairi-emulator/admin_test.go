package main

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const adminKey = "admin-of-tests"

func TestAdminPathsAreNotThereWithoutAKey(t *testing.T) {
	t.Parallel()
	r := runHere(t)
	for _, key := range []string{"", "Bearer ", "Bearer " + r.APIKey} {
		for _, path := range []string{faultsPath, statePath} {
			if status, body := ask(t, r, key, "GET", path, ""); status != 404 || body != "404 page not found\n" {
				t.Errorf("%s: %d %q, want the 404 of any path", path, status, body)
			}
		}
	}
}

func TestAdminKeyIsAskedFor(t *testing.T) {
	t.Parallel()
	r := runHere(t, "-admin-key", adminKey)
	for _, key := range []string{"", adminKey, "Bearer ", "Bearer " + r.APIKey, "Bearer " + adminKey + "x"} {
		for _, path := range []string{faultsPath, statePath, adminPrefix} {
			if status, _ := ask(t, r, key, "GET", path, ""); status != 401 {
				t.Errorf("%s with the wrong key: %d, want 401", path, status)
			}
		}
	}
	if status, _ := ask(t, r, "Bearer "+adminKey, "GET", "/api/public/v1/vaults", ""); status != 401 {
		t.Errorf("the API with the admin key: %d, want 401", status)
	}
	if status, _ := ask(t, r, "Bearer "+adminKey, "GET", adminPrefix+"more", ""); status != 404 {
		t.Errorf("another path: %d, want 404", status)
	}
	if status, _ := ask(t, r, "Bearer "+adminKey, "PUT", faultsPath, ""); status != 405 {
		t.Errorf("another method: %d, want 405", status)
	}
}

func TestAdminSetsFaults(t *testing.T) {
	t.Parallel()
	r := runHere(t, "-admin-key", adminKey, "-fault", "list:status=501")
	admin := func(method, body string, want int) string {
		t.Helper()
		status, text := ask(t, r, "Bearer "+adminKey, method, faultsPath, body)
		if status != want {
			t.Errorf("%s %s: %d %q, want %d", method, body, status, text, want)
		}
		return strings.TrimSpace(text)
	}
	list := func() int {
		status, _ := ask(t, r, "Bearer "+r.APIKey, "GET", "/api/public/v1/vaults/"+r.VaultID+"/secrets", "")
		return status
	}
	for _, bad := range []string{"", "[]", "{}", `{"faults":[]}`, `{"fault":["refuse"]}`, `{"faults":["refuse","no"]}`} {
		admin("POST", bad, 400)
	}
	admin("POST", `{"faults":["GET:status=502","2*status=503"]}`, 204)
	if got := []int{list(), list(), list()}; !cmp.Equal(got, []int{501, 502, 503}) {
		t.Errorf("lists are answered with %v", got)
	}
	if got := admin("GET", "", 200); got != `{"faults":["status=503"]}` {
		t.Errorf("left: %s", got)
	}
	admin("DELETE", "", 204)
	if got := admin("GET", "", 200); got != `{"faults":[]}` || list() != 200 {
		t.Errorf("left after all are dropped: %s", got)
	}
}

func TestAdminSeesValues(t *testing.T) {
	t.Parallel()
	r := runHere(t, "-admin-key", adminKey)
	secret := decodeShown(t, call(t, direct(t), r, "POST", "", createBody(t, "A", hostile)))
	status, text := ask(t, r, "Bearer "+adminKey, "GET", statePath, "")
	var got state
	if err := json.Unmarshal([]byte(text), &got); err != nil || status != 200 {
		t.Fatalf("%d, %v", status, err)
	}
	if len(got.Vaults) != 1 || len(got.Vaults[0].Secrets) != 1 {
		t.Fatalf("%d vaults, want one with one secret", len(got.Vaults))
	}
	held := got.Vaults[0].Secrets[0]
	if held.ID != secret.ID || held.EnvKey != "A" || held.Value != hostile || held.AllowedDomains == nil || held.CreatedAt.IsZero() {
		t.Errorf("held: %+v", held)
	}
}

func createBody(t *testing.T, envKey, value string) []byte {
	t.Helper()
	body, err := json.Marshal(map[string]string{"env_key": envKey, "value": value})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// ask sends a request to any path, with an Authorization as given.
func ask(t *testing.T, r ready, authorization, method, path, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, r.BaseURL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	resp, err := direct(t).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}
