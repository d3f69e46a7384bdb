package action

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// datedFaults are the chaos without other writers: hosts that somebody edits beside
// the manifest are a hole that is documented.
func datedFaults(t *testing.T) []nairitest.Fault {
	alone := slices.DeleteFunc(slices.Clone(chaosFaults), func(fault string) bool { return strings.Contains(fault, "race") })
	return nairitest.Script(t, alone...)
}

// dated is a secret of a manifest that is rotated from time to time.
type dated struct {
	value  int // the latest, which runs are given
	made   time.Time
	stated int // the latest that the manifest has the time of
	since  time.Time
	hosts  int
}

// draw is what people do to a secret between two runs: they rotate it, tell the
// manifest, at once or later, and edit its hosts there.
func (d *dated) draw(random *rand.Rand) {
	if random.IntN(4) == 0 {
		d.value, d.made = d.value+1, time.Now()
	}
	if random.IntN(2) == 0 {
		d.stated, d.since = d.value, d.made
	}
	if random.IntN(4) == 0 {
		d.hosts++
	}
}

// Syncs of dated values against a server that fails on a third of the requests, one
// after the other: after each that ended well the vault has every value that the
// manifest dates, and another sync would write nothing.
func TestChaosOfDatedValues(t *testing.T) {
	for name, bumps := range map[string]bool{"identical values count": true, "identical values do not count": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newChaos(t, nairitest.DuplicatesRefused)
				c.emulator.Set(func(o *nairitest.Options) {
					o.BumpIdentical, o.Faults = bumps, nairitest.Chaos(*chaosSeed, chaosShare, datedFaults(t)...)
				})
				c.datedRuns(*chaosRuns / 5)
			})
		})
	}
}

func (c *chaos) datedRuns(runs int) {
	random := rand.New(rand.NewPCG(*chaosSeed, 0))
	secrets := make([]dated, syncEntries)
	for i := range secrets {
		secrets[i].made, secrets[i].since = time.Now(), time.Now()
	}
	well, idle := 0, 0
	for run := range runs {
		// An answer that the run before gave up on has come by then.
		time.Sleep(time.Minute + time.Duration(random.IntN(5000))*time.Millisecond)
		for i := range secrets {
			secrets[i].draw(random)
		}
		time.Sleep(time.Second)
		mode := []string{"__not_given__", "when_rotated"}[random.IntN(2)]
		log := c.run(fmt.Sprint("dated-", run), c.datedInputs(secrets, mode, "false"))
		if result := printedOutput(log, "result"); result != "updated" && result != "unchanged" {
			continue
		}
		well++
		c.holdsDated(secrets, log)
		time.Sleep(2 * time.Second)
		again := c.run(fmt.Sprint("again-", run), c.datedInputs(secrets, mode, "true"))
		if printedOutput(again, "result") == "failed" {
			continue
		}
		idle++
		if planned := printedOutput(again, "planned_count"); planned != "0" {
			c.t.Fatalf("run %d: another sync would write %s\n%s\n%s", run, planned, log, again)
		}
	}
	c.t.Logf("seed %d: %d runs, of which %d ended well, and %d were followed by a plan of nothing; %d writes", *chaosSeed, runs, well, idle, len(c.emulator.History()))
	if well < runs/4 || idle < runs/4 {
		c.t.Error("too few runs ended well to tell anything")
	}
}

// datedInputs are those of a sync that is given the latest value of each secret.
func (c *chaos) datedInputs(secrets []dated, mode, dryRun string) inputs {
	vars := inputs{"INPUT_OPERATION": "sync", "INPUT_VALUES": mode, "INPUT_DRY_RUN": dryRun}
	var manifest strings.Builder
	fmt.Fprintf(&manifest, "vaults:\n- vault_id: %s\n  secrets:\n", c.vault)
	for i, d := range secrets {
		vars[fmt.Sprint("VALUE_", i)] = d.text(i, d.value)
		fmt.Fprintf(&manifest, "    NAME_%d: {env: VALUE_%d, allowed_domains: [h%d.example.com], rotated: %s}\n", i, i, d.hosts, d.since.UTC().Format(time.RFC3339Nano))
	}
	vars["INPUT_SECRETS"] = manifest.String()
	return vars
}

func (dated) text(secret, value int) string { return fmt.Sprintf("value-%d-of-name-%d", value, secret) }

// holdsDated checks what the vault has after a sync that ended well.
func (c *chaos) holdsDated(secrets []dated, log string) {
	stored := map[string]nairitest.Stored{}
	for _, s := range c.emulator.Secrets(c.vault) {
		stored[s.EnvKey] = s
	}
	for i, d := range secrets {
		s := stored[fmt.Sprint("NAME_", i)]
		fresh := false // whether it is the value that is dated, or a later one
		for value := d.stated; value <= d.value; value++ {
			fresh = fresh || s.Value == d.text(i, value)
		}
		if !fresh || !slices.Equal(s.AllowedDomains, []string{fmt.Sprintf("h%d.example.com", d.hosts)}) {
			c.t.Fatalf("NAME_%d has %q for %v; value %d was made, %d is dated, hosts %d\n%s", i, s.Value, s.AllowedDomains, d.value, d.stated, d.hosts, log)
		}
	}
}
