package report_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/report"
	"github.com/nairi-community/vault-secret/internal/secret"
)

var update = flag.Bool("update", false, "write the golden files anew")

const (
	vaultID  = nairi.VaultID("vlt_01KEQ6963XS96YDP3NF9NKB7QJ")
	secretID = nairi.SecretID("sec_01KQ27AQH800XQTQPJZ0DH14SJ")
	// value must show in no report.
	value = "correct-horse-battery-staple"
)

var (
	createdAt = time.Date(2026, 4, 25, 11, 45, 19, 0, time.UTC)
	// rotatedAt is the same kind of time from a server in another zone.
	rotatedAt = time.Date(2026, 5, 1, 14, 0, 0, 0, time.FixedZone("CEST", 2*60*60))
)

// stored is the secret DATABASE_URL with its domains; none means any.
func stored(domains ...string) *nairi.Secret {
	return &nairi.Secret{
		ID:             secretID,
		EnvKey:         "DATABASE_URL",
		AllowedDomains: append(nairi.Domains{}, domains...),
		CreatedAt:      createdAt,
		UpdatedAt:      createdAt,
	}
}

// rotated is stored after a write.
func rotated(domains ...string) *nairi.Secret {
	s := stored(domains...)
	s.UpdatedAt = rotatedAt
	return s
}

func domains(list ...string) *nairi.Domains {
	d := append(nairi.Domains{}, list...)
	return &d
}

// Wants of each kind.
var (
	setByID   = plan.Want{Operation: plan.Set, SecretID: secretID, Value: secret.New(value)}
	setByName = plan.Want{Operation: plan.Set, EnvKey: "DATABASE_URL", Value: secret.New(value), Domains: domains("db.example.com")}
	fence     = plan.Want{Operation: plan.Update, SecretID: secretID, Domains: domains("db.example.com", "*.replicas.example.com")}
	unfence   = plan.Want{Operation: plan.Set, SecretID: secretID, Value: secret.New(value), Domains: domains()}
	remove    = plan.Want{Operation: plan.Delete, EnvKey: "DATABASE_URL"}
)

// Changes of each action.
var (
	creation = plan.Change{Action: plan.Creates, Want: setByName}
	rotation = plan.Change{Action: plan.Updates, Want: setByID, Before: stored("db.example.com"), Patch: nairi.Patch{Value: setByID.Value}}
	fencing  = plan.Change{Action: plan.Updates, Want: fence, Before: stored(), Patch: nairi.Patch{AllowedDomains: fence.Domains}}
	opening  = plan.Change{Action: plan.Updates, Want: unfence, Before: stored("db.example.com"), Patch: nairi.Patch{Value: unfence.Value, AllowedDomains: domains()}}
	keeping  = plan.Change{Action: plan.Keep, Want: fence, Before: stored("*.replicas.example.com", "db.example.com")}
	deletion = plan.Change{Action: plan.Deletes, Want: remove, Before: stored("db.example.com")}
	gone     = plan.Change{Action: plan.Gone, Want: remove}
	noPlan   = plan.Change{Want: setByName}
)

func done(change plan.Change, outcome apply.Outcome, after *nairi.Secret) apply.Result {
	return apply.Result{Change: change, Outcome: outcome, Changed: true, After: after}
}

func refused(status int, message string) *nairi.Error {
	return &nairi.Error{
		Kind:    nairi.Refused,
		Method:  "PATCH",
		Path:    "/api/public/v1/vaults/" + string(vaultID) + "/secrets/" + string(secretID),
		Secret:  secretID,
		Status:  status,
		Message: message,
	}
}

// golden are results with all that is reported of each, in testdata.
var golden = map[string]apply.Result{
	"created-after-all": {
		Change: creation, Outcome: apply.Created, Changed: true, After: rotated("db.example.com"), Note: "it was found by its name",
	},
	"created":           done(creation, apply.Created, stored("db.example.com")),
	"updated-value":     done(rotation, apply.Updated, rotated("db.example.com")),
	"updated-domains":   done(fencing, apply.Updated, rotated("db.example.com", "*.replicas.example.com")),
	"updated-both":      done(opening, apply.Updated, rotated()),
	"unchanged-planned": apply.Preview(keeping),
	"unchanged-by-server": {
		Change: rotation, Outcome: apply.Unchanged, After: stored("db.example.com"),
	},
	"deleted":         done(deletion, apply.Deleted, nil),
	"absent":          apply.Preview(gone),
	"absent-too-late": {Change: deletion, Outcome: apply.Absent},
	"planned-create":  apply.Preview(creation),
	"planned-update":  apply.Preview(opening),
	"planned-delete":  apply.Preview(deletion),
	"failed-plan": apply.Fail(noPlan, &plan.Error{
		Problem: plan.ErrAmbiguous, Detail: "choose one by secret_id: sec_1, sec_2",
	}),
	"failed-write": apply.Fail(rotation, refused(401, "invalid token")),
	"failed-hostile": apply.Fail(noPlan, refused(400,
		`<img src=x onerror=alert(1)> | a | b | [link](https://evil.example) @octocat #1 **bold** `+"`code`")),
	"failed-one-input": apply.Fail(plan.Change{}, input.Problems{
		{Input: "vault_id", Text: "is missing"},
	}),
	"failed-inputs": apply.Fail(plan.Change{}, input.Problems{
		{Input: "vault_id", Text: "is missing"},
		{Input: "INPUT_VALUE", Text: "is empty"},
	}),
	"unknown-create": apply.Lost(creation, &nairi.Error{
		Kind: nairi.Network, Method: "POST", Path: "/api/public/v1/vaults/" + string(vaultID) + "/secrets",
		Problem: "connection reset by peer", Unclear: true,
	}),
	"unknown-update": {
		Change: fencing, Outcome: apply.Unknown, Changed: true, After: rotated(), Err: apply.ErrDiffers,
	},
	"unknown-incomplete": {
		Change: creation, Outcome: apply.Unknown, Changed: true, After: &nairi.Secret{ID: secretID},
		Err: errors.New("no look"),
	},
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for name, result := range golden {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			compare(t, name, everything(of(result)))
		})
	}
}

// compare holds a report against its golden file.
func compare(t *testing.T, name, got string) {
	t.Helper()
	if strings.Contains(got, value) {
		t.Fatal("the report holds the value")
	}
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("differs from %s (run with -update if it should): %s", file, d)
	}
}

// of is the report of a result, with nothing to redact.
func of(result apply.Result) report.Report {
	return report.Report{VaultID: vaultID, Result: result, Redact: func(text string) string { return text }}
}

// everything is all that is reported of a run, in the order in which it shows.
func everything(r report.Report) string {
	var b strings.Builder
	if r.Result.Change.Action != "" {
		fmt.Fprintf(&b, "-- plan --\n%s\n", report.Plan(r.Result.Change))
	}
	fmt.Fprintf(&b, "-- text --\n%s\n", strings.Join(r.Text(), "\n"))
	text, hint := r.Failure()
	fmt.Fprintf(&b, "-- failure --\n%s\n%s\n", text, hint)
	fmt.Fprintf(&b, "-- summary --\n%s", r.Summary())
	b.WriteString("-- outputs --\n")
	for _, output := range r.Outputs() {
		fmt.Fprintf(&b, "%s=%s\n", output.Name, output.Value)
	}
	fmt.Fprintf(&b, "-- exit code --\n%d\n", report.ExitCode(r.Result))
	return b.String()
}

// Every golden file is one that a test compares.
func TestGoldenFilesAreUsed(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.golden")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".golden")
		_, single := golden[name]
		if _, many := syncs[name]; !single && !many {
			t.Errorf("%s belongs to no test", file)
		}
	}
	for _, outcome := range apply.Outcomes {
		if !reported(outcome) && outcome != apply.Partial { // which is of many, see syncs
			t.Errorf("no golden file shows the result %s", outcome)
		}
	}
}

func reported(outcome apply.Outcome) bool {
	for _, result := range golden {
		if result.Outcome == outcome {
			return true
		}
	}
	return false
}
