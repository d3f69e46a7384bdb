package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// hostile is a value that a client must carry through a shell, an environment
// and JSON: quotes, a line end, a backslash, markup and letters beyond ASCII.
const hostile = `a"b'c\n` + "\n" + `$HOME %s </script>&é€😀`

// target is an emulator with a secret to be changed.
type target struct {
	ready
	secretID string
}

// shown is a secret as the API shows it; decoded strictly, it proves that the
// value is not among the fields.
type shown struct {
	ID             string   `json:"id"`
	EnvKey         string   `json:"env_key"`
	AllowedDomains []string `json:"allowed_domains"`
	CreatedAt      string   `json:"created_at"`
	UpdatedAt      string   `json:"updated_at"`
}

// patcher updates a secret with hostile and one allowed domain, and returns the
// answer's JSON.
type patcher func(t *testing.T, to target, domain string) []byte

// TestFiveClients lets the clients that the API's pages show update a secret,
// first of the real program, then of an emulator in this process, where the
// value can be seen.
func TestFiveClients(t *testing.T) {
	t.Parallel()
	program := startProgram(t)
	client := direct(t)
	id := decodeShown(t, call(t, client, program, "POST", "", `{"env_key":"CLIENTS","value":"before"}`)).ID

	clients := map[string]patcher{
		"curl":       script("curl", "sh", "patch.sh"),
		"node-fetch": script("node", "node", "patch.js"),
		"ruby":       script("ruby", "ruby", "patch.rb"),
		"go-net-http": func(t *testing.T, to target, domain string) []byte {
			return call(t, client, to.ready, "PATCH", "/"+to.secretID, updateBody(t, domain))
		},
	}
	name, python := pythonClient(t)
	clients[name] = python
	for name, patch := range clients {
		t.Run(name, func(t *testing.T) {
			domain := name + ".example.com"
			want := shown{ID: id, EnvKey: "CLIENTS", AllowedDomains: []string{domain}}
			got := decodeShown(t, patch(t, target{program, id}, domain))
			want.CreatedAt, want.UpdatedAt = got.CreatedAt, got.UpdatedAt
			if diff := cmp.Diff(want, got); diff != "" || got.UpdatedAt == "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
			if listed := list(t, client, program); len(listed) != 1 || cmp.Diff(got, listed[0]) != "" {
				t.Errorf("the vault lists %+v, want the answer %+v", listed, got)
			}
			checkArrival(t, patch, domain)
		})
	}
}

// checkArrival sends the same to an emulator that tells what it holds.
func checkArrival(t *testing.T, patch patcher, domain string) {
	t.Helper()
	s := nairitest.Start(t, nairitest.Options{})
	id := s.AddSecret(s.VaultID, nairitest.Stored{EnvKey: "CLIENTS", Value: "before"})
	patch(t, target{ready{BaseURL: s.BaseURL, APIKey: s.Key, VaultID: s.VaultID}, id}, domain)
	if got := s.Secrets(s.VaultID)[0]; got.Value != hostile || cmp.Diff([]string{domain}, got.AllowedDomains) != "" {
		t.Errorf("the vault holds %q for %q, want %q for %q", got.Value, got.AllowedDomains, hostile, domain)
	}
	sent := s.Requests()[0]
	if sent.Method != http.MethodPatch || sent.Header.Get("Authorization") != "Bearer "+s.Key ||
		!strings.HasPrefix(sent.Header.Get("Content-Type"), "application/json") {
		t.Errorf("sent %s with %v", sent.Method, sent.Header)
	}
}

// script runs one of testdata/clients, with everything in its environment; the
// test is skipped without the tool. Arguments hold no secret.
func script(tool, interpreter, file string) patcher {
	return func(t *testing.T, to target, domain string) []byte {
		t.Helper()
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not on the PATH", tool)
		}
		cmd := exec.CommandContext(t.Context(), interpreter, "testdata/clients/"+file)
		cmd.Env = append(os.Environ(),
			"NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1",
			"NAIRI_BASE_URL="+to.BaseURL, "NAIRI_API_KEY="+to.APIKey,
			"VAULT_ID="+to.VaultID, "SECRET_ID="+to.secretID,
			"SECRET_VALUE="+hostile, "ALLOWED_DOMAIN="+domain,
			"BODY="+updateBody(t, domain),
		)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		answer, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v\n%s", file, err, &stderr)
		}
		return answer
	}
}

// pythonClient is requests where Python has it, and the standard library's
// client in its place where not.
func pythonClient(t *testing.T) (string, patcher) {
	t.Helper()
	if exec.CommandContext(t.Context(), "python3", "-c", "import requests").Run() == nil {
		return "python-requests", script("python3", "python3", "patch_requests.py")
	}
	return "python-urllib-in-place-of-requests", script("python3", "python3", "patch_urllib.py")
}

func updateBody(t *testing.T, domain string) string {
	t.Helper()
	body, err := json.Marshal(map[string]any{"value": hostile, "allowed_domains": []string{domain}})
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func list(t *testing.T, client *http.Client, r ready) (secrets []shown) {
	t.Helper()
	if err := json.Unmarshal(call(t, client, r, "GET", "", ""), &secrets); err != nil {
		t.Fatal(err)
	}
	return secrets
}

// secrets is the path of the vault's secrets.
func (r ready) secrets() string { return "/api/public/v1/vaults/" + r.VaultID + "/secrets" }

// call sends one request below the vault's secrets, which must succeed.
func call(t *testing.T, client *http.Client, to ready, method, path, body string) []byte {
	t.Helper()
	status, answer := ask(t, client, to, "Bearer "+to.APIKey, method, to.secrets()+path, body)
	if status < 200 || status > 299 {
		t.Fatalf("%s: %d", method, status)
	}
	return []byte(answer)
}

// ask sends a request to any path, with an Authorization as given.
func ask(t *testing.T, client *http.Client, to ready, authorization, method, path, body string) (status int, answer string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, to.BaseURL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	resp, err := client.Do(req)
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

func decodeShown(t *testing.T, answer []byte) (s shown) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(answer))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&s); err != nil {
		t.Fatalf("the answer is not a secret as it is documented: %v", err)
	}
	return s
}
