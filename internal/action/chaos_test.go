package action

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/report"
)

var (
	chaosRuns = flag.Int("chaos.runs", 1500, "how many runs of the program the chaos test makes for each kind of server")
	chaosSeed = flag.Uint64("chaos.seed", 1, "what the chaos test draws its runs and faults from")
)

const (
	chaosWorkers = 32
	chaosNames   = 40   // few enough that workers meet
	chaosShare   = 0.30 // of requests that meet a fault
	runHeader    = "X-Test-Run"

	syncWorkers = 8
	syncEntries = 12 // of each run, of chaosNames
)

// chaosFaults are all the ways in which a request goes wrong here. The racers
// are other workers, and the races among these.
var chaosFaults = []string{
	"refuse", "reset-before-body", "reset-after-body", "reset-after-commit",
	"status=500", "status=502", "status=503", "status-after-commit=500", "status-after-commit=504",
	"throttle=seconds", "throttle=imf-fixdate", "html", "html-after-commit", "truncate", "content-type",
	"delay=45s", "delay-after-commit=45s", "redirect=307",
	"update:race=value", "update:race=domains", "update:race-after-commit=value", "look:race-after-commit=delete",
	"create:race=create", "delete:race=delete", "names:status=500", "names:delay=45s", "names:truncate",
}

// chaosServers are what servers do about a name that is there already.
var chaosServers = map[string]nairitest.Duplicates{
	"names are unique":  nairitest.DuplicatesRefused,
	"names may repeat":  nairitest.DuplicatesAllowed,
	"conflicts are 409": nairitest.DuplicatesConflict,
}

// Many runs at once against a server that fails on a third of their requests:
// what each run said is compared with what truly happened. Time is a bubble's,
// so that waiting costs nothing.
func TestChaos(t *testing.T) {
	for name, duplicates := range chaosServers {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newChaos(t, duplicates)
				c.runAll(chaosWorkers, *chaosRuns/chaosWorkers, c.one)
				c.judge(true)
			})
		})
	}
}

// Syncs beside each other against a server that fails on a third of their
// requests: what each said of every secret is compared with what truly happened.
func TestChaosOfSyncs(t *testing.T) {
	for name, duplicates := range map[string]nairitest.Duplicates{
		"names are unique": nairitest.DuplicatesRefused,
		"names may repeat": nairitest.DuplicatesAllowed,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newChaos(t, duplicates)
				c.runAll(syncWorkers, *chaosRuns/syncWorkers/syncEntries, c.oneSync)
				// Where names may repeat, the first that does ends all that could be said.
				c.judge(duplicates != nairitest.DuplicatesAllowed)
			})
		})
	}
}

// chaos is one server and what the runs against it said.
type chaos struct {
	t        *testing.T
	emulator *nairitest.Emulator
	vault    string
	mu       sync.Mutex
	told     []told
	vaults   map[string]string // of runs that have one to themselves
}

// told is what one run was asked to do with one secret and what it said of it.
type told struct {
	run, operation, name string
	many                 bool // whether it was asked of others too
	domains              bool
	unseen               bool // whether it was written without a look before
	result, changed      string
	log                  string
}

func newChaos(t *testing.T, duplicates nairitest.Duplicates) *chaos {
	e := nairitest.New(nairitest.Options{
		RunHeader:  runHeader,
		Duplicates: duplicates,
		// What no page excludes must not matter.
		Shuffled: true, ExtraFields: true,
		BumpIdentical: duplicates == nairitest.DuplicatesAllowed,
		TextErrors:    duplicates == nairitest.DuplicatesConflict,
		Faults:        nairitest.Chaos(*chaosSeed, chaosShare, nairitest.Script(t, chaosFaults...)...),
	})
	return &chaos{t: t, emulator: e, vault: e.AddVault("chaos")}
}

// runAll makes runs in each of the workers.
func (c *chaos) runAll(workers, runs int, one func(run string, random *rand.Rand)) {
	var working sync.WaitGroup
	for worker := range workers {
		working.Go(func() {
			random := rand.New(rand.NewPCG(*chaosSeed, uint64(worker)))
			for i := range runs {
				one(fmt.Sprintf("%d-%d", worker, i), random)
			}
		})
	}
	working.Wait()
}

// one makes one run of the program, or two that write the same.
func (c *chaos) one(run string, random *rand.Rand) {
	operations := []string{"set", "set", "create", "update", "delete"}
	said := told{
		run:       run,
		operation: operations[random.IntN(len(operations))],
		name:      fmt.Sprintf("NAME_%d", random.IntN(chaosNames)),
	}
	vars := inputs{"INPUT_OPERATION": said.operation, "INPUT_ENV_KEY": said.name, "INPUT_VAULT_ID": c.vault}
	if said.operation != "delete" {
		vars["INPUT_VALUE"] = "value-of-" + run
		said.domains = said.operation != "update" || random.IntN(2) == 0
		if said.domains {
			vars["INPUT_ALLOWED_DOMAINS"] = "run-" + run + ".example.com"
		}
	}
	if there := c.emulator.Secrets(c.vault); len(there) > 0 && random.IntN(5) == 0 {
		said = c.rotation(said, there[random.IntN(len(there))], vars, random)
	}
	c.tell(said, vars)
	if said.mayRepeat() { // so that some of these surely find their own value there
		said.run += "-again"
		c.tell(said, vars)
	}
}

// tell makes a run and notes what it said.
func (c *chaos) tell(said told, vars inputs) {
	said.log = c.run(said.run, vars)
	said.result, said.changed = printedOutput(said.log, "result"), printedOutput(said.log, "changed")
	c.note(said)
}

// rotation makes a run one that writes to a secret by its ID, without a look before.
// Half of them write what others do, and may change nothing.
func (c *chaos) rotation(said told, secret nairitest.Stored, vars inputs, random *rand.Rand) told {
	said.operation, said.name, said.unseen, said.domains = "update", secret.EnvKey, true, random.IntN(2) == 0
	delete(vars, "INPUT_ENV_KEY")
	vars["INPUT_OPERATION"], vars["INPUT_SECRET_ID"], vars["INPUT_VALUE"] = said.operation, secret.ID, "value-of-"+said.run
	vars["INPUT_ALLOWED_DOMAINS"] = "run-" + said.run + ".example.com"
	if !said.domains {
		vars["INPUT_VALUE"], vars["INPUT_ALLOWED_DOMAINS"] = "value-of-all", "__not_given__"
	}
	return said
}

func (c *chaos) note(said ...told) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.told = append(c.told, said...)
}

// run makes a run of the program, and checks that its exit code is that of its
// result: others are not documented.
func (c *chaos) run(run string, vars inputs) (log string) {
	vars["INPUT_API_KEY"] = c.emulator.Options().Key
	var out bytes.Buffer
	code := Run(context.Background(), host(vars, &out, tagged{c.emulator.Transport(), run}))
	log = out.String()
	result := printedOutput(log, "result")
	codes := map[string]int{"failed": report.ExitFailed, "partial": report.ExitUnknown, "unknown": report.ExitUnknown}
	if code != codes[result] {
		c.t.Errorf("run %s ended with %d and said %s\n%s", run, code, result, log)
	}
	return log
}

// oneSync makes one run of a manifest that wants of each secret something else.
func (c *chaos) oneSync(run string, random *rand.Rand) {
	var manifest strings.Builder
	operations := map[string]string{}
	fmt.Fprintf(&manifest, "vaults:\n- vault_id: %s\n  allow_empty: true\n  secrets:\n", c.vault)
	for _, n := range random.Perm(chaosNames)[:syncEntries] {
		name := fmt.Sprintf("NAME_%d", n)
		entry := "{env: VALUE, allowed_domains: [run-" + run + ".example.com]}"
		operations[name] = "set"
		if random.IntN(4) == 0 {
			entry, operations[name] = "{absent: true}", "delete"
		}
		fmt.Fprintf(&manifest, "    %s: %s\n", name, entry)
	}
	log := c.run(run, inputs{
		"INPUT_OPERATION": "sync", "INPUT_SECRETS": manifest.String(), "INPUT_MAX_DELETES": "100", "VALUE": "value-of-" + run,
	})
	var entries []struct {
		EnvKey  string `json:"env_key"`
		Result  string `json:"result"`
		Changed bool   `json:"changed"`
	}
	if err := json.Unmarshal([]byte(printedOutput(log, "results")), &entries); err != nil {
		c.t.Errorf("run %s: %v\n%s", run, err, log)
	}
	for _, entry := range entries {
		c.note(told{
			run: run, operation: operations[entry.EnvKey], name: entry.EnvKey, many: true,
			result: entry.Result, changed: fmt.Sprint(entry.Changed), log: log,
		})
	}
	if len(entries) != syncEntries && len(entries) > 0 {
		c.t.Errorf("run %s speaks of %d secrets", run, len(entries))
	}
}

// printedOutput is the value of a line name=value.
func printedOutput(log, name string) string {
	for line := range strings.Lines(log) {
		if value, ok := strings.CutPrefix(line, name+"="); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// tagged marks the requests of one run.
type tagged struct {
	http.RoundTripper
	run string
}

func (tr tagged) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set(runHeader, tr.run)
	return tr.RoundTripper.RoundTrip(r)
}

// truth is what truly happened by and beside the requests of one run.
type truth struct {
	created, updated, deleted int               // by the run
	last                      nairitest.Request // its last request
	lastIndex                 int
	events                    []nairitest.Event // its own writes
}

// judge compares what was said with what happened. Enough runs should have said
// every result, or the test tells nothing of it.
func (c *chaos) judge(every bool) {
	truths := c.truths()
	count, spoken, wrong := map[string]int{}, map[string]bool{}, 0
	for _, said := range c.told {
		count[said.result]++
		spoken[said.run+said.name] = true
		if complaint := c.complaint(said, cmp.Or(truths[said.run], &truth{}).of(said.name)); complaint != "" {
			if wrong++; wrong <= 5 {
				c.t.Errorf("run %s (%s %s) said %s: %s\n%s%s", said.run, said.operation, said.name, said.result, complaint, said.log, c.requestsOf(said.run))
			}
		}
	}
	for run, tr := range truths {
		for _, event := range tr.events {
			if !spoken[run+event.Secret.EnvKey] {
				c.t.Errorf("run %s wrote to %s and said nothing of it", run, event.Secret.EnvKey)
			}
		}
	}
	c.t.Logf("%d told, %d requests, %d writes; said %v; wrong: %d",
		len(c.told), len(c.emulator.Requests()), len(c.emulator.History()), count, wrong)
	results := []string{"created", "updated", "deleted", "absent", "failed", "unknown"}
	if slices.ContainsFunc(c.told, told.mayRepeat) && !c.emulator.Options().BumpIdentical {
		results = append(results, "unchanged")
	}
	for _, result := range results {
		if count[result] == 0 && every && *chaosRuns >= 1000 {
			c.t.Errorf("no run said %s", result)
		}
	}
}

// requestsOf are the requests of a run as the server saw them, a line each.
func (c *chaos) requestsOf(run string) string {
	var lines strings.Builder
	for i, r := range c.emulator.Requests() {
		if r.Run == run {
			fmt.Fprintf(&lines, "request %d: %s %s: status %d, fault %q\n", i, r.Method, r.Path, r.Status, r.Fault)
		}
	}
	return lines.String()
}

// add counts a write of the run.
func (tr *truth) add(event nairitest.Event) {
	tr.events = append(tr.events, event)
	switch event.Change {
	case nairitest.Created:
		tr.created++
	case nairitest.Updated:
		tr.updated++
	case nairitest.Deleted:
		tr.deleted++
	}
}

// of is the part of one secret.
func (tr *truth) of(name string) *truth {
	part := &truth{last: tr.last, lastIndex: tr.lastIndex}
	for _, event := range tr.events {
		if event.Secret.EnvKey == name {
			part.add(event)
		}
	}
	return part
}

func (c *chaos) truths() map[string]*truth {
	truths := map[string]*truth{}
	of := func(run string) *truth {
		if truths[run] == nil {
			truths[run] = &truth{}
		}
		return truths[run]
	}
	for i, r := range c.emulator.Requests() {
		tr := of(r.Run)
		tr.last, tr.lastIndex = r, i
	}
	for _, event := range c.emulator.History() {
		if event.ByRacer {
			continue
		}
		of(event.Run).add(event)
	}
	return truths
}

// complaint is what is wrong with what a run said; empty if nothing is.
func (c *chaos) complaint(said told, tr *truth) string {
	wrote := tr.created + tr.updated + tr.deleted
	switch {
	case tr.created > 1 && c.twice(tr):
		return "it created the secret twice"
	case (said.changed == "true") != slices.Contains([]string{"created", "updated", "deleted", "unknown"}, said.result):
		return "its changed is " + said.changed
	}
	switch said.result {
	case "created":
		// One that another created and this run then set is created too: which
		// of the two it was cannot be told.
		if tr.created+tr.updated == 0 {
			return "it wrote nothing"
		}
	case "updated":
		if tr.updated == 0 && !said.mayRepeat() {
			return "it updated nothing"
		}
	case "deleted":
		if tr.deleted == 0 && !c.gone(said.name, tr) {
			return "nothing was deleted"
		}
	case "planned": // and given up, for the plan of another
		if wrote > 0 || !said.many {
			return "it was to be done"
		}
	case "absent", "unchanged", "failed":
		if wrote > 0 {
			return "it wrote"
		}
	case "unknown":
		if !said.many { // whose look was the last request cannot be told of many
			return c.couldTell(said, tr)
		}
	default:
		return "that is no result"
	}
	return ""
}

// mayRepeat reports whether a run may have written what was there: whether it did
// can be in doubt, and then it says that it updated it.
func (t told) mayRepeat() bool { return t.unseen && !t.domains }

// twice reports whether a run created a secret while one that it had created
// before was still there: somebody may have deleted the first in between.
func (c *chaos) twice(tr *truth) bool {
	there := map[string]bool{}
	for _, event := range c.emulator.History() {
		own := slices.ContainsFunc(tr.events, func(e nairitest.Event) bool { return e.Request == event.Request && !event.ByRacer })
		switch {
		case own && event.Change == nairitest.Created && len(there) > 0:
			return true
		case own && event.Change == nairitest.Created:
			there[event.Secret.ID] = true
		case event.Change == nairitest.Deleted:
			delete(there, event.Secret.ID)
		}
	}
	return false
}

// gone reports whether anybody deleted a secret of this name up to the end of
// the run's requests.
func (c *chaos) gone(name string, tr *truth) bool {
	return slices.ContainsFunc(c.emulator.History(), func(e nairitest.Event) bool {
		return e.Change == nairitest.Deleted && e.Secret.EnvKey == name && e.Request <= tr.lastIndex
	})
}

// couldTell says how a look could have told what became of an unknown write.
func (c *chaos) couldTell(said told, tr *truth) string {
	if strings.Contains(said.log, "more than once") {
		return "" // it is known, and somebody has to choose
	}
	alone := !c.touchedByOthers(said.name, tr)
	switch {
	case said.operation == "delete" && tr.last.Status == http.StatusNotFound:
		return "the last look did not find it"
	case !alone || tr.last.Status != http.StatusOK:
		return ""
	case tr.created == 1 && tr.last.Kind != nairitest.KindLook: // which follows a lost update of what was found by its name
		return "the last list showed what it created"
	case tr.updated > 0 && said.domains && !said.unseen: // or they may have been there before
		return "the last look showed the domains it set"
	}
	return ""
}

// touchedByOthers reports whether anybody else wrote to the name after the run
// first did.
func (c *chaos) touchedByOthers(name string, tr *truth) bool {
	first := math.MaxInt
	for _, own := range tr.events {
		first = min(first, own.Request)
	}
	return slices.ContainsFunc(c.emulator.History(), func(e nairitest.Event) bool {
		return e.Secret.EnvKey == name && e.Request >= first && !slices.ContainsFunc(tr.events, func(own nairitest.Event) bool {
			return own.Request == e.Request && !e.ByRacer
		})
	})
}
