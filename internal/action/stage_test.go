package action

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
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

	otherVaultID = "vlt_01KQ27AQH800XQTQPJZ0DH14SJ" // of a second one in a script
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
	with      inputs // inputs of every step, by name
	env       inputs // its other variables
	runners   []runnertest.Oracle
	hidden    []string // what no step may show
	crashOn   string   // the variable at the sight of which the program crashes
	transport http.RoundTripper
	open      env.Opener
	stdout    interface {
		io.Writer
		Bytes() []byte
	}
	anyAnnotation bool // what a runner takes for a command is not checked
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
		with:   inputs{"api_key": server.Key, "base_url": server.BaseURL, "vault_id": server.VaultID},
		hidden: []string{value, former, server.Key, base64.StdEncoding.EncodeToString([]byte(value))},
		open:   env.Process().Open,
	}
	s.on("GitHub")
	return s
}

// attempt is one run of the program on a stage.
type attempt struct {
	dir     string // with its files
	vars    inputs // its environment
	earlier int    // requests that the server had before
}

// attempt prepares a run with inputs added to those of the stage.
func (s *stage) attempt(with inputs) attempt {
	s.t.Helper()
	dir := s.t.TempDir()
	vars := inputs{"GITHUB_OUTPUT": filepath.Join(dir, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(dir, "summary")}
	for _, given := range []inputs{s.with, with} {
		for name, text := range given {
			vars["INPUT_"+strings.ToUpper(name)] = text
		}
	}
	maps.Copy(vars, s.env)
	return attempt{dir, vars, len(s.Requests())}
}

// ended is what a step leaves behind.
type ended struct {
	code     int
	log      string // without the masks
	outputs  map[string]string
	summary  string
	requests []string // as in `PATCH /secrets/sec_… {}`
}

// ended gathers what a run left behind, and checks what holds for every run.
func (s *stage) ended(a attempt, stdout []byte, code int) ended {
	s.t.Helper()
	outputs, summary := contents(filepath.Join(a.dir, "output")), contents(filepath.Join(a.dir, "summary"))
	s.seen(runnertest.Step{Stdout: stdout, Outputs: outputs, Summary: summary}, code, outputNames(plan.Operation(a.vars["INPUT_OPERATION"])))
	parsed, err := runnertest.ParseOutputs(outputs)
	if err != nil {
		s.t.Errorf("the outputs: %v", err)
	}
	return ended{code, unmasked(s.t, string(stdout)), parsed, string(summary), s.withoutNames(a, s.requests()[a.earlier:])}
}

// namesOfVaults is the request for the names of vaults, which comes beside others.
const namesOfVaults = "GET /api/public/v1/vaults"

// asksNames reports whether a request is that one.
func asksNames(r *http.Request) bool { return r.Method+" "+r.URL.Path == namesOfVaults }

// withoutNames checks that a run asks for the names of vaults once at most. It is the one
// place where that is counted.
func (s *stage) withoutNames(a attempt, requests []string) []string {
	s.t.Helper()
	others := slices.DeleteFunc(slices.Clone(requests), func(r string) bool { return r == namesOfVaults })
	operation := a.vars["INPUT_OPERATION"]
	if asked := len(requests) - len(others); asked > 1 {
		s.t.Errorf("%s asks for the names of vaults %d times", operation, asked)
	}
	return others
}

// ends checks how a step ended: by its exit code, and by the outputs that later
// steps go by.
func (e ended) ends(t *testing.T, code int, result string, errorCode problem.Code) {
	t.Helper()
	changes := []string{"created", "updated", "deleted", "partial", "unknown"}
	want := map[string]string{
		"result": result, "changed": fmt.Sprint(slices.Contains(changes, result)), "error_code": string(errorCode),
	}
	for name, text := range want {
		if e.code != code || e.outputs[name] != text {
			t.Errorf("exit code %d, %s %q; want %d, %q: %s", e.code, name, e.outputs[name], code, text, e.log)
		}
	}
}

// says checks that both the log and the summary show a text.
func (e ended) says(t *testing.T, text string) {
	t.Helper()
	if !strings.Contains(e.log, text) {
		t.Errorf("%q is not in the log: %s", text, e.log)
	}
	if !strings.Contains(plainly(e.summary), text) {
		t.Errorf("%q is not in the summary: %s", text, e.summary)
	}
}

// plainly is Markdown of ours as people read it.
func plainly(markdown string) string {
	return strings.ReplaceAll(html.UnescapeString(markdown), "\u200b", "")
}

// warned are the warnings of a log but for that of hosts, which says what was asked for.
func (e ended) warned() []string {
	var warnings []string
	for line := range strings.Lines(e.log) {
		if strings.HasPrefix(line, "::warning") && !strings.HasPrefix(line, "::warning title=vault-secret%3A more hosts::") {
			warnings = append(warnings, line)
		}
	}
	return warnings
}

// same fails unless something is as it should be.
func same[T any](t *testing.T, what string, want, got T) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got): %s", what, d)
	}
}

// step runs the program with inputs added to those of the stage.
func (s *stage) step(with inputs) ended {
	s.t.Helper()
	return s.stepIn(s.t.Context(), with)
}

func (s *stage) stepIn(ctx context.Context, with inputs) ended {
	s.t.Helper()
	a := s.attempt(with)
	stdout := s.stdout
	if stdout == nil {
		stdout = new(bytes.Buffer)
	}
	h := host(a.vars, stdout, s.transport)
	lookup := h.Env.Lookup
	h.Env.Lookup = func(name string) (string, bool) { s.crash(name); return lookup(name) }
	h.Env.Open = s.open
	code := Run(ctx, h)
	return s.ended(a, stdout.Bytes(), code)
}

// host is a machine without files that has these variables.
func host(vars inputs, stdout io.Writer, transport http.RoundTripper) Host {
	return Host{
		Version: "devel",
		Env: env.Env{
			Lookup: func(name string) (string, bool) { text, ok := vars[name]; return text, ok },
			Open:   func(string) (io.ReadCloser, error) { return nil, fs.ErrNotExist },
			Names:  func() []string { return slices.Collect(maps.Keys(vars)) },
		},
		Stdout:    stdout,
		Now:       time.Now,
		Random:    rand.NewChaCha8([32]byte{2}),
		Jitter:    rand.Float64,
		Transport: transport,
	}
}

// crash panics with a secret in the message, if name is the variable for it.
func (s *stage) crash(name string) {
	if s.crashOn != "" && name == s.crashOn {
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
func (s *stage) seen(result runnertest.Step, code int, outputs []string) {
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
		if len(result.Outputs) > 0 {
			same(s.t, "outputs of "+runner.Name(), slices.Sorted(slices.Values(outputs)), slices.Sorted(maps.Keys(after.Outputs[0])))
		}
		if _, dropped := after.JobOutputs(after.Outputs[0]); len(dropped) > 0 {
			s.t.Errorf("as outputs of a job %s drops %v", runner.Name(), dropped)
		}
		if !s.anyAnnotation {
			same(s.t, "commands that "+runner.Name()+" ran", s.annotations(code, after.Outputs[0], result.Stdout), ran(after))
		}
	}
}

// annotations are the commands that a step may run: errors if it failed, and on forges
// none, for they print annotations as they are. One that was cancelled may have done all
// there was to do.
func (s *stage) annotations(code int, outputs map[string]string, log []byte) []string {
	done := code == report.ExitCancelled && slices.Contains([]string{"created", "updated", "deleted"}, outputs["result"])
	if code <= 0 || done || s.env["GITEA_ACTIONS"] == "true" {
		return nil
	}
	return errorsOf(outputs, log)
}

// counting is the line that counts problems, of which each is an error.
var counting = regexp.MustCompile(`(?m)^([0-9]+) problems (with the inputs|in .*)[;.]`)

// errorsOf are the commands of a step that failed: one for each problem with the inputs, one
// for each secret of a manifest that failed, or one.
func errorsOf(outputs map[string]string, log []byte) []string {
	count := outputs["failed_count"]
	if found := counting.FindSubmatch(log); found != nil {
		count = string(found[1])
	}
	failed, _ := strconv.Atoi(count)
	return slices.Repeat([]string{"error"}, max(1, min(failed, 10)))
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
	texts := []string{}
	for _, secret := range s.Secrets(s.VaultID) {
		texts = append(texts, fmt.Sprintf("%s %s %v", secret.EnvKey, secret.Value, secret.AllowedDomains))
	}
	return texts
}
