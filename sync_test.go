package main

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/report"
)

// manifestOf is the text of a manifest about the stage's vault, with a line for
// each entry, as in `TOKEN: {env: TOKEN}`.
func (s *stage) manifestOf(entries ...string) string {
	return "vaults:\n- vault_id: " + s.VaultID + "\n  secrets:\n    " + strings.Join(entries, "\n    ") + "\n"
}

// syncs are the inputs of a sync of these entries.
func (s *stage) syncs(entries ...string) inputs {
	delete(s.with, "vault_id")
	return inputs{"operation": "sync", "secrets": s.manifestOf(entries...)}
}

// fifty are entries for as many new secrets, and their values for env_json.
func fifty() (entries []string, values string) {
	all := map[string]string{}
	for i := range 50 {
		name := fmt.Sprintf("S%02d", i)
		entries = append(entries, name+": {env: "+name+", allowed_domains: [db.example.com]}")
		all[name] = value + "-" + name
	}
	text, _ := json.Marshal(all)
	return entries, string(text)
}

// entryResult is an element of the results output.
type entryResult struct {
	EnvKey    string `json:"env_key"`
	Result    string `json:"result"`
	ErrorCode string `json:"error_code"`
}

func resultsIn(t *testing.T, text string) map[string]entryResult {
	t.Helper()
	var list []entryResult
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		t.Fatal(err)
	}
	all := map[string]entryResult{}
	for _, r := range list {
		all[r.EnvKey] = r
	}
	return all
}

// refusing answers the writes of some secrets with a status.
func refusing(status int, names ...string) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		for _, name := range names {
			if strings.Contains(string(body), `"env_key":"`+name+`"`) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(status)
				_, _ = io.WriteString(w, `{"error":"no such thing"}`)
				return true
			}
		}
		return false
	}
}

// One that the server refuses stops no other.
func TestOneBadEntryOfFifty(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	entries, values := fifty()
	s.Set(func(o *nairitest.Options) { o.Intercept = refusing(http.StatusBadRequest, "S07") })
	with := s.syncs(entries...)
	with["env_json"] = values
	got := s.step(with)
	if got.code != report.ExitUnknown || got.outputs["result"] != "partial" || got.outputs["error_code"] != "bad_input" {
		t.Errorf("exit code %d, outputs %v: %s", got.code, got.outputs, got.log)
	}
	if got.outputs["created_count"] != "49" || got.outputs["failed_count"] != "1" || got.outputs["changed"] != "true" {
		t.Errorf("outputs %v", got.outputs)
	}
	results := resultsIn(t, got.outputs["results"])
	for i := range 50 {
		name := fmt.Sprintf("S%02d", i)
		want := entryResult{name, "created", ""}
		if name == "S07" {
			want = entryResult{name, "failed", "bad_input"}
		}
		if results[name] != want {
			t.Errorf("%s: %+v", name, results[name])
		}
	}
	if stored := s.stored(); len(stored) != 50 { // 49 and TOKEN
		t.Errorf("%d secrets are stored", len(stored))
	}
	if !strings.Contains(got.log, "1 of 50: S07 (bad_input)") {
		t.Error(got.log)
	}
}

// A key that is revoked in the middle ends the run: what is left would fail the
// same way.
func TestSyncWithARevokedKey(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	entries, values := fifty()
	s.Set(func(o *nairitest.Options) { o.Intercept = refusing(http.StatusUnauthorized, "S03") })
	with := s.syncs(entries...)
	with["env_json"], with["concurrency"] = values, "1"
	got := s.step(with)
	if got.code != report.ExitUnknown || got.outputs["result"] != "partial" || got.outputs["error_code"] != "unauthorized" {
		t.Errorf("exit code %d, outputs %v", got.code, got.outputs)
	}
	if got.outputs["created_count"] != "3" || got.outputs["failed_count"] != "47" || len(got.requests) != 5 {
		t.Errorf("%d requests, outputs %v", len(got.requests), got.outputs)
	}
}

// Without a plan for each of the secrets nothing is written of any.
func TestSyncPlansBeforeItWrites(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	got := s.step(s.syncs("TOKEN: {allowed_domains: [db.example.com]}", "NEW: {allowed_domains: [db.example.com]}"))
	if got.code != report.ExitFailed || got.outputs["error_code"] != "secret_not_found" || got.outputs["planned_count"] != "1" {
		t.Errorf("exit code %d, outputs %v", got.code, got.outputs)
	}
	same(t, "requests", []string{"GET /secrets"}, got.requests)
}

// Two vaults in one file, and one of them is not there.
func TestSyncOfVaults(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	other := s.AddVault("other")
	with := s.syncs("TOKEN: {env: A, allowed_domains: [api.example.com]}")
	with["secrets"] += "- vault_id: " + other + "\n  secrets:\n    TOKEN: {env: A, any_domain: true}\n"
	with["env_json"] = `{"A": "` + value + `"}`
	got := s.step(with)
	if got.code != 0 || got.outputs["created_count"] != "1" || got.outputs["updated_count"] != "1" || got.outputs["vault_id"] != "" {
		t.Errorf("exit code %d, outputs %v: %s", got.code, got.outputs, got.log)
	}
	with["secrets"] = strings.Replace(with["secrets"], other, "vlt_01KEQ6963XS96YDP3NF9NKB7QZ", 1)
	got = s.step(with)
	if got.code != report.ExitFailed || got.outputs["error_code"] != "vault_not_found" {
		t.Errorf("exit code %d, outputs %v", got.code, got.outputs)
	}
	if slices.ContainsFunc(got.requests, func(r string) bool { return !strings.HasPrefix(r, "GET ") }) {
		t.Errorf("requests %q", got.requests)
	}
}

// The shards of a run together do what one run does, each its own part, and need
// no value of another's.
func TestShardsTogetherAreTheWhole(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	entries, values := fifty()
	var all map[string]string
	if err := json.Unmarshal([]byte(values), &all); err != nil {
		t.Fatal(err)
	}
	with := s.syncs(entries...)
	plan := maps.Clone(with)
	plan["dry_run"], plan["shards"] = "true", "3"
	same(t, "shards", `["1/3","2/3","3/3"]`, s.step(plan).outputs["shards"])
	for _, shard := range []string{"1/3", "2/3", "3/3"} {
		with["shard"], with["dry_run"] = shard, "true"
		own := map[string]string{}
		for name := range resultsIn(t, s.step(with).outputs["results"]) {
			own[name] = all[name]
		}
		text, _ := json.Marshal(own)
		with["dry_run"], with["env_json"] = "false", string(text)
		if got := s.step(with); got.code != 0 || len(own) < 5 {
			t.Errorf("%s of %d: exit code %d, %s", shard, len(own), got.code, got.log)
		}
	}
	if stored := s.stored(); len(stored) != 51 {
		t.Errorf("%d secrets are stored", len(stored))
	}
}

// All requests of a sync share one connection where the server speaks HTTP/2.
func TestSyncUsesOneConnection(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var connections, requests atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor == 2 {
			requests.Add(1)
		}
		s.ServeHTTP(w, r)
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	certificate, ca, err := nairitest.NewCertificate(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)

	entries, values := fifty()
	with := s.syncs(entries...)
	with["env_json"], with["base_url"], with["ca_cert"] = values, server.URL, string(ca)
	if got := s.step(with); got.code != 0 {
		t.Fatalf("exit code %d: %s", got.code, got.log)
	}
	if connections.Load() != 1 || requests.Load() != 51 {
		t.Errorf("%d connections, %d requests by HTTP/2", connections.Load(), requests.Load())
	}
}
