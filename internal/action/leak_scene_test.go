package action

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/cli"
	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/mask"
	"github.com/nairi-community/vault-secret/internal/runnertest"
	"github.com/nairi-community/vault-secret/internal/runnertest/samples"
)

// place is where a job runs, with the variables by which it is known.
type place struct {
	env     map[string]string
	runners []runnertest.Oracle
	command *cli.Command // nil for a step
}

var places = map[string]place{
	"GitHub": {map[string]string{"GITHUB_ACTIONS": "true"}, []runnertest.Oracle{runnertest.GitHub()}, nil},
	"act":    {map[string]string{"GITHUB_ACTIONS": "true", "ACT": "true"}, runnertest.Act(), nil},
	"exec":   {map[string]string{"GITHUB_ACTIONS": "true", "ACT": "true", "ACT_EXEC": "true"}, runnertest.Exec(), nil},
	"forges": {
		map[string]string{"GITHUB_ACTIONS": "true", "ACT": "true", "GITEA_ACTIONS": "true"},
		append(runnertest.GiteaRunner1(), runnertest.Gitea(), runnertest.GiteaRunner(), runnertest.Forgejo()), nil,
	},
	"a shell":                  {},
	"a command line":           {command: &cli.Command{}},
	"a command line in GitLab": {env: map[string]string{"GITLAB_CI": "true"}, command: &cli.Command{}},
	"a command line's object":  {command: &cli.Command{JSON: true}},
	"a quiet command line":     {command: &cli.Command{Quiet: true}},
}

// scene is one value on its way through a job.
type scene struct {
	place
	samples.Sample
	parts      bool    // mask_parts
	many       bool    // whether it is a sync
	looks      bool    // whether a single secret is looked at before it is written
	refused    bool    // whether the server refuses a write
	echoed     string  // what the server says
	head, tail string  // what stands beside the value in a longer text
	first      bool    // whether ours is the first step of the job
	quiet      bool    // whether the server repeats nothing, and has marks in its place
	made       *making // how the program makes the value; nil for one that is given
}

// scenes draws them. Of act, whose decoder leaves an order to chance, one order
// is drawn each time.
func scenes(where place) *rapid.Generator[scene] {
	return rapid.Custom(func(t *rapid.T) scene {
		s := scene{
			place: where, Sample: samples.Values().Draw(t, "value"), parts: rapid.Bool().Draw(t, "parts"),
			many:    rapid.Bool().Draw(t, "many"),
			looks:   rapid.Bool().Draw(t, "looks"),
			refused: rapid.Bool().Draw(t, "refused"),
			head:    rapid.StringMatching(`[ -~]{0,4}`).Draw(t, "head"),
			tail:    rapid.StringMatching(`[ -~\n]{0,4}`).Draw(t, "tail"),
			first:   rapid.Bool().Draw(t, "first"),
		}
		s.Text = strings.ReplaceAll(s.Text, "\x00", "") // no variable can hold it
		if len(where.runners) > 3 {
			s.runners = []runnertest.Oracle{rapid.SampledFrom(where.runners).Draw(t, "runner")}
		}
		s.echoed = rapid.SampledFrom(echoes).Draw(t, "echo")(s.Text)
		return s
	})
}

// echoes are what a server may make of the value in its answer.
var echoes = []func(value string) string{
	func(value string) string { return "invalid value: " + value },
	func(value string) string { return fmt.Sprintf("{\"value\":%q}", value) },
	func(value string) string { return "\n::error::" + value + "\r##[stop-commands]" + value },
	func(value string) string {
		return "##[add-mask]x ::add-mask::y \x1b[2J\u202e" + value + "\u202c| <b>@" + value
	},
	func(value string) string {
		return strings.Join(samples.Encodings(value), " ") + " Authorization: Bearer " + samples.Key
	},
	// What the sanitizer makes the value of.
	func(value string) string { return "is " + strings.ReplaceAll(value, " ", "\x01") },
	func(string) string { return "" },
}

// step runs the program, against a server that repeats the value wherever it can.
func (s scene) step(t rapid.TB, dir string) (step runnertest.Step, code int) {
	t.Helper()
	outputs, summary := filepath.Join(dir, "output"), filepath.Join(dir, "summary")
	for _, name := range []string{outputs, summary} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	vars := map[string]string{
		"GITHUB_OUTPUT": outputs, "GITHUB_STEP_SUMMARY": summary, "HOLDER": s.Text,
		"INPUT_API_KEY": samples.Key, "INPUT_ALLOW_SUSPICIOUS_VALUE": "true", "INPUT_MASK_PARTS": strconv.FormatBool(s.parts),
	}
	for _, more := range []map[string]string{s.env, s.inputs(), s.made.inputs(t, dir, s)} {
		for name, text := range more {
			vars[name] = text
		}
	}
	var out, log bytes.Buffer
	code = Run(context.Background(), Host{
		Version: "devel",
		Env:     env.Env{Lookup: func(name string) (string, bool) { text, ok := vars[name]; return text, ok }},
		Stdout:  &out, Stderr: &log, Command: s.commandLine(),
		Now: time.Now, Random: s.made.random(), Jitter: func() float64 { return 0 }, Transport: s,
	})
	step.Stdout, step.Outputs, step.Summary = append(log.Bytes(), out.Bytes()...), taken(t, outputs), taken(t, summary)
	if s.command != nil && s.command.JSON {
		step.Stdout, step.Outputs = log.Bytes(), outputsIn(t, out.Bytes())
	}
	return step, code
}

// commandLine asks for the same as the inputs; nil for a step.
func (s scene) commandLine() *cli.Command {
	if s.command == nil {
		return nil
	}
	command := *s.command
	command.Verb, command.Flags = "set", input.Flags{"operation": "set"}
	if s.many {
		command.Verb, command.Flags = "sync", input.Flags{"operation": "sync"}
	}
	if s.made.isAlone() {
		command.Verb, command.Flags = "generate", input.Flags{"operation": "generate"}
	}
	return &command
}

// outputsIn are the members of an object, as a step writes its outputs.
func outputsIn(t rapid.TB, object []byte) []byte {
	t.Helper()
	var members map[string]json.RawMessage
	if err := json.Unmarshal(object, &members); err != nil {
		t.Fatalf("%v: %s", err, object)
	}
	var outputs bytes.Buffer
	for name, member := range members {
		value := string(member)
		_ = json.Unmarshal(member, &value) // of anything but a text it stays as it is
		fmt.Fprintf(&outputs, "%s<<end\n%s\nend\n", name, value)
	}
	return outputs.Bytes()
}

func taken(t rapid.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// IDs of the vault and of what it holds.
const (
	leakVault  = "vlt_01KEQ6963XS96YDP3NF9NKB7QJ"
	leakSecret = "sec_01KQ27AQH800XQTQPJZ0DH14SJ"
	leakOther  = "sec_01KQ27AQH800XQTQPJZ0DH14SK"
	leakNew    = "sec_01KQ27AQH800XQTQPJZ0DH14SM"
)

// inputs ask for the value to be written to a secret that is there, and as a sync
// also to one that is not, with another to be pruned.
func (s scene) inputs() map[string]string {
	if !s.many {
		one := map[string]string{
			"INPUT_VAULT_ID": leakVault, "INPUT_SECRET_ID": leakSecret, "INPUT_VALUE_ENV": "HOLDER", "INPUT_ALLOWED_DOMAINS": "wider.example.com",
		}
		if s.looks {
			one["INPUT_IF_UPDATED_AT"] = "2026-04-25T11:45:19.000Z"
		}
		return one
	}
	return map[string]string{
		"INPUT_OPERATION": "sync", "INPUT_PRUNE": "true", "INPUT_MAX_DELETES": "9",
		"INPUT_SECRETS": "vaults:\n- vault_id: " + leakVault + "\n  secrets:\n" +
			"    DATABASE_URL: {env: HOLDER, allowed_domains: [wider.example.com]}\n    NEW: {env: HOLDER, any_domain: true}\n",
	}
}

// RoundTrip implements http.RoundTripper: it answers as the API does, and has the
// value in every text that an answer can hold.
func (s scene) RoundTrip(r *http.Request) (*http.Response, error) {
	httptrace.ContextClientTrace(r.Context()).WroteHeaders() // as a connection does, for which the names of vaults wait
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		_ = r.Body.Close()
	}
	status, said := s.answer(r, string(body) == "{}")
	text, err := json.Marshal(said)
	return &http.Response{
		StatusCode: status, Request: r, Header: http.Header{"Content-Type": {"application/json"}, "Date": {"Sat, 25 Apr 2026 11:45:20 GMT"}},
		Body: io.NopCloser(bytes.NewReader(text)), ContentLength: int64(len(text)),
	}, err
}

// answer is what the server answers. Of a sync it refuses what is new.
func (s scene) answer(r *http.Request, look bool) (status int, said any) {
	method := r.Method
	if s.quiet {
		s.echoed = mask.Mark
	}
	if s.made != nil && (look || method == http.MethodGet) { // before there is anything to repeat
		s.echoed, s.Text = "", "db.example.org"
	}
	refused := s.refused && !look && (method == http.MethodPost || !s.many)
	before, name := []string{"db.example.com", s.Text}, "DATABASE_URL" // by which a sync knows it
	if s.quiet {
		before[1] = mask.Mark
	}
	if !s.many {
		name = s.name(name)
	}
	switch {
	case asksNames(r):
		return http.StatusOK, []any{map[string]any{"id": leakVault, "name": s.name("production")}}
	case refused:
		return http.StatusBadRequest, map[string]string{"error": s.echoed}
	case look:
		return http.StatusOK, stored(leakSecret, name, "11:45:19", before)
	case method == http.MethodGet:
		return http.StatusOK, []any{stored(leakSecret, name, "11:45:19", before), stored(leakOther, s.name("OTHER"), "11:45:19", before)}
	case method == http.MethodPost:
		return http.StatusCreated, stored(leakNew, "NEW", "11:45:20", []string{})
	}
	return http.StatusOK, stored(leakSecret, name, "11:45:20", []string{"wider.example.com"})
}

// name is one with the server's words, if it has the length of a name with them.
func (s scene) name(name string) string {
	const most = 1000
	if len(s.echoed) > most {
		return name
	}
	return name + " " + s.echoed
}

func stored(id, name, at string, domains []string) any {
	at = "2026-04-25T" + at + ".000Z"
	return map[string]any{"id": id, "env_key": name, "allowed_domains": domains, "created_at": at, "updated_at": at}
}
