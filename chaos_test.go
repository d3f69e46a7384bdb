package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"math"
	mathrand "math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/nairi-community/vault-secret/internal/nairitest"
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
)

// chaosFaults are all the ways in which a request goes wrong here. The racers
// are other workers, and the races among these.
var chaosFaults = []string{
	"refuse", "reset-before-body", "reset-after-body", "reset-after-commit",
	"status=500", "status=502", "status=503", "status-after-commit=500", "status-after-commit=504",
	"throttle=seconds", "throttle=imf-fixdate", "html", "html-after-commit", "truncate", "content-type",
	"delay=45s", "delay-after-commit=45s", "redirect=307",
	"update:race=value", "update:race=domains", "update:race-after-commit=value", "look:race-after-commit=delete",
	"create:race=create", "delete:race=delete",
}

// Many runs at once against a server that fails on a third of their requests:
// what each run said is compared with what truly happened. Time is a bubble's,
// so that waiting costs nothing.
func TestChaos(t *testing.T) {
	for name, duplicates := range map[string]nairitest.Duplicates{
		"names are unique":  nairitest.DuplicatesRefused,
		"names may repeat":  nairitest.DuplicatesAllowed,
		"conflicts are 409": nairitest.DuplicatesConflict,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newChaos(t, duplicates)
				c.runAll()
				c.judge()
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
}

// told is what one run was asked to do and what it said.
type told struct {
	run, operation, name string
	domains              bool
	result, changed      string
	exit                 int
	log                  string
}

func newChaos(t *testing.T, duplicates nairitest.Duplicates) *chaos {
	e := nairitest.New(nairitest.Options{
		RunHeader:  runHeader,
		Duplicates: duplicates,
		Faults:     nairitest.Chaos(*chaosSeed, chaosShare, nairitest.Script(t, chaosFaults...)...),
	})
	return &chaos{t: t, emulator: e, vault: e.AddVault("chaos")}
}

func (c *chaos) runAll() {
	var workers sync.WaitGroup
	for worker := range chaosWorkers {
		workers.Go(func() {
			random := mathrand.New(mathrand.NewPCG(*chaosSeed, uint64(worker)))
			for i := range *chaosRuns / chaosWorkers {
				c.one(fmt.Sprintf("%d-%d", worker, i), random)
			}
		})
	}
	workers.Wait()
}

// one makes one run of the program and notes what it said.
func (c *chaos) one(run string, random *mathrand.Rand) {
	operations := []string{"set", "set", "create", "update", "delete"}
	said := told{
		run:       run,
		operation: operations[random.IntN(len(operations))],
		name:      fmt.Sprintf("NAME_%d", random.IntN(chaosNames)),
	}
	env := map[string]string{
		"INPUT_API_KEY": c.emulator.Options().Key, "INPUT_VAULT_ID": c.vault,
		"INPUT_OPERATION": said.operation, "INPUT_ENV_KEY": said.name,
	}
	if said.operation != "delete" {
		env["INPUT_VALUE"] = "value-of-" + run
		said.domains = said.operation != "update" || random.IntN(2) == 0
		if said.domains {
			env["INPUT_ALLOWED_DOMAINS"] = "run-" + run + ".example.com"
		}
	}
	var out bytes.Buffer
	said.exit = runProgram(env, &out, tagged{c.emulator.Transport(), run})
	said.log = out.String()
	said.result, said.changed = printedOutput(said.log, "result"), printedOutput(said.log, "changed")
	c.mu.Lock()
	defer c.mu.Unlock()
	c.told = append(c.told, said)
}

func runProgram(env map[string]string, out io.Writer, transport http.RoundTripper) int {
	return run(context.Background(), world{
		lookup:    func(name string) (string, bool) { value, ok := env[name]; return value, ok },
		open:      func(string) (io.ReadCloser, error) { return nil, fs.ErrNotExist },
		stdout:    out,
		random:    rand.Reader,
		transport: transport,
	})
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

// judge compares what was said with what happened.
func (c *chaos) judge() {
	truths := c.truths()
	count := map[string]int{}
	wrong := 0
	for _, said := range c.told {
		count[said.result]++
		if complaint := c.complaint(said, truths[said.run]); complaint != "" {
			wrong++
			if wrong <= 5 {
				c.t.Errorf("run %s (%s %s) said %s: %s\n%s", said.run, said.operation, said.name, said.result, complaint, said.log)
			}
		}
	}
	requests := len(c.emulator.Requests())
	c.t.Logf("%d runs, %d requests, %d writes; said %v; wrong: %d",
		len(c.told), requests, len(c.emulator.History()), count, wrong)
	for _, result := range []string{"created", "updated", "deleted", "absent", "failed", "unknown"} {
		if count[result] == 0 && *chaosRuns >= 1000 {
			c.t.Errorf("no run said %s: the test tells nothing of it", result)
		}
	}
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
		tr := of(event.Run)
		tr.add(event)
	}
	return truths
}

// complaint is what is wrong with what a run said; empty if nothing is.
func (c *chaos) complaint(said told, tr *truth) string {
	if tr == nil {
		tr = &truth{}
	}
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
		if tr.updated == 0 {
			return "it updated nothing"
		}
	case "deleted":
		if tr.deleted == 0 && !c.gone(said.name, tr) {
			return "nothing was deleted"
		}
	case "absent", "unchanged", "failed":
		if wrote > 0 {
			return "it wrote"
		}
	case "unknown":
		return c.couldTell(said, tr)
	default:
		return "that is no result"
	}
	return ""
}

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
	case tr.created == 1:
		return "the last look showed what it created"
	case tr.updated > 0 && said.domains:
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
