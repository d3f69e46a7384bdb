package nairitest_test

import (
	"bytes"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

func TestKeyIsAskedFor(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{})
	for header, text := range map[string]string{
		"":                      "missing authorization header",
		b.Key:                   "invalid authorization header format",
		"Basic " + b.Key:        "invalid authorization header format",
		"Bearer ":               "invalid authorization header format",
		"bearer " + b.Key:       "invalid authorization header format",
		"Bearer " + b.Key[1:]:   "invalid token",
		"Bearer " + b.Key + "x": "invalid token",
		"Bearer ccagent_x":      "invalid token",
	} {
		b.call("GET", "", "", "Authorization", header).want(t, http.StatusUnauthorized, text)
	}
}

func TestRevokedKeyIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{Key: "nr_first"})
	b.call("GET", "", "").want(t, http.StatusOK, "")
	b.Set(func(o *nairitest.Options) { o.Key = "nr_second" })
	b.call("GET", "", "").want(t, http.StatusUnauthorized, "invalid token")
	b.call("GET", "", "", "Authorization", "Bearer nr_second").want(t, http.StatusOK, "")
}

// TestChecksComeInOrder mends a request that is wrong in every way, one thing
// at a time.
func TestChecksComeInOrder(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{})
	bad, right := "Bearer wrong", "Bearer "+b.Key
	steps := []struct {
		key, vault, body string
		status           int
		text             string
	}{
		{bad, "prod", `{`, 401, "invalid token"},
		{right, "prod", `{`, 400, "vault ID must be a valid ULID"},
		{right, noVault, `{`, 400, "invalid request body"},
		{right, noVault, `{}`, 400, "env_key is required"},
		{right, noVault, `{"env_key":"TAKEN"}`, 400, "value is required"},
		{right, noVault, `{"env_key":"TAKEN","value":"v"}`, 404, "vault not found"},
		{right, b.VaultID, `{"env_key":"TAKEN","value":"v"}`, 400, `secret with env_key "TAKEN" already exists`},
		{right, b.VaultID, `{"env_key":"FREE","value":"v"}`, 201, ""},
	}
	b.AddSecret(b.VaultID, nairitest.Stored{EnvKey: "TAKEN", Value: "v"})
	for _, step := range steps {
		b.call("POST", "/"+step.vault+"/secrets", step.body, "Authorization", step.key).want(t, step.status, step.text)
	}
}

func TestOtherRoutesAreNotThere(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{})
	v := "/api/public/v1/vaults"
	s := v + "/" + noVault + "/secrets"
	tests := []struct {
		method, path string
		status       int
		text         string
	}{
		{"GET", "/", 404, "404 page not found\n"},
		{"GET", "/vaults", 404, "404 page not found\n"},
		{"GET", "/api/public/v2/vaults", 404, "404 page not found\n"},
		{"GET", "/api/public/v1/agents", 404, "404 page not found\n"},
		{"GET", v + "/", 404, "404 page not found\n"},
		{"GET", v + "/" + noVault + "/", 404, "404 page not found\n"},
		{"GET", s + "/", 404, "404 page not found\n"},
		{"GET", v + "//secrets", 404, "404 page not found\n"},
		{"PATCH", s + "/" + noSecret + "/value", 404, "404 page not found\n"},
		{"GET", s + "/" + noSecret, 405, "method not allowed\n"},
		{"PUT", s + "/" + noSecret, 405, "method not allowed\n"},
		{"DELETE", v, 405, "method not allowed\n"},
	}
	for _, test := range tests {
		// Without a key: there is nothing there to be protected.
		r, err := b.send(test.method, test.path, "", "Authorization", "")
		if err != nil {
			t.Fatal(err)
		}
		if r.status != test.status || r.body != test.text || !strings.HasPrefix(r.header.Get("Content-Type"), "text/plain") {
			t.Errorf("%s %s: %d %q as %q, want %d %q as text", test.method, test.path, r.status, r.body, r.header.Get("Content-Type"), test.status, test.text)
		}
	}
}

func TestBodyIsLimited(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{})
	const rest = `{"env_key":"A","value":""}`
	whole := `{"env_key":"A","value":"` + strings.Repeat("v", 1<<20-len(rest)) + `"}`
	path := "/" + b.VaultID + "/secrets"
	b.call("POST", path, strings.Replace(whole, "A", "AB", 1)).want(t, 400, "invalid request body")
	if got := len(b.Secrets(b.VaultID)); got != 0 {
		t.Fatalf("%d secrets after a body over the limit, want none", got)
	}
	b.call("POST", path, whole).want(t, 201, "")
}

func TestRequestsAreRecordedAsReceived(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{})
	if got := b.Requests(); len(got) != 0 {
		t.Fatalf("%d requests before the first", len(got))
	}
	body := "{ \"env_key\":\"A\",\n\"value\":\"v\" }"
	b.call("POST", "/"+b.VaultID+"/secrets", body, "X-Probe", "yes")
	b.call("GET", "/a%2Fb/secrets?x=1", "")

	got := b.Requests()
	if len(got) != 2 {
		t.Fatalf("%d requests recorded, want 2", len(got))
	}
	first := got[0]
	if first.Method != http.MethodPost || first.Path != "/api/public/v1/vaults/"+b.VaultID+"/secrets" || string(first.Body) != body ||
		first.Status != 201 || first.Header.Get("X-Probe") != "yes" || first.Header.Get("Authorization") != "Bearer "+b.Key {
		t.Errorf("first = %+v", first)
	}
	if got[1].Path != "/api/public/v1/vaults/a%2Fb/secrets?x=1" || got[1].Status != 400 || len(got[1].Body) != 0 {
		t.Errorf("second = %+v", got[1])
	}

	first.Header.Set("X-Probe", "no")
	first.Body[0] = 'x'
	if again := b.Requests()[0]; again.Header.Get("X-Probe") != "yes" || string(again.Body) != body {
		t.Error("Requests gave no copy")
	}
}

func TestUnrecordedKeepsNothing(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{Unrecorded: true})
	b.call("GET", "", "").want(t, http.StatusOK, "")
	if got := b.Requests(); len(got) != 0 {
		t.Errorf("%d requests recorded, want none", len(got))
	}
}

func TestEntropyMakesKeysAndIDs(t *testing.T) {
	t.Parallel()
	ones := func() *bytes.Reader { return bytes.NewReader(bytes.Repeat([]byte{1}, 42)) }
	b := start(t, nairitest.Options{Entropy: ones()})
	if want := nairitest.NewKey(ones()); b.Key != want || !regexp.MustCompile(`^nr_[A-Za-z0-9_-]{43}=$`).MatchString(b.Key) {
		t.Errorf("Key = %q, want %q", b.Key, want)
	}
	// 32 bytes went into the key and 10 into the vault's ID.
	if want := "040G2081040G2081"; !nairitest.ValidVaultID(b.VaultID) || !strings.HasSuffix(b.VaultID, want) {
		t.Errorf("VaultID = %q, want it to end in %q", b.VaultID, want)
	}
	if a, c := b.AddVault("a"), b.AddVault("c"); a == c || !nairitest.ValidVaultID(a) {
		t.Errorf("IDs once the entropy is used up: %q and %q", a, c)
	}
}

func TestValidVaultID(t *testing.T) {
	t.Parallel()
	got := map[string]bool{}
	for _, id := range []string{noVault, noSecret, "", "vlt_", strings.ToLower(noVault), noVault + "X", " " + noVault, noVault + "\n", "vlt_01KEQ6963XS96YDP3NF9NKB7QI"} {
		got[id] = nairitest.ValidVaultID(id)
	}
	want := map[string]bool{}
	for id := range got {
		want[id] = id == noVault
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("valid (-want +got):\n%s", diff)
	}
}
