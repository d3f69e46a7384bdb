package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// crowd is a vault of many secrets, and the manifest that has them all.
type crowd struct {
	*nairitest.Emulator
	g        *ground
	http     *http.Server
	base     string // of its address
	vaultID  string
	names    []string
	manifest string // the files that have it, as the input takes them
}

// newCrowd serves a vault of n secrets over HTTP/2, a round trip away.
func (g *ground) newCrowd(n int, roundTrip time.Duration) (*crowd, error) {
	c := &crowd{g: g, Emulator: nairitest.New(nairitest.Options{Key: g.key(), Unrecorded: true})}
	c.vaultID = c.AddVault("crowd")
	for i := range n {
		name := fmt.Sprintf("SECRET_%05d", i)
		c.names = append(c.names, name)
		c.AddSecret(c.vaultID, nairitest.Stored{EnvKey: name, Value: "former", AllowedDomains: []string{domain}})
	}
	if err := c.writeManifest(); err != nil {
		return nil, err
	}
	var address string
	var err error
	if c.http, address, err = g.listen(c.Emulator, "h2", "http/1.1"); err != nil {
		return nil, err
	}
	c.base, err = g.reach(address, roundTrip)
	return c, err
}

// entriesOfFile is how many secrets one file has at most: one has room for that many
// (internal/manifest).
const entriesOfFile = 50_000

// writeManifest writes the manifest, in as many files as it needs.
func (c *crowd) writeManifest() error {
	var files []string
	for names := range slices.Chunk(c.names, entriesOfFile) {
		file, err := c.g.write(fmt.Sprintf("vault-of-%d-%d.yml", len(c.names), len(files)+1), c.manifestOf(names))
		if err != nil {
			return err
		}
		files = append(files, file)
	}
	c.manifest = strings.Join(files, ",")
	return nil
}

// manifestOf is the text of a manifest of some of the secrets.
func (c *crowd) manifestOf(names []string) []byte {
	var text bytes.Buffer
	fmt.Fprintf(&text, "vaults:\n  - vault_id: %s\n    secrets:\n", c.vaultID)
	for _, name := range names {
		fmt.Fprintf(&text, "      %s: { env: %s, allowed_domains: [%s] }\n", name, name, domain)
	}
	return text.Bytes()
}

func (c *crowd) close() { _ = c.http.Close() }

// command runs our program with these inputs besides those that all have.
func (c *crowd) command(program string, inputs ...string) command {
	return command{Path: program, Env: c.g.environ(c.base, c.g.inputs(inputs...)...)}
}

// plan is a plan of the whole manifest, without any of the values.
func (c *crowd) plan(program string) turn {
	command := c.command(program, "INPUT_OPERATION=sync", "INPUT_MANIFEST="+c.manifest, "INPUT_DRY_RUN=true")
	return turn{command, nil, func() error { return nil }}
}

// lint looks at the whole manifest. It sends nothing.
func (c *crowd) lint(program string) turn {
	command := command{Path: program, Env: c.g.environ("https://nowhere.invalid", c.g.inputs("INPUT_OPERATION=lint", "INPUT_MANIFEST="+c.manifest)...)}
	return turn{command, nil, func() error { return nil }}
}

// sync writes every secret of the manifest.
func (c *crowd) sync(program string) turn {
	values := freshValues(len(c.names))
	inputs := []string{"INPUT_OPERATION=sync", "INPUT_MANIFEST=" + c.manifest}
	for i, name := range c.names {
		inputs = append(inputs, name+"="+values[i])
	}
	return c.turn(c.command(program, inputs...), values)
}

// one writes one secret, by its name.
func (c *crowd) one(program string) turn {
	values := freshValues(1)
	return c.turn(c.command(program, "INPUT_VAULT_ID="+c.vaultID, "INPUT_ENV_KEY="+c.names[0],
		"INPUT_ALLOWED_DOMAINS="+domain, "INPUT_VALUE="+values[0]), values)
}

// turn is one of a command that writes these values, the first into the first secret.
func (c *crowd) turn(command command, values []string) turn {
	return turn{command, values, func() error { return c.holds(values) }}
}

// holds checks that each secret has its value, the first of the names the first.
func (c *crowd) holds(values []string) error {
	held := map[string]string{}
	for _, s := range c.Secrets(c.vaultID) {
		held[s.EnvKey] = s.Value
	}
	for i, value := range values {
		if held[c.names[i]] != value {
			return fmt.Errorf("%s was not written", c.names[i])
		}
	}
	return nil
}

// bySize measures what is done with crowds of several sizes, beside curl's one PATCH.
// entrants are the contestants of one crowd, each of which runs the program ours.
func (g *ground) bySize(
	ctx context.Context, sizes []int, o options, entrants func(c *crowd, ours string, n int) []contestant,
) (results, error) {
	ours, err := g.ours(ctx)
	if err != nil {
		return results{}, err
	}
	contestants, err := g.baseline(ctx)
	if err != nil {
		return results{}, err
	}
	for _, n := range sizes {
		c, err := g.newCrowd(n, 0)
		if err != nil {
			return results{}, err
		}
		defer c.close()
		contestants = append(contestants, entrants(c, ours, n)...)
	}
	return g.race(ctx, contestants, o.warmup, o.rounds)
}
