package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
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
	manifest string // a file
}

// newCrowd serves a vault of n secrets over HTTP/2, each answer after a latency.
func (g *ground) newCrowd(n int, latency time.Duration) (*crowd, error) {
	c := &crowd{g: g, Emulator: nairitest.New(nairitest.Options{Key: g.key(), Unrecorded: true})}
	c.vaultID = c.AddVault("crowd")
	var text strings.Builder
	fmt.Fprintf(&text, "vaults:\n  - vault_id: %s\n    secrets:\n", c.vaultID)
	for i := range n {
		name := fmt.Sprintf("SECRET_%05d", i)
		c.names = append(c.names, name)
		c.AddSecret(c.vaultID, nairitest.Stored{EnvKey: name, Value: "former", AllowedDomains: []string{domain}})
		fmt.Fprintf(&text, "      %s: { env: %s, allowed_domains: [%s] }\n", name, name, domain)
	}
	var err error
	if c.manifest, err = g.write("nairi-vault.yml", []byte(text.String())); err != nil {
		return nil, err
	}
	c.http, c.base, err = g.listen(late(c.Emulator, latency), "h2", "http/1.1")
	return c, err
}

func (c *crowd) close() { _ = c.http.Close() }

// late answers after a time, as a server that is far away does.
func late(handler http.Handler, latency time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(latency)
		handler.ServeHTTP(w, r)
	})
}

// command runs our program with these inputs besides those that all have.
func (c *crowd) command(program string, inputs ...string) command {
	return command{Path: program, Env: c.g.environ(append([]string{
		"INPUT_BASE_URL=" + c.base, "GITHUB_ACTIONS=true",
		"GITHUB_OUTPUT=" + c.g.dir + "/output", "GITHUB_STEP_SUMMARY=" + c.g.dir + "/summary",
	}, inputs...)...)}
}

// plan is a plan of the whole manifest, without any of the values.
func (c *crowd) plan(program string) command {
	return c.command(program, "INPUT_OPERATION=sync", "INPUT_MANIFEST="+c.manifest, "INPUT_DRY_RUN=true")
}

// sync writes every secret of the manifest, and returns the values.
func (c *crowd) sync(program string) (command, []string) {
	values := freshValues(len(c.names))
	inputs := []string{"INPUT_OPERATION=sync", "INPUT_MANIFEST=" + c.manifest}
	for i, name := range c.names {
		inputs = append(inputs, name+"="+values[i])
	}
	return c.command(program, inputs...), values
}

// one writes one secret, by its name.
func (c *crowd) one(program, name, value string) command {
	return c.command(program, "INPUT_VAULT_ID="+c.vaultID, "INPUT_ENV_KEY="+name, "INPUT_ALLOWED_DOMAINS="+domain, "INPUT_VALUE="+value)
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

// timed runs a command in each round. next makes it, and the values that have to
// be in the vault when it is done.
func (c *crowd) timed(ctx context.Context, rounds int, next func() (command, []string)) (series, error) {
	var took series
	for range rounds {
		if err := ctx.Err(); err != nil {
			return took, err
		}
		command, values := next()
		one, err := c.g.watch.run(command)
		if err != nil {
			return took, errors.New(c.g.redact(err.Error(), values))
		}
		if err := c.holds(values); err != nil {
			return took, err
		}
		took.add(one)
	}
	return took, nil
}
