package report_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/report"
)

func syncOf(results ...apply.Result) report.Sync {
	s := report.Sync{Redact: func(text string) string { return text }, Results: results}
	for _, r := range results {
		step := plan.Step{VaultID: vaultID, Change: r.Change}
		if r.Change.Action == "" {
			step.Err = r.Err
		}
		s.Steps = append(s.Steps, step)
	}
	return s
}

// named is a result of another secret.
func named(name string, r apply.Result) apply.Result {
	r.Change.Want.EnvKey = name
	if r.Change.Before != nil {
		before := *r.Change.Before
		before.EnvKey, r.Change.Before = name, &before
	}
	return r
}

var syncs = map[string]report.Sync{
	"sync-done": syncOf(done(creation, apply.Created, stored("db.example.com")), named("KEPT", apply.Preview(keeping)),
		named("FENCED", done(fencing, apply.Updated, rotated("db.example.com"))), named("OPENED", done(opening, apply.Updated, rotated())),
		named("OLD", done(deletion, apply.Deleted, nil))),
	"sync-planned":   syncOf(apply.Preview(creation), named("OPENED", apply.Preview(opening)), named("OLD", apply.Preview(deletion))),
	"sync-unchanged": syncOf(apply.Preview(keeping), apply.Preview(gone)),
	"sync-partial": syncOf(done(creation, apply.Created, stored("db.example.com")),
		named("BAD", apply.Fail(rotation, refused(400, "no such | <b>value</b> @octocat")))),
	"sync-unknown": syncOf(named("BAD", apply.Fail(rotation, refused(400, "no"))), apply.Lost(creation, errors.New("no answer"))),
	"sync-no-plan": syncOf(apply.Preview(creation), apply.Fail(plan.Change{Want: setByName}, &plan.Error{Problem: plan.ErrAmbiguous, Detail: "sec_1, sec_2"})),
	"sync-guarded": func() report.Sync {
		s := syncOf(apply.Preview(deletion))
		s.Err = &plan.Error{Problem: plan.ErrTooManyDeletes, Detail: "7, and max_deletes is 5: OLD"}
		return s
	}(),
	"sync-no-look": {Err: refused(401, ""), Redact: func(text string) string { return text }},
}

func TestGoldenSyncs(t *testing.T) {
	t.Parallel()
	for name, s := range syncs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s.Shards = []plan.Shard{{Index: 1, Count: 2}, {Index: 2, Count: 2}}
			compare(t, name, everythingOf(s))
		})
	}
}

func everythingOf(s report.Sync) string {
	var b strings.Builder
	fmt.Fprintf(&b, "-- plan --\n%s\n-- done --\n", strings.Join(s.Plan(), "\n"))
	for i, r := range s.Results {
		fmt.Fprintln(&b, s.Done(s.Steps[i], r))
	}
	text, hint := s.Failure()
	fmt.Fprintf(&b, "-- text --\n%s\n-- failure --\n%s\n%s\n", strings.Join(s.Text(), "\n"), text, hint)
	fmt.Fprintf(&b, "-- summary --\n%s-- outputs --\n", s.Summary())
	for _, output := range s.Outputs() {
		fmt.Fprintf(&b, "%s=%s\n", output.Name, output.Value)
	}
	fmt.Fprintf(&b, "-- exit code --\n%d\n", s.ExitCode())
	return b.String()
}

// ten thousand secrets, half of which change.
func tenThousand() report.Sync {
	var results []apply.Result
	for i := range 10_000 {
		r := apply.Preview(keeping)
		if i%2 == 0 {
			r = done(opening, apply.Updated, rotated())
		}
		results = append(results, named(fmt.Sprintf("SECRET_NUMBER_%05d", i), r))
	}
	return syncOf(results...)
}

// What is too long says how much it leaves out, and stays what it is.
func TestManySecretsAreRolledUp(t *testing.T) {
	t.Parallel()
	s := tenThousand()
	summary := s.Summary()
	if len(summary) > 60<<10 || !strings.Contains(summary, " more are left out here") {
		t.Errorf("a summary of %d bytes", len(summary))
	}
	var results string
	for _, output := range s.Outputs() {
		if output.Name == "results" {
			results = output.Value
		}
	}
	var entries []struct {
		EnvKey  string `json:"env_key"`
		LeftOut int    `json:"left_out"`
	}
	if err := json.Unmarshal([]byte(results), &entries); err != nil {
		t.Fatal(err)
	}
	if size := 2 * len(utf16.Encode([]rune(results))); size > 1<<20 {
		t.Errorf("%d bytes of output", size)
	}
	last := entries[len(entries)-1]
	if last.LeftOut+len(entries)-1 != 10_000 || entries[1].EnvKey != "SECRET_NUMBER_00002" {
		t.Errorf("%d entries, then %+v", len(entries), last)
	}
}

// Nothing that a server or a file says is Markdown.
func TestSyncSummaryEscapes(t *testing.T) {
	t.Parallel()
	const hostile = "|@octocat <img src=x> **b**\n| `x` https://evil.example"
	change := opening
	change.Before = &nairi.Secret{ID: "sec_1", EnvKey: hostile, AllowedDomains: nairi.Domains{hostile}}
	s := syncOf(apply.Fail(change, refused(400, hostile)))
	for _, sign := range []string{"@octocat", "<img", "**b**", "`x`", "https://", "| @", "|@"} {
		if strings.Contains(s.Summary(), sign) {
			t.Errorf("the summary has %q as it is: %s", sign, s.Summary())
		}
	}
}

func TestSyncSummaryIsRedacted(t *testing.T) {
	t.Parallel()
	s := syncs["sync-partial"]
	s.Redact = func(text string) string { return strings.ReplaceAll(text, "octocat", "***") }
	if text := s.Summary(); strings.Contains(text, "octocat") {
		t.Error(text)
	}
}
