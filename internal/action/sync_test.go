package action

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/problem"
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

// mayEmpty lets a sync empty the vault.
func mayEmpty(with inputs) inputs {
	with["secrets"] = strings.Replace(with["secrets"], "\n  secrets:", "\n  allow_empty: true\n  secrets:", 1)
	return with
}

// syncsFifty are the inputs of a sync that creates S00 to S49.
func (s *stage) syncsFifty() inputs {
	var entries []string
	values := map[string]string{}
	for i := range 50 {
		name := fmt.Sprintf("S%02d", i)
		entries = append(entries, name+": {env: "+name+", allowed_domains: [db.example.com]}")
		values[name] = value + "-" + name
	}
	with := s.syncs(entries...)
	text, _ := json.Marshal(values)
	with["env_json"] = string(text)
	return with
}

// entryResult is an element of the results output.
type entryResult struct {
	EnvKey    string       `json:"env_key"`
	Result    string       `json:"result"`
	ErrorCode problem.Code `json:"error_code"`
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

// refusing answers the writes of a secret with a status.
func refusing(status int, name string) func(*nairitest.Options) {
	named := func(_ *http.Request, body string) bool { return strings.Contains(body, `"env_key":"`+name+`"`) }
	return intercepting(named, saysJSON(status, `{"error":"no such thing"}`))
}

// counts checks those of the outputs that say how many secrets came to what.
func (e ended) counts(t *testing.T, want inputs) {
	t.Helper()
	for name, count := range want {
		same(t, name+"_count", count, e.outputs[name+"_count"])
	}
}

// One that the server refuses stops no other.
func TestOneBadEntryOfFifty(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.Set(refusing(http.StatusBadRequest, "S07"))
	got := s.step(s.syncsFifty())
	got.ends(t, report.ExitUnknown, "partial", problem.BadInput)
	got.counts(t, inputs{"created": "49", "failed": "1"})
	results := resultsIn(t, got.outputs["results"])
	for i := range 50 {
		name := fmt.Sprintf("S%02d", i)
		want := entryResult{name, "created", ""}
		if name == "S07" {
			want = entryResult{name, "failed", problem.BadInput}
		}
		same(t, "result", want, results[name])
	}
	same(t, "secrets with TOKEN", 50, len(s.stored()))
	if !strings.Contains(got.log, "S07 was not created: Nairi refused it: \"no such thing\". [bad_input]\n1 of 50 secrets failed. ") {
		t.Error(got.log)
	}
}

// A key that is revoked in the middle ends the run: what is left would fail the
// same way.
func TestARevokedKeyEndsASync(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.Set(refusing(http.StatusUnauthorized, "S03"))
	with := s.syncsFifty()
	with["concurrency"] = "1"
	got := s.step(with)
	got.ends(t, report.ExitUnknown, "partial", problem.Unauthorized)
	got.counts(t, inputs{"created": "3", "failed": "47"})
	same(t, "two lists and four writes", 6, len(got.requests))
}

// Without a plan for each of the secrets nothing is written of any.
func TestASyncPlansBeforeItWrites(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	got := s.step(s.syncs("TOKEN: {allowed_domains: [db.example.com]}", "NEW: {allowed_domains: [db.example.com]}"))
	got.ends(t, report.ExitFailed, "failed", problem.SecretNotFound)
	got.counts(t, inputs{"planned": "1"})
	same(t, "requests", []string{list}, got.requests)
}

// Nor is anything if one of two vaults is not there.
func TestASyncOfTwoVaultsNeedsBoth(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	other := s.AddVault("other")
	with := s.syncs("TOKEN: {env: A, allowed_domains: [api.example.com]}")
	with["secrets"] += "- vault_id: " + other + "\n  secrets:\n    TOKEN: {env: A, any_domain: true}\n"
	with["env_json"] = `{"A": "` + value + `"}`
	got := s.step(with)
	same(t, "exit code", report.ExitDone, got.code)
	got.counts(t, inputs{"created": "1", "updated": "1"})
	same(t, "vault_id", "", got.outputs["vault_id"])
	with["secrets"] = strings.Replace(with["secrets"], other, "vlt_01KEQ6963XS96YDP3NF9NKB7QZ", 1)
	got = s.step(with)
	got.ends(t, report.ExitFailed, "failed", problem.VaultNotFound)
	if slices.ContainsFunc(got.requests, func(r string) bool { return !strings.HasPrefix(r, "GET ") }) {
		t.Errorf("requests %q", got.requests)
	}
}

// The shards of a run together do what one run does, each its own part, and need
// no value of another's.
func TestShardsTogetherAreTheWhole(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	with := s.syncsFifty()
	var all map[string]string
	if err := json.Unmarshal([]byte(with["env_json"]), &all); err != nil {
		t.Fatal(err)
	}
	delete(with, "env_json")
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
	same(t, "secrets with TOKEN", 51, len(s.stored()))
}

// All requests of a sync share one connection where the server speaks HTTP/2.
func TestASyncUsesOneConnection(t *testing.T) {
	t.Parallel()
	s, n := newStage(t), new(served)
	n.serve(s, startHTTP2)
	same(t, "exit code", report.ExitDone, s.step(s.syncsFifty()).code)
	n.got(t, 53, 53) // two of them lists, and one for the names of vaults
}
