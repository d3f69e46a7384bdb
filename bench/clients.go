package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// tool is a program that writes one secret.
type tool struct {
	version string
	command func(base, value string) (command, error)
}

// finder finds a tool; errMissing if it is not on this machine.
type finder func(ctx context.Context, g *ground) (tool, error)

// ours builds the program as scripts/dist.sh does for a release, once.
func (g *ground) ours(ctx context.Context) (path string, err error) {
	if g.program != "" {
		return g.program, nil
	}
	commit, err := says(ctx, "git", "describe", "--always", "--abbrev=12", "--dirty", "--exclude=*")
	if err != nil {
		commit = "unknown"
	}
	g.program, err = g.build(ctx, programName, module, "-ldflags=-s -w -X main.commit="+commit)
	return g.program, err
}

// inputs are what every step of ours has in its environment on GitHub.
func (g *ground) inputs(more ...string) []string {
	return append([]string{
		"GITHUB_ACTIONS=true", "GITHUB_OUTPUT=" + filepath.Join(g.dir, "output"), "GITHUB_STEP_SUMMARY=" + filepath.Join(g.dir, "summary"),
	}, more...)
}

// findOurByID and findOurByName are ours in the two ways to say which secret.
func findOurByID(ctx context.Context, g *ground) (tool, error) {
	return g.findOurs(ctx, "INPUT_SECRET_ID="+g.secretID)
}

func findOurByName(ctx context.Context, g *ground) (tool, error) {
	return g.findOurs(ctx, "INPUT_ENV_KEY="+envKey)
}

func (g *ground) findOurs(ctx context.Context, which string) (tool, error) {
	path, err := g.ours(ctx)
	if err != nil {
		return tool{}, err
	}
	inputs := g.inputs("INPUT_VAULT_ID="+g.vaultID, "INPUT_ALLOWED_DOMAINS="+domain, which)
	version, err := says(ctx, path, "-version")
	return tool{strings.TrimPrefix(version, "vault-secret "), func(base, value string) (command, error) {
		return command{Path: path, Env: g.environ(base, append(inputs, "INPUT_VALUE="+value)...)}, nil
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

// findCurl is one PATCH. curl reads everything from standard input, because most of
// it is secret.
func findCurl(ctx context.Context, g *ground) (tool, error) {
	path, version, err := curlItself(ctx)
	return tool{version, func(base, value string) (command, error) {
		change, err := g.curlPatch(base, value)
		return command{Path: path, Env: g.environ(base), Stdin: change, Args: curlReads}, err
	}}, err
}

// findCurlTwice is a list of the vault and then a PATCH, as in a script that knows
// the secret's name. It is spared to look for the ID in the list.
func findCurlTwice(ctx context.Context, g *ground) (tool, error) {
	path, version, err := curlItself(ctx)
	// A document in a script is small enough here to need no process of its own.
	const script = "\"$0\" \"$@\" <<end && \"$0\" \"$@\" <<end\n$LIST\nend\n$CHANGE\nend\n"
	return tool{version, func(base, value string) (command, error) {
		change, err := g.curlPatch(base, value)
		return command{
			Path: "/bin/sh", Args: append([]string{"-c", script, path}, curlReads...),
			Env: g.environ(base, "LIST="+g.curlConfig(g.secrets(base)), "CHANGE="+change),
		}, err
	}}, err
}

// curlReads makes curl read everything else.
var curlReads = []string{"-q", "--config", "-"}

func curlItself(ctx context.Context) (path, version string, err error) {
	path, err = exec.LookPath("curl")
	if err != nil {
		return "", "", errMissing
	}
	version, err = says(ctx, path, "--version")
	return path, strings.TrimPrefix(strings.Split(version, " (")[0], "curl "), err
}

func (g *ground) curlPatch(base, value string) (config string, err error) {
	body, err := json.Marshal(map[string]any{"value": value, "allowed_domains": []string{domain}})
	return g.curlConfig(g.secrets(base)+"/"+g.secretID, "request", "PATCH", "header", "Content-Type: application/json", "data", string(body)), err
}

// secrets is the address of those of the vault.
func (g *ground) secrets(base string) string {
	return base + "/api/public/v1/vaults/" + g.vaultID + "/secrets"
}

// curlConfig is a config file of names and values, with those that every request
// has, quoted as in C (curl(1), --config).
func (g *ground) curlConfig(url string, more ...string) string {
	config := "silent\nshow-error\nfail-with-body\n"
	pairs := append([]string{"cacert", g.bundleFile, "header", "Authorization: Bearer " + g.key(), "url", url}, more...)
	for pair := range slices.Chunk(pairs, 2) {
		config += pair[0] + " = " + strconv.Quote(pair[1]) + "\n"
	}
	return config
}

// findNetHTTP builds the client that the pages of the API show for Go.
func findNetHTTP(ctx context.Context, g *ground) (tool, error) {
	path, err := g.build(ctx, "nethttp", module+"/bench/testdata/nethttp")
	return g.client(runtime.Version(), path), err
}

// client is a tool that takes everything from its environment.
func (g *ground) client(version, path string, args ...string) tool {
	return tool{version, func(base, value string) (command, error) {
		return command{Path: path, Args: args, Env: g.environ(base, "SECRET_VALUE="+value)}, nil
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

func (i interpreter) find(ctx context.Context, g *ground) (tool, error) {
	out, err := exec.CommandContext(ctx, i.program, i.probe...).Output()
	path, version, ok := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if err != nil || !ok {
		return tool{}, errMissing
	}
	script, err := filepath.Abs(filepath.Join("cmd/nairi-emulator/testdata/clients", i.script))
	if err != nil {
		return tool{}, err
	}
	if _, err := os.Stat(script); err != nil {
		return tool{}, err
	}
	return g.client(strings.TrimSpace(version), path, script), nil
}
