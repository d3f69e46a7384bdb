package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// findOurs builds the program as scripts/dist.sh does for a release.
func findOurs(ctx context.Context, g *ground) (contestant, error) {
	commit, err := says(ctx, "git", "describe", "--always", "--abbrev=12", "--dirty", "--exclude=*")
	if err != nil {
		commit = "unknown"
	}
	path, err := g.build(ctx, programName, module, "-ldflags=-s -w -X main.commit="+commit)
	if err != nil {
		return contestant{}, err
	}
	environ := g.environ(
		"INPUT_VAULT_ID="+g.vaultID, "INPUT_SECRET_ID="+g.secretID, "INPUT_ALLOWED_DOMAINS="+domain,
		"GITHUB_ACTIONS=true", "GITHUB_OUTPUT="+filepath.Join(g.dir, "output"), "GITHUB_STEP_SUMMARY="+filepath.Join(g.dir, "summary"),
	)
	version, err := says(ctx, path, "-version")
	return contestant{version: strings.TrimPrefix(version, "vault-secret "), path: path, command: func(values []string) (command, error) {
		return command{Path: path, Env: append(environ, "INPUT_VALUE="+values[0])}, nil
	}}, err
}

// module is where the packages to build are.
const module = "github.com/nairi-community/vault-secret"

// programName is what launch.sh calls the program for this machine.
const programName = "dist/vault-secret_" + runtime.GOOS + "_" + runtime.GOARCH

// build builds a package of this module without cgo, and returns its path.
func (g *ground) build(ctx context.Context, name, pkg string, flags ...string) (path string, err error) {
	path = filepath.Join(g.dir, name)
	args := append([]string{"build", "-trimpath", "-buildvcs=false", "-o", path}, flags...)
	cmd := exec.CommandContext(ctx, "go", append(args, pkg)...)
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0", "GOFLAGS=-trimpath", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build %s: %w\n%s", pkg, err, out)
	}
	return path, nil
}

// findCurl gives curl all that is secret on its standard input.
func findCurl(ctx context.Context, g *ground) (contestant, error) {
	path, err := exec.LookPath("curl")
	if err != nil {
		return contestant{}, errMissing
	}
	version, err := says(ctx, path, "--version")
	environ := g.environ()
	url := g.base + "/api/public/v1/vaults/" + g.vaultID + "/secrets/" + g.secretID
	return contestant{version: strings.TrimPrefix(strings.Split(version, " (")[0], "curl "), command: func(values []string) (command, error) {
		body, err := json.Marshal(map[string]any{"value": values[0], "allowed_domains": []string{domain}})
		// In a config file, quoted as in C (curl(1), --config).
		config := "header = " + strconv.Quote("Authorization: Bearer "+g.key()) + "\ndata = " + strconv.Quote(string(body)) + "\n"
		return command{Path: path, Env: environ, Stdin: config, Args: []string{
			"-q", "--silent", "--show-error", "--fail-with-body", "--cacert", g.bundleFile, "--request", "PATCH",
			"--header", "Content-Type: application/json", "--config", "-", url,
		}}, err
	}}, err
}

// findNetHTTP builds the client that the pages of the API show for Go.
func findNetHTTP(ctx context.Context, g *ground) (contestant, error) {
	path, err := g.build(ctx, "nethttp", module+"/bench/testdata/nethttp")
	return g.client(runtime.Version(), path), err
}

// client is a contestant that takes everything from its environment.
func (g *ground) client(version, path string, args ...string) contestant {
	environ := g.environ()
	return contestant{version: version, command: func(values []string) (command, error) {
		return command{Path: path, Args: args, Env: append(environ, "SECRET_VALUE="+values[0])}, nil
	}}
}

// says is the first line that a program prints.
func says(ctx context.Context, program string, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, program, args...).Output()
	first, _, _ := strings.Cut(string(out), "\n")
	return strings.TrimSpace(first), err
}

// interpreter runs one of the scripts that the emulator is tested with.
type interpreter struct {
	program string
	probe   []string // makes it print where it really is, and then its version
	script  string
}

// A shim in the PATH, as version managers have, would be measured with it; so the
// interpreter is asked for its own path.
var (
	nodeFetch      = interpreter{"node", []string{"--print", `process.execPath + "\n" + process.version`}, "patch.js"}
	ruby           = interpreter{"ruby", []string{"-rrbconfig", "-e", "puts RbConfig.ruby, RUBY_VERSION"}, "patch.rb"}
	pythonRequests = interpreter{"python3", []string{"-c", "import sys, platform, requests\n" +
		"print(sys.executable)\nprint(platform.python_version() + ', requests ' + requests.__version__)"}, "patch_requests.py"}
)

func python(script string) interpreter {
	return interpreter{"python3", []string{"-c", "import sys, platform\nprint(sys.executable)\nprint(platform.python_version())"}, script}
}

func (i interpreter) find(ctx context.Context, g *ground) (contestant, error) {
	out, err := exec.CommandContext(ctx, i.program, i.probe...).Output()
	path, version, ok := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if err != nil || !ok {
		return contestant{}, errMissing
	}
	script, err := filepath.Abs(filepath.Join("cmd/nairi-emulator/testdata/clients", i.script))
	if err != nil {
		return contestant{}, err
	}
	if _, err := os.Stat(script); err != nil {
		return contestant{}, err
	}
	return g.client(strings.TrimSpace(version), path, script), nil
}
