package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

type lookup func(name string) (string, bool)

// ground is what all contestants share: an emulator with one secret, a folder, and
// the certificates to trust.
type ground struct {
	*server
	lookup     lookup
	dir        string
	caFile     string // the emulator's certificate
	bundleFile string // the system's certificates and the emulator's
	trusts     int    // how many there are in the bundle
	watch      *stopwatch
	relays     []*relay
	program    string // ours, once it is built
}

func newGround(ctx context.Context, lookup lookup) (*ground, error) {
	dir, err := os.MkdirTemp("", "vault-secret-bench")
	if err != nil {
		return nil, err
	}
	g := &ground{lookup: lookup, dir: dir}
	if err := g.furnish(ctx); err != nil {
		g.close()
		return nil, err
	}
	return g, nil
}

func (g *ground) furnish(ctx context.Context) (err error) {
	if g.watch, err = startStopwatch(ctx); err != nil {
		return err
	}
	if g.server, err = serve(); err != nil {
		return err
	}
	system, err := systemBundle()
	if err != nil {
		return err
	}
	bundle := append(append(system, '\n'), g.ca...)
	g.trusts = strings.Count(string(bundle), "-----BEGIN CERTIFICATE-----")
	if g.bundleFile, err = g.write("bundle.pem", bundle); err != nil {
		return err
	}
	g.caFile, err = g.write("ca.pem", g.ca)
	return err
}

func (g *ground) close() {
	for _, r := range g.relays {
		r.close()
	}
	if g.server != nil {
		g.server.close()
	}
	if g.watch != nil {
		g.watch.stop()
	}
	_ = os.RemoveAll(g.dir)
}

// write makes a file in the folder, and the folders above it.
func (g *ground) write(name string, data []byte) (path string, err error) {
	path = filepath.Join(g.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	return path, os.WriteFile(path, data, 0o600)
}

// reach is the base of the addresses at which a server is a round trip away.
func (g *ground) reach(address string, roundTrip time.Duration) (base string, err error) {
	if roundTrip > 0 {
		r, err := startRelay(address, roundTrip)
		if err != nil {
			return "", err
		}
		g.relays = append(g.relays, r)
		address = r.address()
	}
	return "https://" + address, nil
}

// environ is the environment of every contestant: nothing of this process's but
// what programs need to be found, and what leads to the emulator. Each finds the
// variables of its own library to trust it.
func (g *ground) environ(base string, more ...string) []string {
	environ := []string{
		"SSL_CERT_FILE=" + g.bundleFile,      // Go, OpenSSL in Python and Ruby
		"REQUESTS_CA_BUNDLE=" + g.bundleFile, // Python's requests
		"NODE_EXTRA_CA_CERTS=" + g.caFile,    // besides those that are built into Node
		"NAIRI_BASE_URL=" + base,             // what follows is for the clients' sources
		"NAIRI_API_KEY=" + g.key(),
		"VAULT_ID=" + g.vaultID,
		"SECRET_ID=" + g.secretID,
		"ALLOWED_DOMAIN=" + domain,
	}
	for _, name := range []string{"PATH", "HOME"} {
		if text, found := g.lookup(name); found {
			environ = append(environ, name+"="+text)
		}
	}
	return append(environ, more...)
}

// machine says what all of it runs on.
func (g *ground) machine() string {
	model := "unknown"
	info, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(info)) {
		if name, text, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
			model = strings.TrimSpace(text)
			break
		}
	}
	return fmt.Sprintf("%s/%s, %d × %s; %d certificates to trust", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), model, g.trusts)
}

// bundles are where distributions keep the system's certificates. The program has
// a longer list of its own; here one file is made for all clients.
var bundles = []string{
	"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem",
}

func systemBundle() ([]byte, error) {
	for _, name := range bundles {
		if text, err := os.ReadFile(name); err == nil {
			return text, nil
		}
	}
	return nil, fmt.Errorf("the system's certificates: %w", errMissing)
}
