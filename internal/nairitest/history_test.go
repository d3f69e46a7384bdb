package nairitest_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
	script := nairitest.Script(t, "2*list:status=501", "status=502")
	var asked []string
	hook := func(r nairitest.Request) (nairitest.Fault, bool) {
		asked = append(asked, fmt.Sprintf("%s %s %d", r.Kind, r.Header.Get("X-Probe"), len(r.Body)))
		return script[1], r.Method != http.MethodPost
	}
	b := start(t, nairitest.Options{Script: script[:1], Faults: hook})
	for range 2 {
		b.call("GET", "/"+b.VaultID+"/secrets", "", "X-Probe", "1").want(t, 501, "")
	}
	b.call("GET", "/"+b.VaultID+"/secrets", "", "X-Probe", "2").want(t, 502, "")
	b.call("POST", "/"+b.VaultID+"/secrets", `{}`, "X-Probe", "3").want(t, 400, "")
	if diff := cmp.Diff([]string{"list 2 0", "create 3 0"}, asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	if script[0].String() != "2*list:status=501" || len(b.Options().Script) != 0 {
		t.Errorf("the caller's script is now %v, and left of it %v", script, b.Options().Script)
	}
}
