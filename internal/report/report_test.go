package report_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/network"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
)

// inShort are results of outcomes, those with a * having changed something.
func inShort(outcomes string) []apply.Result {
	var results []apply.Result
	for i, word := range strings.Fields(outcomes) {
		outcome, changed := strings.CutSuffix(word, "*")
		r := named(fmt.Sprint("S", i), apply.Result{Change: rotation, Outcome: apply.Outcome(outcome), Changed: changed})
		if outcome == "failed" || outcome == "unknown" {
			r.Err = refused(400, "")
		}
		results = append(results, r)
	}
	return results
}

// What is not known comes before what failed, and what is done is never denied.
func TestTheRunIsWhatItsSecretsAndItsOwnErrorSay(t *testing.T) {
	t.Parallel()
	bad := problem.List{{Input: "value"}}
	for _, tt := range []struct {
		results string
		err     error
		want    string // outcome, with a * if something changed, code and exit code
	}{
		{"", nil, "unchanged  0"},
		{"unchanged absent", nil, "unchanged  0"},
		{"unchanged updated*", nil, "updated*  0"},
		{"created* deleted*", nil, "updated*  0"},
		{"planned unchanged", nil, "planned  0"},
		{"failed unchanged", nil, "failed bad_input 1"},
		{"failed planned", nil, "failed bad_input 1"},
		{"failed updated*", nil, "partial* bad_input 3"},
		{"failed updated* unknown*", nil, "unknown* unknown_state 3"},
		{"", bad, "failed bad_input 2"},
		{"", refused(401, ""), "failed unauthorized 1"},
		{"planned", errTooMany, "failed too_many_deletes 1"},
		{"updated* unchanged", mistaken, "partial* internal_error 3"},
		{"unchanged", mistaken, "failed internal_error 1"},
		{"failed unchanged", mistaken, "failed internal_error 1"},
		{"unknown* updated*", mistaken, "unknown* unknown_state 3"},
		{"unknown*", bad, "unknown* unknown_state 3"},
	} {
		if got := inAll(but(tt.err, manifest(inShort(tt.results)...))); got != tt.want {
			t.Errorf("%s, %v: got %q, want %q", tt.results, tt.err, got, tt.want)
		}
	}
}

func inAll(r *report.Report) string {
	outcome, changed := r.Outcome()
	if changed != r.Changed() {
		outcome += ", and Changed says otherwise"
	}
	if changed {
		outcome += "*"
	}
	return fmt.Sprint(outcome, " ", r.Code(), " ", r.ExitCode())
}

func TestASingleSecretKeepsItsOwnOutcome(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]*report.Report{
		"created*  0":               of(inShort("created*")[0]),
		"deleted*  0":               of(inShort("deleted*")[0]),
		"absent  0":                 of(inShort("absent")[0]),
		"planned  0":                of(inShort("planned")[0]),
		"failed bad_input 1":        of(inShort("failed")[0]),
		"failed bad_input 2":        ended(plan.Desired{}, problem.List{{Input: "value"}}),
		"failed internal_error 1":   but(mistaken, of(inShort("unchanged")[0])),
		"partial* internal_error 3": but(mistaken, of(inShort("updated*")[0])),
		"failed ambiguous_name 1":   of(preview(noPlan)),
	} {
		if got := inAll(r); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// Nobody has to look one secret up in a log that says no more of it.
func TestASingleFailureKeepsItsOwnWords(t *testing.T) {
	t.Parallel()
	err := refused(404, "no such secret")
	for _, r := range []*report.Report{of(apply.Fail(rotation, err)), ended(setByID, err)} {
		if text, _ := r.Failure(); text != "failed (secret_not_found): "+err.Error() {
			t.Error(text)
		}
	}
	if text, _ := of(preview(noPlan)).Failure(); text != "failed (ambiguous_name): "+noPlan.Err.Error() {
		t.Error(text)
	}
}

func TestTheFirstOfManyFailuresAreNamed(t *testing.T) {
	t.Parallel()
	text, hint := manifest(inShort("failed failed unchanged failed failed failed failed failed")...).Failure()
	want := "failed (bad_input): 7 of 8: S0 (bad_input), S1 (bad_input), S3 (bad_input), S4 (bad_input), S5 (bad_input) and 2 more; the log has each"
	if text != want || hint != problem.HintRefused {
		t.Errorf("got %q, %q", text, hint)
	}
}

func TestTheHintIsThatOfTheProblem(t *testing.T) {
	t.Parallel()
	own := problem.List{{Code: problem.WrongKeyKind, Hint: "make another key"}}
	if _, hint := ended(plan.Desired{}, own).Failure(); hint != "make another key" {
		t.Error(hint)
	}
	if _, hint := ended(plan.Desired{}, errors.New("some")).Failure(); hint != problem.InternalError.Hint() {
		t.Error(hint)
	}
}

func TestAPlanThatChangesNothingIsNoNews(t *testing.T) {
	t.Parallel()
	for results, news := range map[string]bool{
		"": false, "unchanged absent": false, "failed": true, "unknown*": true,
		// Of values that are written again.
		"planned unchanged": false, "updated*": false, "updated* unchanged": false, "planned failed": true, "updated* unknown*": true,
	} {
		if got := manifest(inShort(results)...).HasNews(); got != news {
			t.Errorf("%q: %t", results, got)
		}
	}
	for name, r := range map[string]*report.Report{
		"hosts": manifest(preview(rotation), preview(opening)), "rotated": manifest(preview(rotation), preview(dated)),
		"created": manifest(preview(creation)), "deleted": manifest(preview(deletion)), "refused": but(errTooMany, manifest(preview(rotation))),
	} {
		if !r.HasNews() {
			t.Errorf("%s: no news", name)
		}
	}
}

// Progress is told between the writes, a line for each hundred.
func TestProgressIsToldEveryHundredWritesButTheLast(t *testing.T) {
	t.Parallel()
	var got []string
	for n := range 301 {
		if n > 0 {
			got = append(got, report.Progress(n, 300)...)
		}
	}
	if d := cmp.Diff([]string{"progress: 100 of 300", "progress: 200 of 300"}, got); d != "" {
		t.Error(d)
	}
}

func TestARetrySaysWhyAndWhen(t *testing.T) {
	t.Parallel()
	r := network.Retry{Err: refused(503, "maintenance"), Wait: 1234567 * time.Microsecond}
	want := `Nairi failed to update sec_01KQ27AQH800XQTQPJZ0DH14SJ: "maintenance" ` +
		"(PATCH /api/public/v1/vaults/vlt_01KEQ6963XS96YDP3NF9NKB7QJ/secrets/sec_01KQ27AQH800XQTQPJZ0DH14SJ → 503 Service Unavailable); trying again in 1.2s"
	if got := report.RetryLine(r); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
