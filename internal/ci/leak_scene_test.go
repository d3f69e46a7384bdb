package ci_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/mask"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/report"
	"github.com/nairi-community/vault-secret/internal/runnertest"
	"github.com/nairi-community/vault-secret/internal/secret"
)

const apiKey = "nr_0123456789abcdefghijklmnopqrstuvwxyzABCDEF"

// place is where a job runs, with the variables by which it is known.
type place struct {
	env     map[string]string
	runners []runnertest.Oracle
}

var places = map[string]place{
	"GitHub": {map[string]string{"GITHUB_ACTIONS": "true"}, []runnertest.Oracle{runnertest.GitHub()}},
	"act":    {map[string]string{"GITHUB_ACTIONS": "true", "ACT": "true"}, runnertest.Act()},
	"forges": {
		map[string]string{"GITHUB_ACTIONS": "true", "ACT": "true", "GITEA_ACTIONS": "true"},
		[]runnertest.Oracle{runnertest.Gitea(), runnertest.GiteaRunner(), runnertest.Forgejo()},
	},
	"a shell": {},
}

// scene is one value on its way through a job.
type scene struct {
	place
	sample
	parts      bool   // mask_parts
	many       bool   // whether it is a sync
	echo       string // what the server says
	head, tail string // what stands beside the value in a longer text
	first      bool   // whether ours is the first step of the job
}

// scenes draws them. Of act, whose decoder leaves an order to chance, one order
// is drawn each time.
func scenes(where place) *rapid.Generator[scene] {
	return rapid.Custom(func(t *rapid.T) scene {
		s := scene{
			place: where, sample: values().Draw(t, "value"), parts: rapid.Bool().Draw(t, "parts"),
			many:  rapid.Bool().Draw(t, "many"),
			head:  rapid.StringMatching(`[ -~]{0,4}`).Draw(t, "head"),
			tail:  rapid.StringMatching(`[ -~\n]{0,4}`).Draw(t, "tail"),
			first: rapid.Bool().Draw(t, "first"),
		}
		s.text = strings.ReplaceAll(s.text, "\x00", "") // no variable can hold it
		if len(where.runners) > 3 {
			s.runners = []runnertest.Oracle{rapid.SampledFrom(where.runners).Draw(t, "runner")}
		}
		s.echo = rapid.SampledFrom(echoes).Draw(t, "echo")(s.text)
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
		return strings.Join(encodings(value), " ") + " Authorization: Bearer " + apiKey
	},
	// What the sanitizer makes the value of.
	func(value string) string { return "is " + strings.ReplaceAll(value, " ", "\x01") },
	func(string) string { return "" },
}

// step does what the program does in one run: masks, then all that it has words
// for, with the server's in them.
func (s scene) step(t rapid.TB, dir string) runnertest.Step {
	t.Helper()
	vars := map[string]string{"GITHUB_OUTPUT": filepath.Join(dir, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(dir, "summary")}
	for name, text := range s.env {
		vars[name] = text
	}
	lookup := func(name string) (string, bool) { text, ok := vars[name]; return text, ok }
	var out bytes.Buffer
	console := ci.NewConsole(&out, lookup)
	o := mask.Options{Parts: s.parts}
	console.Mask(mask.Join(mask.Of(secret.New(s.text), o), mask.Of(secret.New(apiKey), o)))
	console.Print("vault-secret devel")
	files, err := console.OpenFiles(lookup, rand.NewChaCha8([32]byte{1}))
	if err != nil {
		t.Fatal(err)
	}
	console.Warn("value: is odd " + s.echo)
	for _, r := range s.reported(console) {
		console.Print(r.Text()...)
		if text, hint := r.Failure(); text != "" {
			files.WriteSummary(r.Summary())
			if err := files.WriteOutputs(r.Outputs()); err != nil {
				t.Fatal(err)
			}
			console.Fail(text, hint)
		}
	}
	return runnertest.Step{Stdout: out.Bytes(), Outputs: taken(t, vars["GITHUB_OUTPUT"]), Summary: taken(t, vars["GITHUB_STEP_SUMMARY"])}
}

// taken is the content of a file, which is empty for the next step.
func taken(t rapid.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, 0); err != nil {
		t.Fatal(err)
	}
	return text
}

// reported is a run in the words of internal/report.
type reported interface {
	Outputs() []ci.Output
	Summary() string
	Text() []string
	Failure() (text, hint string)
}

// reported are a success and a failure: two runs, or one of many changes.
func (s scene) reported(console *ci.Console) []reported {
	done, failed := s.results(console)
	vault := nairi.VaultID("vlt_01KEQ6963XS96YDP3NF9NKB7QJ")
	if !s.many {
		return []reported{
			report.Report{VaultID: vault, Result: done, Redact: console.Redact},
			report.Report{VaultID: vault, Result: failed, Redact: console.Redact},
		}
	}
	sync := report.Sync{Redact: console.Redact, Results: []apply.Result{done, failed}}
	for _, result := range sync.Results {
		step := plan.Step{VaultID: vault, Change: result.Change}
		sync.Steps = append(sync.Steps, step)
		console.Print(sync.Done(step, result))
	}
	console.Print(sync.Plan()...)
	return []reported{sync}
}

// results are of a success and of a failure, both with the server's words as
// internal/nairi hands them on: redacted, and then without what does not print.
func (s scene) results(console *ci.Console) (done, failed apply.Result) {
	said := strings.Map(printed, console.Redact(s.echo))
	at := time.Date(2026, 4, 25, 11, 45, 19, 0, time.UTC)
	seen := &nairi.Secret{
		ID: "sec_01KQ27AQH800XQTQPJZ0DH14SJ", EnvKey: "DATABASE_URL " + said, CreatedAt: at, UpdatedAt: at,
		AllowedDomains: nairi.Domains{"db.example.com", s.text},
	}
	change := plan.Change{
		Action: plan.Updates, Want: plan.Want{Operation: plan.Set, EnvKey: "DATABASE_URL", Value: secret.New(s.text)}, Before: seen,
		Patch: nairi.Patch{Value: secret.New(s.text), AllowedDomains: &nairi.Domains{"wider.example.com"}},
	}
	console.Print(report.Plan(change))
	done = apply.Result{Change: change, Outcome: apply.Updated, Changed: true, After: seen}
	return done, apply.Fail(change, errors.New("PATCH /api/public/v1: 400 Bad Request: "+said))
}

func printed(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return ' '
}
