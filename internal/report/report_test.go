package report_test

import (
	"errors"
	"fmt"
	"slices"
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
		if text, _ := failureOf(r); text != "Vault "+string(vaultID)+" has no secret "+string(secretID)+". Nothing was changed. [secret_not_found]" {
			t.Error(text)
		}
	}
	if text, _ := failureOf(of(preview(noPlan))); text != "Vault "+string(vaultID)+" has 2 secrets named DATABASE_URL: sec_1, sec_2. Nothing was changed. [ambiguous_name]" {
		t.Error(text)
	}
}

func TestManyFailuresAreCounted(t *testing.T) {
	t.Parallel()
	text, hint := failureOf(manifest(inShort("failed failed unchanged failed failed failed failed failed")...))
	want := "7 of 8 secrets failed. Nothing was changed. [bad_input]"
	if text != want || hint != problem.HintRefused {
		t.Errorf("got %q, %q", text, hint)
	}
}

func TestTheHintIsThatOfTheProblem(t *testing.T) {
	t.Parallel()
	own := problem.List{{Code: problem.WrongKeyKind, Hint: "make another key"}}
	if _, hint := failureOf(ended(plan.Desired{}, own)); hint != "make another key" {
		t.Error(hint)
	}
	if _, hint := failureOf(ended(plan.Desired{}, errors.New("some"))); hint != problem.InternalError.Hint() {
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
	if d := cmp.Diff([]string{"100 of 300 written.", "200 of 300 written."}, got); d != "" {
		t.Error(d)
	}
}

func TestADryRunThatFindsNothingSaysThatItIsOne(t *testing.T) {
	t.Parallel()
	r := manifest(named("KEPT", preview(keeping)))
	for dry, want := range map[bool]string{false: "Done: 1 unchanged.", true: "Dry run: nothing to change, 1 unchanged."} {
		r.DryRun = dry
		if got := r.Ending().Results; !slices.Equal(got, []string{want}) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestARetrySaysWhyAndWhen(t *testing.T) {
	t.Parallel()
	r := network.Retry{Err: refused(503, "maintenance"), Wait: 1234567 * time.Microsecond, Attempt: 2, Of: 6}
	want := `Attempt 2 of 6 to update DATABASE_URL failed: Nairi answered with an error of its own (503): "maintenance". Retrying in 1.2 s.`
	if got := of(apply.Result{Change: rotation}).RetryLine(r); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	r.Wait = 0
	if got := of(apply.Result{Change: rotation}).RetryLine(r); !strings.HasSuffix(got, " Retrying now.") {
		t.Errorf("at once: %q", got)
	}
	r.Attempt = 0
	if got := of(apply.Result{Change: rotation}).RetryLine(r); !strings.HasPrefix(got, "An attempt to update DATABASE_URL failed: ") {
		t.Errorf("one that does not count: %q", got)
	}
}
