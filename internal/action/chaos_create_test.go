package action

import (
	"flag"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

var chaosCreates = flag.Int("chaos.creates", 400, "how many secrets the chaos test of creates makes for each kind of server")

// blips are what passes by itself, or is done although it does not look so. Of a
// create most leave open whether it was done.
var blips = []string{
	"refuse", "reset-before-body", "reset-after-body", "reset-after-commit",
	"status=500", "status=502", "status=503", "status=504", "status=408",
	"status-after-commit=500", "status-after-commit=502", "status-after-commit=503", "status-after-commit=504",
	"throttle", "throttle=seconds", "throttle=seconds,5s", "throttle=imf-fixdate",
	"html", "html=503", "html-after-commit", "html-after-commit=502", "truncate", "content-type",
	"delay=45s", "delay-after-commit=45s",
}

// A third of all requests goes wrong, and every secret is there once: what a run
// says of it is true, and hardly one is given up.
func TestCreatesSurviveBlips(t *testing.T) {
	for name, duplicates := range chaosServers {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newChaos(t, duplicates)
				c.emulator.Set(func(o *nairitest.Options) {
					o.Faults = nairitest.Chaos(*chaosSeed, chaosShare, nairitest.Script(t, blips...)...)
				})
				c.runAll(chaosWorkers, max(1, *chaosCreates/chaosWorkers), c.oneCreate)
				c.judgeCreates()
			})
		})
	}
}

// oneCreate makes one run that creates a secret of its own.
func (c *chaos) oneCreate(run string, random *rand.Rand) {
	said := told{run: run, operation: []string{"create", "set"}[random.IntN(2)], name: "NAME_" + strings.ReplaceAll(run, "-", "_")}
	said.log = c.run(run, inputs{
		"INPUT_OPERATION": said.operation, "INPUT_ENV_KEY": said.name, "INPUT_VAULT_ID": c.vaultOf(run),
		"INPUT_VALUE": "value-of-" + run, "INPUT_ALLOWED_DOMAINS": "run-" + run + ".example.com", "INPUT_TIMEOUT": "10m",
	})
	said.result, said.changed = printedOutput(said.log, "result"), printedOutput(said.log, "changed")
	c.note(said)
}

// vaultOf gives each run a vault, so that lists stay short.
func (c *chaos) vaultOf(run string) string {
	vault := c.emulator.AddVault(run)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.vaults == nil {
		c.vaults = map[string]string{}
	}
	c.vaults[run] = vault
	return vault
}

// judgeCreates compares what was said of each secret with what is there.
func (c *chaos) judgeCreates() {
	count := map[string]int{}
	doubled, wrong := 0, 0
	for _, said := range c.told {
		count[said.result]++
		there := c.emulator.Secrets(c.vaults[said.run])
		if len(there) > 1 {
			doubled++
		}
		right := len(there) == 1 && there[0].EnvKey == said.name && there[0].Value == "value-of-"+said.run &&
			slices.Equal(there[0].AllowedDomains, []string{"run-" + said.run + ".example.com"})
		honest := said.result == "unknown" || said.result == "created" && right || said.result == "failed" && len(there) == 0
		if !honest {
			if wrong++; wrong <= 5 {
				c.t.Errorf("run %s said %s of %d secrets\n%s", said.run, said.result, len(there), said.log)
			}
		}
	}
	done := float64(count["created"]) / float64(len(c.told))
	c.t.Logf("%d creates, %d requests: %d doubled, %d misreported, %.2f %% done, said %v",
		len(c.told), len(c.emulator.Requests()), doubled, wrong, 100*done, count)
	if doubled > 0 || done < 0.99 {
		c.t.Errorf("%d doubled, %.2f %% done", doubled, 100*done)
	}
}
