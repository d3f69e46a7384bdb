package nairitest_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

func TestHistoryIsWhatWasCommitted(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{RunHeader: "X-Run"})
	b.AddSecret(b.VaultID, nairitest.Stored{EnvKey: "THERE", Value: "v"})
	b.script("reset-before-body", "reset-after-body", "reset-after-commit")
	list := "/api/public/v1/vaults/" + b.VaultID + "/secrets"
	send := func(run, method, path, body string) {
		// What the client is told does not matter here.
		_, _ = b.send(method, list+path, body, "X-Run", run)
	}
	for range 3 {
		send("first", "POST", "", `{"env_key":"A","value":"one"}`)
	}
	id := b.Secrets(b.VaultID)[1].ID
	b.at(time.Minute)
	send("second", "PATCH", "/"+id, `{}`)
	send("second", "PATCH", "/"+id, `{"value":"one"}`)
	send("second", "PATCH", "/"+id, `{"value":"two","allowed_domains":["a.example"]}`)
	send("", "DELETE", "/"+id, "")
	send("", "DELETE", "/"+id, "")
	send("", "POST", "", `{"env_key":"A"}`)
	_, _ = b.send("POST", "/api/public/v1/vaults", `{"name":"n"}`)

	one := nairitest.Stored{ID: id, EnvKey: "A", Value: "one", AllowedDomains: []string{}, CreatedAt: noon, UpdatedAt: noon}
	later, two := noon.Add(time.Minute), one
	two.Value, two.AllowedDomains, two.UpdatedAt = "two", []string{"a.example"}, later
	want := []nairitest.Event{
		{At: noon, Change: nairitest.Created, VaultID: b.VaultID, Secret: one, Request: 2, Run: "first"},
		{At: later, Change: nairitest.Updated, VaultID: b.VaultID, Secret: two, Request: 5, Run: "second"},
		{At: later, Change: nairitest.Deleted, VaultID: b.VaultID, Secret: two, Request: 6},
	}
	got := b.History()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	got[1].Secret.AllowedDomains[0] = "changed"
	if diff := cmp.Diff(want, b.History()); diff != "" {
		t.Errorf("History gave no copy (-want +got):\n%s", diff)
	}
}

func TestUnrecordedHasNoHistory(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{Unrecorded: true})
	b.script("race=create,B")
	b.call("POST", "/"+b.VaultID+"/secrets", `{"env_key":"A","value":"v"}`).want(t, 201, "")
	if got := b.History(); len(got) != 0 {
		t.Errorf("%d events, want none", len(got))
	}
}

// TestRaces tells what the racer did, what the request was answered, and what
// it did.
func TestRaces(t *testing.T) {
	t.Parallel()
	const create, update = `{"env_key":"A","value":"mine"}`, `{"value":"mine"}`
	const racers = "racer-1"
	tests := []struct {
		fault, method, path, body string
		status                    int
		want                      string // the vault, of which A=old is the first
	}{
		{"race=value", "PATCH", "/1", update, 200, "A=mine[]"},
		{"race-after-commit=value", "PATCH", "/1", update, 200, "A=" + racers + "[]"},
		{"race=domains", "PATCH", "/1", update, 200, "A=mine[" + racers + ".example]"},
		{"race=value", "PATCH", "/1", "{}", 200, "A=" + racers + "[]"},
		{"race=delete", "PATCH", "/1", update, 404, ""},
		{"race-after-commit=delete", "PATCH", "/1", update, 200, ""},
		{"race=delete", "DELETE", "/1", "", 404, ""},
		{"race-after-commit=create", "DELETE", "/1", "", 204, "A=" + racers + "[]"},
		{"race-after-commit=create,A", "DELETE", "/1", "", 204, "A=" + racers + "[]"},
		{"race=create", "PATCH", "/1", update, 200, "A=mine[]"},
		{"race=duplicate", "PATCH", "/1", update, 200, "A=mine[] A=" + racers + "[]"},
		{"race=delete", "POST", "", create, 201, "A=mine[]"},
		{"race=create,B", "POST", "", create, 400, "A=old[] B=" + racers + "[]"},
		{"race=create", "POST", "", `{"env_key":"B","value":"mine"}`, 400, "A=old[] B=" + racers + "[]"},
		{"race-after-commit=value", "POST", "", `{"env_key":"B","value":"mine"}`, 201, "A=old[] B=" + racers + "[]"},
		{"race-after-commit=delete", "POST", "", `{"env_key":"B","value":"mine"}`, 201, "A=old[]"},
		{"race-after-commit=duplicate", "POST", "", `{"env_key":"B","value":"mine"}`, 201, "A=old[] B=mine[] B=" + racers + "[]"},
		{"race=duplicate", "GET", "", "", 200, "A=old[] A=" + racers + "[]"},
		{"race=duplicate,B", "GET", "", "", 200, "A=old[] B=" + racers + "[]"},
		{"race=delete,B", "GET", "", "", 200, "A=old[]"},
		{"race=value race-after-commit=delete", "GET", "", "", 200, ""},
	}
	for _, test := range tests {
		t.Run(test.method+" "+test.body+" "+test.fault, func(t *testing.T) {
			t.Parallel()
			b := start(t, nairitest.Options{})
			id := b.AddSecret(b.VaultID, nairitest.Stored{EnvKey: "A", Value: "old"})
			b.script(test.fault)
			path := "/" + b.VaultID + "/secrets"
			if test.path != "" {
				path += "/" + id
			}
			b.call(test.method, path, test.body).want(t, test.status, "")
			if diff := cmp.Diff(test.want, b.contents()); diff != "" {
				t.Errorf("the vault (-want +got):\n%s", diff)
			}
			b.replay(t, id)
		})
	}
}

// contents are the secrets of the vault in one line.
func (b *bench) contents() (text string) {
	for _, s := range b.Secrets(b.VaultID) {
		text += fmt.Sprintf(" %s=%s%v", s.EnvKey, s.Value, s.AllowedDomains)
	}
	return text[min(1, len(text)):]
}

// replay checks that the history leads from the first secret to what is there.
func (b *bench) replay(t *testing.T, id string) {
	t.Helper()
	held := map[string]nairitest.Stored{id: {ID: id, EnvKey: "A", Value: "old", AllowedDomains: []string{}, CreatedAt: noon, UpdatedAt: noon}}
	for _, event := range b.History() {
		before := held[event.Secret.ID]
		held[event.Secret.ID] = event.Secret
		if event.Change == nairitest.Deleted {
			delete(held, event.Secret.ID)
			continue
		}
		if ours := event.Secret.Value == "mine" && before.Value != "mine"; ours == event.ByRacer {
			t.Errorf("%s %s=%s, by a racer: %v", event.Change, event.Secret.EnvKey, event.Secret.Value, event.ByRacer)
		}
	}
	got := map[string]nairitest.Stored{}
	for _, s := range b.Secrets(b.VaultID) {
		got[s.ID] = s
	}
	if diff := cmp.Diff(held, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("the vault is not what its history says (-history +vault):\n%s", diff)
	}
}

func TestRacerWithNothingToRaceFor(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{})
	b.script("always*race=duplicate race-after-commit=delete")
	b.call("GET", "", "").want(t, 200, "")
	b.call("GET", "/"+noVault+"/secrets", "").want(t, 404, "vault not found")
	b.call("GET", "/"+b.VaultID+"/secrets", "").want(t, 200, "")
	b.call("PATCH", "/"+b.VaultID+"/secrets/"+noSecret, `{}`).want(t, 404, "secret not found")
	if got := b.contents(); got != "" || len(b.History()) != 0 {
		t.Errorf("the vault holds %q after %d events, want nothing", got, len(b.History()))
	}
}

// TestChaosRepeats lets runs meet the same faults whatever runs beside them.
func TestChaosRepeats(t *testing.T) {
	t.Parallel()
	const runs, requests = 4, 100
	faults := nairitest.Script(t, "GET:status=501", "list:status=502", "POST:status=503")
	meet := func(seed uint64) map[string][]int {
		b := startInMemory(t)
		b.Set(func(o *nairitest.Options) {
			o.RunHeader = "X-Run"
			o.Faults = nairitest.Chaos(seed, 0.3, faults...)
		})
		var mu sync.Mutex
		met := map[string][]int{}
		var group sync.WaitGroup
		for i := range runs {
			group.Go(func() {
				run, statuses := fmt.Sprint(i), make([]int, requests)
				for j := range statuses {
					statuses[j] = b.call("GET", "/"+b.VaultID+"/secrets", "", "X-Run", run).status
				}
				mu.Lock()
				defer mu.Unlock()
				met[run] = statuses
			})
		}
		group.Wait()
		return met
	}
	first := meet(1)
	if diff := cmp.Diff(first, meet(1)); diff != "" {
		t.Errorf("two runs of one seed differ (-first +second):\n%s", diff)
	}
	if cmp.Equal(first, meet(2)) || cmp.Equal(first["0"], first["1"]) {
		t.Error("another seed or run meets the same faults")
	}
	count := map[int]int{}
	for _, statuses := range first {
		for _, status := range statuses {
			count[status]++
		}
	}
	// 120 are expected; the seed is fixed, so this is no game of chance.
	if struck := count[501] + count[502]; struck < 90 || struck > 150 || count[501] < 40 || count[502] < 40 || count[503] > 0 {
		t.Errorf("of %d requests: %v", runs*requests, count)
	}
}

func TestFaultsHookIsAskedAfterTheScript(t *testing.T) {
	t.Parallel()
	script := nairitest.Script(t, "list:status=501", "status=502")
	var asked []string
	hook := func(r nairitest.Request) (nairitest.Fault, bool) {
		asked = append(asked, fmt.Sprintf("%s %s %d", r.Kind, r.Header.Get("X-Probe"), len(r.Body)))
		return script[1], r.Method != http.MethodPost
	}
	b := start(t, nairitest.Options{Script: script[:1], Faults: hook})
	b.call("GET", "/"+b.VaultID+"/secrets", "", "X-Probe", "1").want(t, 501, "")
	b.call("GET", "/"+b.VaultID+"/secrets", "", "X-Probe", "2").want(t, 502, "")
	b.call("POST", "/"+b.VaultID+"/secrets", `{}`, "X-Probe", "3").want(t, 400, "")
	if diff := cmp.Diff([]string{"list 2 0", "create 3 0"}, asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}
