package nairi_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

// naming is a server whose list of vaults is an answer, and which counts how often that
// was asked for.
func naming(t *testing.T, answer http.HandlerFunc) (client *nairi.Client, asked *atomic.Int32) {
	t.Helper()
	asked = new(atomic.Int32)
	return newClient(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/secrets") {
			answering(http.StatusOK, "[]")(w, r)
			return
		}
		if asked.Add(1); r.Method != http.MethodGet || r.URL.Path != "/gateway/api/public/v1/vaults" || r.ContentLength > 0 {
			t.Errorf("got %s %s", r.Method, r.URL)
		}
		answer(w, r)
	})), asked
}

// listed opens a connection.
func listed(t *testing.T, client *nairi.Client) {
	t.Helper()
	if _, err := client.List(t.Context(), vaultID); err != nil {
		t.Fatal(err)
	}
}

func TestVaultsAreNamed(t *testing.T) {
	t.Parallel()
	answer := `[{"id":"vlt_1","name":"production","description":"x","secret_count":3},{"id":"vlt_2","name":"","more":[1]},{"id":"vlt_3"},` +
		`{"id":"vlt_4","name":"` + strings.Repeat("x", 1025) + `"}]` // which is no name
	client, _ := naming(t, answering(http.StatusOK, answer))
	listed(t, client)
	got, err := client.Vaults(t.Context())
	want := map[nairi.VaultID]string{"vlt_1": "production", "vlt_2": "", "vlt_3": ""}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Error(d, err)
	}
}

// What goes wrong is told once, and tried once.
func TestNamesThatCannotBeHadAreAskedForOnce(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"not found":    answering(http.StatusNotFound, `{"error":"404 page not found"}`),
		"a failure":    answering(http.StatusInternalServerError, `{"error":"no"}`),
		"a limit":      answering(http.StatusTooManyRequests, `{"error":"no"}`),
		"a page":       answering(http.StatusOK, "<html>"),
		"an object":    answering(http.StatusOK, `{"vaults":[]}`),
		"another list": answering(http.StatusOK, `["production"]`),
		"half a list":  answering(http.StatusOK, `[{"id":"vlt_1","name":"produ`),
		"too many":     answering(http.StatusOK, "["+strings.Repeat(`{"id":"vlt_1","name":"production"},`, 40_000)+"{}]"),
		"a redirect":   func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, asked := naming(t, answer)
			listed(t, client)
			if names, err := client.Vaults(t.Context()); err == nil || names != nil || asked.Load() != 1 {
				t.Errorf("%v, %v, asked %d times", names, err, asked.Load())
			}
		})
	}
}

// They open no connection of their own, and whoever stops waiting is not kept.
func TestNamesWaitForAConnectionAndForNothingElse(t *testing.T) {
	t.Parallel()
	hang := make(chan struct{})
	client, asked := naming(t, func(http.ResponseWriter, *http.Request) { <-hang })
	defer close(hang)
	soon, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := client.Vaults(soon); err == nil || asked.Load() != 0 {
		t.Errorf("%v, asked %d times without a connection", err, asked.Load())
	}
	listed(t, client)
	soon, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := client.Vaults(soon); err == nil {
		t.Error("names came that nobody sent")
	}
}
