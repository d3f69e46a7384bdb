package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	mathrand "math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

const (
	syncWorkers = 8
	syncEntries = 12 // of each run, of chaosNames
)

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
				var workers sync.WaitGroup
				for worker := range syncWorkers {
					workers.Go(func() {
						random := mathrand.New(mathrand.NewPCG(*chaosSeed, uint64(worker)))
						for i := range *chaosRuns / syncWorkers / syncEntries {
							c.oneSync(fmt.Sprintf("%d-%d", worker, i), random)
						}
					})
				}
				workers.Wait()
				c.judgeSyncs()
			})
		})
	}
}

// oneSync makes one run of a manifest that wants of each secret something else.
func (c *chaos) oneSync(run string, random *mathrand.Rand) {
	var manifest strings.Builder
	operations := map[string]string{}
	fmt.Fprintf(&manifest, "vaults:\n- vault_id: %s\n  secrets:\n", c.vault)
	for _, n := range random.Perm(chaosNames)[:syncEntries] {
		name := fmt.Sprintf("NAME_%d", n)
		entry := "{env: VALUE, allowed_domains: [run-" + run + ".example.com]}"
		operations[name] = "set"
		if random.IntN(4) == 0 {
			entry, operations[name] = "{absent: true}", "delete"
		}
		fmt.Fprintf(&manifest, "    %s: %s\n", name, entry)
	}
	env := map[string]string{
		"INPUT_API_KEY": c.emulator.Options().Key, "INPUT_OPERATION": "sync", "INPUT_SECRETS": manifest.String(),
		"INPUT_MAX_DELETES": "100", "VALUE": "value-of-" + run,
	}
	var out bytes.Buffer
	exit := runProgram(env, &out, tagged{c.emulator.Transport(), run})
	c.mu.Lock()
	defer c.mu.Unlock()
	c.told = append(c.told, c.entriesSaid(run, operations, exit, out.String())...)
}

// entriesSaid are what a run said of its secrets.
func (c *chaos) entriesSaid(run string, operations map[string]string, exit int, log string) []told {
	var entries []struct {
		EnvKey  string `json:"env_key"`
		Result  string `json:"result"`
		Changed bool   `json:"changed"`
	}
	if err := json.Unmarshal([]byte(printedOutput(log, "results")), &entries); err != nil {
		c.t.Errorf("run %s: %v\n%s", run, err, log)
	}
	var all []told
	for _, entry := range entries {
		all = append(all, told{
			run: run, operation: operations[entry.EnvKey], name: entry.EnvKey, exit: exit,
			result: entry.Result, changed: fmt.Sprint(entry.Changed), log: log,
		})
	}
	if len(all) != syncEntries && len(all) > 0 {
		c.t.Errorf("run %s speaks of %d secrets", run, len(all))
	}
	return all
}

func (c *chaos) judgeSyncs() {
	truths := c.truths()
	count := map[string]int{}
	spoken := map[string]bool{}
	wrong := 0
	for _, said := range c.told {
		count[said.result]++
		spoken[said.run] = true
		if complaint := c.complaintOfEntry(said, truths[said.run]); complaint != "" {
			if wrong++; wrong <= 5 {
				c.t.Errorf("run %s said of %s %s: %s\n%s", said.run, said.name, said.result, complaint, said.log)
			}
		}
	}
	for run, tr := range truths {
		if len(tr.events) > 0 && !spoken[run] {
			c.t.Errorf("run %s wrote and said nothing of it", run)
		}
	}
	c.t.Logf("%d entries, %d requests, %d writes; said %v; wrong: %d", len(c.told), len(c.emulator.Requests()), len(c.emulator.History()), count, wrong)
	for _, result := range []string{"created", "updated", "deleted", "absent", "failed", "unknown"} {
		// Where names may repeat, the first that does ends all that could be said.
		if count[result] == 0 && *chaosRuns >= 1000 && c.emulator.Options().Duplicates != nairitest.DuplicatesAllowed {
			c.t.Errorf("no run said %s: the test tells nothing of it", result)
		}
	}
}

// complaintOfEntry is complaint for one secret of a run.
func (c *chaos) complaintOfEntry(said told, all *truth) string {
	if all == nil {
		all = &truth{}
	}
	tr := &truth{last: all.last, lastIndex: all.lastIndex}
	for _, event := range all.events {
		if event.Secret.EnvKey == said.name {
			tr.add(event)
		}
	}
	switch {
	case said.result == "unknown":
		return "" // whose look was the last request cannot be told here
	case said.result == "planned" && len(tr.events) == 0 && said.changed == "false":
		return ""
	}
	return c.complaint(said, tr)
}
