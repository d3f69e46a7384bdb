package action

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/runnertest"
)

var (
	expectRaces = flag.Int("expect.races", 1000, "in how many races a vault changes between its plan and the run that carries it out")
	expectSeed  = flag.Uint64("expect.seed", 1, "what the races are drawn from")
)

// race is a plan that was approved, and a vault that somebody else may write to
// before it is carried out.
type race struct {
	t       *testing.T
	dir     string
	server  *nairitest.Emulator
	vault   string
	random  *rand.Rand
	entries map[string]string // of the manifest, by name
	prune   bool
}

// Between a plan and its run somebody else changes hosts, deletes, replaces and
// creates. A run whose plan is not the approved one writes nothing; one whose plan
// still is writes all of it.
func TestOnlyThePlanThatWasApprovedIsCarriedOut(t *testing.T) {
	t.Logf("-expect.seed=%d", *expectSeed)
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		stale, done := 0, 0
		for i := range *expectRaces {
			server := nairitest.New(nairitest.Options{RunHeader: runHeader, Shuffled: true, Entropy: rand.NewChaCha8([32]byte{5})})
			r := race{t: t, dir: dir, server: server, random: rand.New(rand.NewPCG(*expectSeed, uint64(i)))}
			r.set()
			if r.run(fmt.Sprint("race ", i)) {
				stale++
			} else {
				done++
			}
			if t.Failed() {
				t.Fatalf("race %d of -expect.seed=%d", i, *expectSeed)
			}
		}
		t.Logf("%d plans were stale, and %d were carried out", stale, done)
		if *expectRaces >= 100 && min(stale, done) < *expectRaces/5 {
			t.Error("that is too one-sided to tell anything")
		}
	})
}

// pick is one of some texts.
func (r *race) pick(texts ...string) string { return texts[r.random.IntN(len(texts))] }

// hosts are a few.
func (r *race) hosts() []string {
	hosts := []string{}
	for range r.random.IntN(3) {
		hosts = append(hosts, r.pick("a.example.com", "b.example.com", "*.c.example.com"))
	}
	return hosts
}

// set makes a vault and a manifest for it.
func (r *race) set() {
	r.vault, r.entries, r.prune = r.server.AddVault("race"), map[string]string{}, r.random.IntN(3) == 0
	for n := range 6 {
		name := fmt.Sprintf("NAME_%d", n)
		hosts := "allowed_domains: [" + r.pick("a.example.com", "b.example.com", "a.example.com, b.example.com") + "]"
		entry := r.pick("{ env: VALUE, "+hosts+" }", "{ env: VALUE, any_domain: true }", "{ env: VALUE, "+hosts+" }", "{ absent: true }", "")
		there := r.random.IntN(2) == 0
		switch old := fmt.Sprintf("OLD_%d", n); r.random.IntN(6) {
		case 0:
			entry = "{ env: VALUE, " + hosts + ", renamed_from: " + old + " }"
			if r.random.IntN(3) > 0 {
				r.server.AddSecret(r.vault, nairitest.Stored{EnvKey: old, Value: "value-of-old", AllowedDomains: r.hosts()})
			}
		case 1: // which is when the clock stands still
			entry = "{ env: VALUE, " + hosts + ", rotated: 2000-01-01 }"
		}
		if there && r.random.IntN(3) == 0 {
			entry = "{ " + hosts + " }" // which needs the secret
		}
		if entry != "" {
			r.entries[name] = entry
		}
		if there {
			r.server.AddSecret(r.vault, nairitest.Stored{EnvKey: name, Value: "value-of-old", AllowedDomains: r.hosts()})
		}
	}
}

// interfere is what somebody else does, in some races nothing.
func (r *race) interfere() {
	for range r.random.IntN(3) {
		name, id := fmt.Sprintf("%s_%d", r.pick("NAME", "NAME", "OLD"), r.random.IntN(7)), ""
		for _, s := range r.server.Secrets(r.vault) {
			if s.EnvKey == name {
				id = "/" + s.ID
			}
		}
		body, _ := json.Marshal(map[string]any{"allowed_domains": r.hosts()})
		switch {
		case id == "":
			body, _ = json.Marshal(map[string]any{"env_key": name, "value": "value-of-other", "allowed_domains": r.hosts()})
			r.request(http.MethodPost, "", string(body))
		case r.random.IntN(4) == 0:
			r.request(http.MethodDelete, id, "")
		case r.random.IntN(3) == 0: // which no plan shows
			r.request(http.MethodPatch, id, `{"value": "value-of-other"}`)
		default:
			r.request(http.MethodPatch, id, string(body))
		}
	}
}

func (r *race) request(method, id, body string) {
	request, err := http.NewRequest(method, "http://api.example.com/api/public/v1/vaults/"+r.vault+"/secrets"+id, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	request.Header.Set("X-API-Key", r.server.Options().Key)
	request.Header.Set("Authorization", "Bearer "+r.server.Options().Key)
	request.Header.Set("Content-Type", "application/json")
	response, err := r.server.Transport().RoundTrip(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if text, _ := io.ReadAll(response.Body); response.StatusCode >= http.StatusBadRequest {
		r.t.Fatalf("%s: %s: %s", method, response.Status, text)
	}
}

// seen is all that a plan of the manifest depends on: of each secret that it may
// write, whether it is there, as which, and with which hosts.
func (r *race) seen() []string {
	var seen []string
	there := map[string]bool{}
	for _, s := range r.server.Secrets(r.vault) {
		there[s.EnvKey] = true
		if entry := r.entries[s.EnvKey]; !r.concerns(s.EnvKey) || ofHosts(entry) && r.has(entry, s.AllowedDomains) {
			continue
		}
		seen = append(seen, fmt.Sprint(s.EnvKey, s.ID, slices.Compact(slices.Sorted(slices.Values(s.AllowedDomains)))))
	}
	for name, entry := range r.entries {
		if ofHosts(entry) && !there[name] {
			seen = append(seen, name+" is missing")
		}
	}
	slices.Sort(seen)
	return seen
}

// ofHosts reports whether an entry writes nothing to a secret that has its hosts.
func ofHosts(entry string) bool {
	return strings.HasPrefix(entry, "{ allowed_domains") || strings.Contains(entry, "rotated:")
}

// concerns reports whether a plan looks at the secret of a name.
func (r *race) concerns(name string) bool {
	for _, entry := range r.entries {
		if strings.Contains(entry, "renamed_from: "+name+" ") {
			return true
		}
	}
	_, named := r.entries[name]
	return named || r.prune
}

// has reports whether the hosts of an entry are those of a list.
func (r *race) has(entry string, list []string) bool {
	_, wanted, _ := strings.Cut(entry, "[")
	wanted, _, _ = strings.Cut(wanted, "]")
	return domains.List(strings.Split(wanted, ", ")).Equal(list)
}

// run plans, lets somebody interfere, and carries the plan out. It reports whether
// the plan was stale.
func (r *race) run(run string) (stale bool) {
	planned, log, code := r.sync(run+" plan", inputs{"INPUT_DRY_RUN": "true"})
	if code != 0 {
		r.t.Errorf("the plan ended with %d: %s", code, log)
		return false
	}
	before := r.seen()
	r.interfere()
	stale = !slices.Equal(before, r.seen())
	approved := planned[r.pick("plan", "plan_digest")]
	if r.random.IntN(2) == 0 {
		approved = strings.ReplaceAll(approved, "\n", "\r\n")
	}
	after, log, code := r.sync(run, inputs{"INPUT_EXPECT_PLAN": approved})
	writes := 0
	for _, event := range r.server.History() {
		if event.Run == run {
			writes++
		}
	}
	switch {
	case stale && (code != 1 || writes > 0):
		r.t.Errorf("%d writes of a stale plan, exit code %d\n%s\n%s", writes, code, strings.Join(before, "\n"), log)
	case !stale && (code != 0 || after["plan_digest"] != planned["plan_digest"] || fmt.Sprint(writes) != planned["planned_count"]):
		r.t.Errorf("%d writes, exit code %d, approved %q\n%s\n%s", writes, code, approved, strings.Join(before, "\n"), log)
	}
	return stale
}

// sync makes one run of the program.
func (r *race) sync(run string, with inputs) (outputs map[string]string, log string, code int) {
	var manifest strings.Builder
	fmt.Fprintf(&manifest, "vaults:\n- vault_id: %s\n  allow_empty: true\n  secrets:\n    NAME_8: { absent: true }\n", r.vault)
	for name, entry := range r.entries { // in any order
		fmt.Fprintf(&manifest, "    %s: %s\n", name, entry)
	}
	file := filepath.Join(r.dir, "outputs")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		r.t.Fatal(err)
	}
	vars := inputs{
		"GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": file, "INPUT_OPERATION": "sync", "INPUT_API_KEY": r.server.Options().Key, "INPUT_SECRETS": manifest.String(),
		"INPUT_MAX_DELETES": "100", "INPUT_PRUNE": fmt.Sprint(r.prune), "INPUT_VERIFY_CREATE": "false", "VALUE": "value-of-" + run,
	}
	for name, text := range with {
		vars[name] = text
	}
	var out bytes.Buffer
	code = Run(context.Background(), host(vars, &out, tagged{r.server.Transport(), run}))
	outputs, err := runnertest.ParseOutputs(contents(file))
	if err != nil {
		r.t.Fatal(err)
	}
	return outputs, out.String(), code
}
