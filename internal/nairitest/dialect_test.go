package nairitest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

func TestDuplicates(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		mode   nairitest.Duplicates
		status int
		text   string
		names  []string
	}{
		{nairitest.DuplicatesRefused, 400, `secret with env_key "A" already exists`, []string{"A"}},
		{nairitest.DuplicatesConflict, 409, `secret with env_key "A" already exists`, []string{"A"}},
		{nairitest.DuplicatesAllowed, 201, "", []string{"A", "A"}},
	} {
		b := start(t, nairitest.Options{Duplicates: test.mode})
		b.AddSecret(b.VaultID, nairitest.Stored{EnvKey: "A", Value: "old"})
		path := "/" + b.VaultID + "/secrets"
		b.call("POST", path, `{"env_key":"A","value":"v"}`).want(t, test.status, test.text)
		if diff := cmp.Diff(test.names, names(t, b.call("GET", path, ""))); diff != "" {
			t.Errorf("mode %d (-want +got):\n%s", test.mode, diff)
		}
		b.call("POST", path, `{"env_key":"a","value":"v"}`).want(t, 201, "")
	}
}

func TestTextErrors(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{TextErrors: true})
	r := b.call("GET", "/"+noVault, "")
	if r.status != 404 || r.body != "vault not found\n" || !strings.HasPrefix(r.header.Get("Content-Type"), "text/plain") {
		t.Errorf("got %d %q as %q, want the text alone", r.status, r.body, r.header.Get("Content-Type"))
	}
	b.call("GET", "", "").want(t, 200, "")
}

func TestShuffled(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{Shuffled: true})
	all := strings.Split("ABCDEFGH", "")
	for _, name := range all {
		b.AddSecret(b.VaultID, nairitest.Stored{EnvKey: name, Value: "v"})
	}
	orders := map[string]bool{}
	for range 5 {
		got := names(t, b.call("GET", "/"+b.VaultID+"/secrets", ""))
		orders[strings.Join(got, "")] = true
		slices.Sort(got)
		if diff := cmp.Diff(all, got); diff != "" {
			t.Errorf("shuffled secrets (-want +got):\n%s", diff)
		}
	}
	if len(orders) < 2 {
		t.Errorf("five lists in one order: %v", orders)
	}
}

func TestExtraFields(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{ExtraFields: true})
	for _, r := range []reply{
		b.call("POST", "", `{"name":"n"}`),
		b.call("POST", "/"+b.VaultID+"/secrets", `{"env_key":"A","value":"v"}`),
		b.call("GET", "/"+noVault, ""),
	} {
		if r.object(t)["x_future"] == nil {
			t.Errorf("status %d: no unknown field in %q", r.status, r.body)
		}
	}
}

func TestWrappedLists(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{WrappedLists: true})
	if got, want := b.call("GET", "/"+b.VaultID+"/secrets", "").object(t), map[string]any{"secrets": []any{}}; !cmp.Equal(got, want) {
		t.Errorf("secrets = %v, want %v", got, want)
	}
	if got := b.call("GET", "", "").object(t); len(got) != 1 || got["vaults"] == nil {
		t.Errorf("vaults = %v, want them wrapped", got)
	}
}
