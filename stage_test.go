package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/runnertest"
)

const (
	// value is the value that steps write. No step may show it.
	value = "correct-horse-battery-staple"
	// former is the value that is there.
	former = "former-horse-battery-staple"

	tokenID = "sec_01KQ27AQH800XQTQPJZ0DH14SJ" // of TOKEN, which newStage stores
	otherID = "sec_01KQ27AQH800XQTQPJZ0DH14SK"
	vaultID = "vlt_01KEQ6963XS96YDP3NF9NKB7QJ" // of no vault but a script's
)

// noon is the time at the server; what is stored there is an hour old.
var noon = time.Date(2026, 4, 25, 12, 0, 0, 400e6, time.UTC)

// token is the secret that is there before a step.
func token() nairitest.Stored {
	return nairitest.Stored{
		ID: tokenID, EnvKey: "TOKEN", Value: former, AllowedDomains: []string{"api.example.com"},
		CreatedAt: noon.Add(-time.Hour).Truncate(time.Second),
	}
}

// stage is where a step runs: on GitHub, against an emulator with one vault
// that holds token.
type stage struct {
	*nairitest.Server
	t         *testing.T
	with      map[string]string // inputs of every step, by name
	env       map[string]string // its other variables
	runners   []runnertest.Oracle
	hidden    []string // what no step may show
	open      func(name string) (io.ReadCloser, error)
	crashOn   string // the variable at the sight of which the program crashes
	transport http.RoundTripper
}

func newStage(t *testing.T) *stage {
	t.Helper()
	server := nairitest.Start(t, nairitest.Options{
		Now:     func() time.Time { return noon },
		Entropy: rand.NewChaCha8([32]byte{1}),
	})
	server.AddSecret(server.VaultID, token())
	s := &stage{
		Server: server,
		t:      t,
		with:   map[string]string{"api_key": server.Key, "base_url": server.BaseURL, "vault_id": server.VaultID},
		hidden: []string{value, former, server.Key, base64.StdEncoding.EncodeToString([]byte(value))},
		open:   func(name string) (io.ReadCloser, error) { return os.Open(name) },
	}
	s.on("GitHub")
	return s
}

// ended is what a step leaves behind.
type ended struct {
	code     int
	log      string // without the masks
	outputs  map[string]string
	summary  string
	requests []string // as in `PATCH /secrets/sec_… {}`
}

// step runs the program with inputs added to those of the stage, and checks what
// holds for every run.
func (s *stage) step(with map[string]string) ended {
	s.t.Helper()
	return s.stepIn(s.t.Context(), with)
}

func (s *stage) stepIn(ctx context.Context, with map[string]string) ended {
	s.t.Helper()
	dir := s.t.TempDir()
	outputs, summary := filepath.Join(dir, "output"), filepath.Join(dir, "summary")
	vars := map[string]string{"GITHUB_OUTPUT": outputs, "GITHUB_STEP_SUMMARY": summary}
	for _, inputs := range []map[string]string{s.with, with} {
		for name, text := range inputs {
			vars["INPUT_"+strings.ToUpper(name)] = text
		}
	}
	for name, text := range s.env {
		vars[name] = text
	}
	earlier := len(s.Requests())
	var stdout bytes.Buffer
	code := run(ctx, world{
		lookup:    func(name string) (string, bool) { s.crash(name); text, ok := vars[name]; return text, ok },
		open:      s.open,
		stdout:    &stdout,
		random:    rand.NewChaCha8([32]byte{2}),
		transport: s.transport,
	})
	result := runnertest.Step{Stdout: stdout.Bytes(), Outputs: contents(outputs), Summary: contents(summary)}
	s.seen(result, code)
	return ended{
		code:     code,
		log:      unmasked(s.t, stdout.String()),
		outputs:  parsed(s.t, result.Outputs),
		summary:  string(result.Summary),
		requests: s.requests()[earlier:],
	}
}

// crash panics with a secret in the message, if name is the variable for it.
func (s *stage) crash(name string) {
	if name == s.crashOn {
		panic("no " + s.with["api_key"])
	}
}

// contents of a file; none of one that is not there.
func contents(name string) []byte {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	return text
}

func parsed(t *testing.T, file []byte) map[string]string {
	t.Helper()
	outputs, err := runnertest.ParseOutputs(file)
	if err != nil {
		t.Errorf("the outputs: %v", err)
	}
	return outputs
}

// unmasked is a log without the masks, which must come first.
func unmasked(t *testing.T, log string) string {
	t.Helper()
	masks := func(line string) bool {
		return strings.HasPrefix(line, "::add-mask::") || strings.HasPrefix(line, "##[add-mask]")
	}
	lines := strings.SplitAfter(log, "\n")
	first := slices.IndexFunc(lines, func(line string) bool { return !masks(line) })
	if slices.ContainsFunc(lines[first:], masks) {
		t.Error("a mask comes after other text")
	}
	return strings.Join(lines[first:], "")
}

// seen checks what people and later jobs get to see of a step.
func (s *stage) seen(result runnertest.Step, code int) {
	s.t.Helper()
	plain := unmasked(s.t, string(result.Stdout))
	for i, secret := range s.hidden {
		// Not even the runner's masks may be needed for this.
		if strings.Contains(plain+string(result.Outputs)+string(result.Summary), secret) {
			s.t.Errorf("secret %d shows", i)
		}
	}
	for _, runner := range s.runners {
		after := runner.Run(runnertest.Job{Steps: []runnertest.Step{result}})
		if after.Failed {
			s.t.Errorf("%s could not read the step", runner.Name())
		}
		if outputs := after.Outputs[0]; len(result.Outputs) > 0 && !complete(outputs) {
			s.t.Errorf("%s: want all outputs, got %v", runner.Name(), outputs)
		}
		if _, dropped := after.JobOutputs(after.Outputs[0]); len(dropped) > 0 {
			s.t.Errorf("as outputs of a job %s drops %v", runner.Name(), dropped)
		}
		if d := gocmp.Diff(s.annotations(code), ran(after)); d != "" {
			s.t.Errorf("commands that %s ran: %s", runner.Name(), d)
		}
	}
}

// annotations are the commands that a step may run: one error if it failed,
// and on forges not even that, for they print annotations as they are.
func (s *stage) annotations(code int) []string {
	if code == 0 || s.env["GITEA_ACTIONS"] == "true" {
		return nil
	}
	return []string{"error"}
}

// ran are the commands that a runner ran, but for warnings.
func ran(after runnertest.Transcript) []string {
	var names []string
	for _, command := range after.Commands {
		if command.Name != "warning" {
			names = append(names, command.Name)
		}
	}
	return names
}

// platforms are the variables and the models of all runners.
var platforms = map[string]struct {
	env     map[string]string
	runners []runnertest.Oracle
}{
	"GitHub": {map[string]string{"GITHUB_ACTIONS": "true"}, []runnertest.Oracle{runnertest.GitHub()}},
	"act":    {map[string]string{"GITHUB_ACTIONS": "true", "ACT": "true"}, runnertest.Act()},
	"forges": {
		map[string]string{"GITHUB_ACTIONS": "true", "ACT": "true", "GITEA_ACTIONS": "true"},
		[]runnertest.Oracle{runnertest.Gitea(), runnertest.GiteaRunner(), runnertest.Forgejo()},
	},
}

// on moves the stage to another platform.
func (s *stage) on(platform string) {
	s.env, s.runners = maps.Clone(platforms[platform].env), platforms[platform].runners
}

// requests are those that the server got, without what is the same in all.
func (s *stage) requests() []string {
	var texts []string
	for _, r := range s.Requests() {
		path := strings.TrimPrefix(r.Path, "/api/public/v1/vaults/"+s.VaultID)
		texts = append(texts, strings.TrimSpace(fmt.Sprintf("%s %s %s", r.Method, path, r.Body)))
	}
	return texts
}

// stored is what the vault holds, as in "TOKEN former-value [api.example.com]".
func (s *stage) stored() []string {
	var texts []string
	for _, secret := range s.Secrets(s.VaultID) {
		texts = append(texts, fmt.Sprintf("%s %s %v", secret.EnvKey, secret.Value, secret.AllowedDomains))
	}
	return texts
}

// complete reports whether outputs are all that a step sets.
func complete(outputs map[string]string) bool {
	const single, sync = 9, 17
	return len(outputs) == single || len(outputs) == sync
}
