package report_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/generate"
	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
	"github.com/nairi-community/vault-secret/internal/secret"
)

var update = flag.Bool("update", false, "write the golden files anew")

const (
	vaultID  = nairi.VaultID("vlt_01KEQ6963XS96YDP3NF9NKB7QJ")
	otherID  = nairi.VaultID("vlt_01KEQ6963XS96YDP3NF9NKB7QK")
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
func stored(hosts ...string) *nairi.Secret {
	return &nairi.Secret{
		ID: secretID, EnvKey: "DATABASE_URL", AllowedDomains: *list(hosts...), CreatedAt: createdAt, UpdatedAt: createdAt,
	}
}

// rotated is stored after a write.
func rotated(hosts ...string) *nairi.Secret {
	s := stored(hosts...)
	s.UpdatedAt = rotatedAt
	return s
}

func list(hosts ...string) *domains.List {
	l := append(domains.List{}, hosts...)
	return &l
}

// What is desired, of each kind.
var (
	setByID   = plan.Desired{Operation: plan.OpSet, SecretID: secretID, Value: secret.New(value)}
	setByName = plan.Desired{Operation: plan.OpSet, EnvKey: "DATABASE_URL", Value: secret.New(value), Domains: list("db.example.com")}
	fence     = plan.Desired{Operation: plan.OpUpdate, SecretID: secretID, Domains: list("db.example.com", "*.replicas.example.com")}
	unfence   = plan.Desired{Operation: plan.OpSet, SecretID: secretID, Value: secret.New(value), Domains: list()}
	remove    = plan.Desired{Operation: plan.OpDelete, EnvKey: "DATABASE_URL"}
)

// Changes of each action, and one for which there is no plan.
var (
	creation = planned(setByName)
	rotation = planned(setByID, *stored("db.example.com"))
	fencing  = planned(fence, *stored())
	opening  = planned(unfence, *stored("db.example.com"))
	keeping  = planned(fence, *stored("*.replicas.example.com", "db.example.com"))
	deletion = planned(remove, *stored("db.example.com"))
	gone     = planned(remove)
	// Those of a value that has a date.
	dated          = planned(rotatedOn(createdAt.Add(24*time.Hour).Truncate(24*time.Hour)), *stored("db.example.com"))
	datedAndFenced = planned(rotatedOn(createdAt.Add(time.Hour)), *stored())
	upToDate       = planned(rotatedOn(createdAt), *stored("db.example.com"))
	noPlan         = planned(setByName, nairi.Secret{ID: "sec_1"}, nairi.Secret{ID: "sec_2"})
	// Those of a value that is made here, and of one that other places get too.
	making    = planned(plan.Desired{Operation: plan.OpSet, EnvKey: "DATABASE_URL", Generate: hexKey, Mirrors: mirrorsThere}, *stored("db.example.com"))
	makingNew = planned(plan.Desired{Operation: plan.OpSet, EnvKey: "NEW", Domains: list("db.example.com"), Generate: hexKey})
	mirroring = planned(plan.Desired{Operation: plan.OpSet, EnvKey: "DATABASE_URL", Value: secret.New(value), Mirrors: mirrorsThere[:2]}, *stored("db.example.com"))
	// Those of a secret without a look before the write.
	blind     = unseen(setByID)
	blindOpen = unseen(unfence)
)

// hexKey is how a value is made.
var hexKey = &generate.Spec{Kind: generate.Hex, Size: 32}

// The places that get a value too, of which the second does not have the secret yet.
var mirrorsThere = []mirror.Mirror{
	{Target: mirror.Target{Store: mirror.Repository, Owner: "octo", Repo: "cats"}, State: mirror.State{Known: true, There: true, UpdatedAt: createdAt}},
	{Target: mirror.Target{Store: mirror.Environment, Owner: "octo", Repo: "cats", Environment: "production"}, State: mirror.State{Known: true}},
	{Target: mirror.Target{Store: mirror.Organization, Owner: "octo"}, State: mirror.State{Known: true, There: true, UpdatedAt: createdAt}},
}

// due is the change of a secret of a manifest whose value is made, since it is too old.
func due(name string) plan.Change {
	newest := createdAt.Add(time.Hour)
	current := *stored("db.example.com")
	current.EnvKey = name
	return planned(plan.Desired{
		Operation: plan.OpSync, EnvKey: name, Domains: list("db.example.com"), Generate: hexKey, Values: plan.ValuesWhenRotated, NewerThan: &newest,
		Mirrors: mirrorsThere[:2],
	}, current)
}

// unsaid is an error that its text does not show, as that of a client of GitHub.
type unsaid struct{ error }

func (unsaid) Error() string { return "" }

func (u unsaid) Unwrap() error { return u.error }

// mirrored is a result with what became of its mirrors. What is not written has a reason.
func mirrored(r apply.Result, outcomes ...apply.Outcome) apply.Result {
	var lacking []apply.MirrorResult
	for i, outcome := range outcomes {
		m := apply.MirrorResult{Target: mirrorsThere[i].Target, Outcome: outcome}
		switch {
		case r.Err != nil:
			m.Err = fmt.Errorf("%w: %w", apply.ErrNotBegun, apply.ErrVaultFirst)
		case outcome == apply.Failed:
			m.Err = fmt.Errorf("write DATABASE_URL to %s: 403 Forbidden: the token may not do this", m.Target)
		case outcome == apply.Unknown:
			m.Err = fmt.Errorf("write DATABASE_URL to %s: no answer in time%w", m.Target, unsaid{mirror.ErrUnknown})
		}
		if r.Mirrors = append(r.Mirrors, m); m.Err != nil {
			lacking = append(lacking, m)
		}
	}
	if r.Err == nil && len(lacking) > 0 {
		r.Outcome, r.Err = apply.Partial, &apply.MirrorError{Lacking: lacking}
	}
	return r
}

func rotatedOn(at time.Time) plan.Desired {
	d := setByName
	d.Rotated = &at
	return d
}

func planned(d plan.Desired, there ...nairi.Secret) plan.Change {
	return (&plan.Change{VaultID: vaultID, Desired: d}).Again(there)
}

func unseen(d plan.Desired) plan.Change {
	changes, err := plan.Make([]plan.Vault{{ID: vaultID, Secrets: []plan.Desired{d}}}, make([][]nairi.Secret, 1), plan.Rules{})
	if err != nil || len(changes) != 1 || changes[0].Current != nil {
		panic("no plan")
	}
	return changes[0]
}

func done(change plan.Change, outcome apply.Outcome, after *nairi.Secret) apply.Result {
	return apply.Result{Change: change, Outcome: outcome, Changed: true, After: after}
}

func preview(change plan.Change) apply.Result { return apply.Preview([]plan.Change{change})[0] }

// named is a result of another secret.
func named(name string, r apply.Result) apply.Result {
	r.Change.Desired.EnvKey = name
	if r.Change.Current != nil {
		current := *r.Change.Current
		current.EnvKey, r.Change.Current = name, &current
	}
	return r
}

func noted(r apply.Result) apply.Result {
	r.Note = "it was found by its name"
	return r
}

func refused(status int, message string) *nairi.Error {
	return &nairi.Error{
		Kind:    nairi.Refused,
		Method:  "PATCH",
		Path:    "/api/public/v1/vaults/" + string(vaultID) + "/secrets/" + string(secretID),
		Secret:  secretID,
		Vault:   vaultID,
		Status:  status,
		Message: message,
	}
}

func asItIs(text string) string { return text }

// of is the report of the result of a single secret, with nothing to redact.
func of(r apply.Result) *report.Report {
	return &report.Report{
		Desired: []plan.Vault{{ID: vaultID, Secrets: []plan.Desired{r.Change.Desired}}},
		Changes: []plan.Change{r.Change}, Results: []apply.Result{r}, Redact: asItIs,
	}
}

// ended is the report of a single secret whose run ended before there was a plan.
func ended(d plan.Desired, err error) *report.Report {
	return &report.Report{Desired: []plan.Vault{{ID: vaultID, Secrets: []plan.Desired{d}}}, Err: err, Redact: asItIs}
}

// manifest is the report of results that a manifest of one vault came to.
func manifest(results ...apply.Result) *report.Report {
	r := &report.Report{
		Manifest: true, Desired: []plan.Vault{{ID: vaultID}}, Results: results, Redact: asItIs,
		Shards: []plan.Shard{{Index: 1, Count: 2}, {Index: 2, Count: 2}},
	}
	for _, result := range results {
		r.Changes = append(r.Changes, result.Change)
	}
	return r
}

// but is a report of a run in which something went wrong as a whole.
func but(err error, r *report.Report) *report.Report {
	r.Err = err
	return r
}

func in(vault nairi.VaultID, r apply.Result) apply.Result {
	r.Change.VaultID = vault
	return r
}

func inTwoVaults(r *report.Report) *report.Report {
	r.Desired = append(r.Desired, plan.Vault{ID: otherID})
	return r
}

// beside is a report of a vault that has more than the manifest names.
func beside(private bool, r *report.Report, names ...string) *report.Report {
	left := plan.Unmanaged{VaultID: vaultID}
	for _, name := range names {
		left.Secrets = append(left.Secrets, &nairi.Secret{ID: secretID, EnvKey: name})
	}
	r.Private, r.Unmanaged = private, append(r.Unmanaged, left)
	return r
}

var (
	unchangedByServer = apply.Result{Change: rotation, Outcome: apply.Unchanged, After: stored("db.example.com")}
	lostCreate        = &nairi.Error{
		Kind: nairi.Network, Method: "POST", Path: "/api/public/v1/vaults/" + string(vaultID) + "/secrets",
		Problem: "connection reset by peer", OutcomeUnknown: true,
	}
	lostUpdate = &nairi.Error{
		Kind: nairi.Network, Method: "PATCH", Path: "/api/public/v1/vaults/" + string(vaultID) + "/secrets/" + string(secretID),
		Secret: secretID, Problem: "connection reset by peer", OutcomeUnknown: true,
	}
	errTooMany = tooMany(5, strings.Fields("OLD OLD_2 OLD_3 OLD_4 OLD_5 OLD_6 OLD_7")...)
	mistaken   = problem.Recovered(func() { panic("a slip") })
)

// golden are runs with all that is reported of each, in testdata.
var golden = map[string]*report.Report{
	"created-after-all":   of(noted(done(creation, apply.Created, rotated("db.example.com")))),
	"created":             of(done(creation, apply.Created, stored("db.example.com"))),
	"updated-value":       of(done(rotation, apply.Updated, rotated("db.example.com"))),
	"updated-domains":     of(done(fencing, apply.Updated, rotated("db.example.com", "*.replicas.example.com"))),
	"updated-both":        of(done(opening, apply.Updated, rotated())),
	"updated-unseen":      of(done(blindOpen, apply.Updated, rotated())),
	"unchanged-unseen":    of(apply.Result{Change: blind, Outcome: apply.Unchanged, After: stored("db.example.com")}),
	"failed-unseen":       of(apply.Fail(blind, refused(401, "invalid token"))),
	"unknown-unseen":      of(apply.Lost(blindOpen, lostUpdate)),
	"generated":           generated(report.Generated{Spec: generate.Spec{Kind: generate.UUID}, File: "new-value", Variable: "NEW"}),
	"generated-planned":   generated(report.Generated{Spec: *hexKey, File: "new-value", Planned: true}),
	"failed-generated":    but(problem.List{{Input: "generated_file", Text: "names a file that is there already"}}, generated(report.Generated{})),
	"unchanged-planned":   of(preview(keeping)),
	"unchanged-by-server": of(unchangedByServer),
	"deleted":             of(done(deletion, apply.Deleted, nil)),
	"absent":              of(preview(gone)),
	"absent-too-late":     of(apply.Result{Change: deletion, Outcome: apply.Absent}),
	"planned-create":      of(preview(creation)),
	"planned-update":      of(preview(opening)),
	"planned-delete":      of(preview(deletion)),
	"failed-plan":         of(preview(noPlan)),
	"failed-write":        of(apply.Fail(rotation, refused(401, "invalid token"))),
	"failed-hostile": ended(setByName, refused(400,
		`<img src=x onerror=alert(1)> | a | b | [link](https://evil.example) @octocat #1 **bold** `+"`code`")),
	"failed-one-input": ended(plan.Desired{}, problem.List{{Input: "vault_id", Text: "is missing"}}),
	"failed-inputs": ended(plan.Desired{}, problem.List{
		{Input: "vault_id", Text: "is missing"}, {Input: "INPUT_VALUE", Text: "is empty"},
	}),
	"unknown-create": of(apply.Lost(creation, lostCreate)),
	"unknown-update": of(apply.Result{
		Change: fencing, Outcome: apply.Unknown, Changed: true, After: rotated(), Err: apply.ErrDiffers,
	}),
	"unknown-incomplete": of(apply.Result{
		Change: creation, Outcome: apply.Unknown, Changed: true, After: &nairi.Secret{ID: secretID}, Err: errors.New("no look"),
	}),
	"partial-by-mistake": but(mistaken, of(done(rotation, apply.Updated, rotated("db.example.com")))),

	"sync-done": manifest(done(creation, apply.Created, stored("db.example.com")), named("KEPT", preview(keeping)),
		named("FENCED", done(fencing, apply.Updated, rotated("db.example.com"))), named("OPENED", done(opening, apply.Updated, rotated())),
		named("OLD", done(deletion, apply.Deleted, nil))),
	"sync-planned":   manifest(preview(creation), named("OPENED", preview(opening)), named("OLD", preview(deletion))),
	"sync-unchanged": manifest(preview(keeping), preview(gone)),
	"sync-partial": manifest(done(creation, apply.Created, stored("db.example.com")),
		named("BAD", apply.Fail(rotation, refused(400, "no such | <b>value</b> @octocat")))),
	"sync-unknown": manifest(named("BAD", apply.Fail(rotation, refused(400, "no"))), apply.Lost(creation, errors.New("no answer"))),
	"sync-no-plan": manifest(preview(creation), preview(plan.Change{
		VaultID: vaultID, Desired: setByName, Err: fmt.Errorf("%w: sec_1, sec_2", plan.ErrAmbiguous),
	})),
	"sync-guarded": but(errTooMany, manifest(preview(deletion))),
	"sync-no-look": but(refused(401, ""), manifest()),
	"sync-mistake": but(mistaken, manifest(noted(done(creation, apply.Created, stored("db.example.com"))), named("KEPT", preview(keeping)))),
	"sync-crash": but(mistaken, func() *report.Report {
		r := manifest(preview(creation), preview(keeping))
		r.Results = nil
		return r
	}()),
	"sync-two-vaults": inTwoVaults(manifest(noted(done(creation, apply.Created, stored("db.example.com"))),
		in(otherID, named("OPENED", done(opening, apply.Updated, rotated()))), in(otherID, named("BAD", apply.Fail(rotation, refused(400, "no")))))),
	"sync-again": beside(true, manifest(named("FIRST", preview(rotation)), named("SECOND", preview(rotation)), named("KEPT", preview(keeping))), "OLD_ONE", "OLD_TWO"),
	"sync-rewritten": beside(false, manifest(done(creation, apply.Created, stored("db.example.com")),
		named("FIRST", done(rotation, apply.Updated, rotated("db.example.com"))), named("SECOND", unchangedByServer)), "OLD_ONE"),
	"sync-rotated": manifest(named("FIRST", preview(dated)), named("SECOND", preview(datedAndFenced)), named("KEPT", preview(upToDate))),
	"sync-unmanaged": but(fmt.Errorf("%w: the vault has 2 more, and unmanaged is error", plan.ErrUnmanaged),
		beside(true, manifest(named("FIRST", preview(rotation))), "OLD_ONE", "OLD_TWO")),
	"sync-again-two-vaults": beside(true, inTwoVaults(manifest(named("FIRST", preview(rotation)), in(otherID, named("SECOND", preview(rotation))))), "OLD_ONE"),
	"updated-mirrored":      of(mirrored(done(making, apply.Updated, rotated("db.example.com")), apply.Updated, apply.Created)),
	"unchanged-mirrored":    of(mirrored(apply.Result{Change: mirroring, Outcome: apply.Updated, After: stored("db.example.com")}, apply.Updated, apply.Created)),
	"planned-mirrored":      of(preview(making)),
	"partial-mirrored":      of(mirrored(done(making, apply.Updated, rotated("db.example.com")), apply.Updated, apply.Failed, apply.Unknown)),
	"partial-mirrored-none": of(mirrored(done(mirroring, apply.Updated, rotated("db.example.com")), apply.Failed, apply.Failed)),
	"failed-mirrored":       of(mirrored(apply.Fail(making, refused(401, "invalid token")), apply.Failed, apply.Failed)),
	"unknown-delete":        of(apply.Lost(deletion, lostUpdate)),
	"unknown-mirrored":      of(mirrored(apply.Lost(making, lostUpdate), apply.Failed, apply.Failed)),
	"sync-mirrored": manifest(named("FIRST", mirrored(done(due("FIRST"), apply.Updated, rotated("db.example.com")), apply.Updated, apply.Created)),
		named("AGAIN", mirrored(done(mirroring, apply.Updated, rotated("db.example.com")), apply.Updated, apply.Updated)), named("KEPT", preview(keeping))),
	"sync-mirrored-in-part": inTwoVaults(manifest(named("FIRST", mirrored(done(due("FIRST"), apply.Updated, rotated("db.example.com")), apply.Unknown, apply.Failed)),
		in(otherID, named("AGAIN", mirrored(done(mirroring, apply.Updated, rotated("db.example.com")), apply.Updated, apply.Updated))))),
	"sync-planned-mirrored": manifest(preview(due("FIRST")), named("AGAIN", preview(mirroring)), preview(makingNew)),
	"sync-inputs":           but(problem.List{{Input: "manifest", File: "vaults.yaml", Line: 3, Text: "is not YAML"}, {Input: "api_key", Text: "is missing"}}, manifest()),
}

func TestGoldenFilesShowAllThatIsReportedOfARun(t *testing.T) {
	t.Parallel()
	for name, r := range golden {
		got, file := everything(r), filepath.Join("testdata", name+".golden")
		if strings.Contains(got, value) {
			t.Fatalf("%s: the report holds the value", name)
		}
		isInFile(t, file, got)
	}
}

// isInFile compares a text with that of a file, which -update writes.
func isInFile(t *testing.T, file, got string) {
	t.Helper()
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

// everything is all that is reported of a run, in the order in which it shows.
// Each result has lines of its own where there are many, the plan is the only
// thing that is not there if there was none of a single secret.
func everything(r *report.Report) string {
	var b strings.Builder
	if lines := r.PlanLines(); r.Manifest || len(lines) > 0 {
		fmt.Fprintf(&b, "-- plan --\n%s\n", strings.Join(lines, "\n"))
	}
	if title, text := r.MoreHosts(); text != "" {
		fmt.Fprintf(&b, "-- warning --\n%s: %s\n", title, text)
	}
	if r.Manifest {
		fmt.Fprintln(&b, "-- done --")
		for _, result := range r.Results {
			fmt.Fprintln(&b, strings.Join(r.ResultLines(result), "\n"))
		}
	}
	fmt.Fprintf(&b, "-- text --\n%s\n", strings.Join(ending(r), "\n"))
	for _, fault := range r.Faults() {
		fmt.Fprintf(&b, "-- fault --\n%s\n", fault)
	}
	if f, failed := r.Failure(); failed {
		fmt.Fprintf(&b, "-- failure --\n%s\nhint: %s\nrequest: %s\n", f.Line(), f.Hint, f.Request)
	}
	fmt.Fprintf(&b, "-- summary --\n%s-- outputs --\n", r.Summary())
	for _, output := range r.Outputs() {
		fmt.Fprintf(&b, "%s=%s\n", output.Name, output.Value)
	}
	fmt.Fprintf(&b, "-- exit code --\n%d\n", r.ExitCode())
	return b.String()
}

// Every golden file is one that a test compares, and every outcome is in one.
func TestGoldenFilesAreUsedAndShowEveryOutcome(t *testing.T) {
	t.Parallel()
	shown := map[apply.Outcome]bool{}
	for _, r := range golden {
		outcome, _ := r.Outcome()
		shown[outcome] = true
	}
	for _, outcome := range apply.Outcomes {
		if !shown[outcome] {
			t.Errorf("no golden file shows the result %s", outcome)
		}
	}
	files, err := filepath.Glob("testdata/*.golden")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if _, ok := golden[strings.TrimSuffix(filepath.Base(file), ".golden")]; !ok {
			t.Errorf("%s belongs to no test", file)
		}
	}
}

// ending is all of a report's ending.
func ending(r *report.Report) []string {
	e := r.Ending()
	return slices.Concat(e.Results, e.Notes)
}

// failureOf is what went wrong with a run, with its code, and what to do.
func failureOf(r *report.Report) (text, hint string) {
	f, failed := r.Failure()
	if !failed {
		return "", ""
	}
	return f.Line(), f.Hint
}
