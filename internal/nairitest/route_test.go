package nairitest_test

import (
	"bytes"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

func TestRevokedKeyIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{Key: "nr_first"})
	b.call("GET", "", "").want(t, http.StatusOK, "")
	b.Set(func(o *nairitest.Options) { o.Key = "nr_second" })
	b.call("GET", "", "").want(t, http.StatusUnauthorized, "invalid token")
	b.call("GET", "", "", "Authorization", "Bearer nr_second").want(t, http.StatusOK, "")
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
	b.script("race=create,B")
	b.call("POST", "/"+b.VaultID+"/secrets", `{"env_key":"A","value":"v"}`).want(t, 201, "")
	if requests, events := b.Requests(), b.History(); len(requests)+len(events) != 0 {
		t.Errorf("%d requests and %d events recorded, want none", len(requests), len(events))
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

func TestVaultIDHasAPrefixAndAULID(t *testing.T) {
	t.Parallel()
	for _, id := range []string{noVault, noSecret, "", "vlt_", strings.ToLower(noVault), noVault + "X", " " + noVault, noVault + "\n", "vlt_01KEQ6963XS96YDP3NF9NKB7QI"} {
		if got := nairitest.ValidVaultID(id); got != (id == noVault) {
			t.Errorf("%q is valid: %v", id, got)
		}
	}
}
