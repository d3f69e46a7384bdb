package report

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/network"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// PlanLines say what the changes will do. Of a manifest, secrets that are as
// wanted are only counted.
func (r *Report) PlanLines() []string {
	if !r.Manifest {
		return r.singlePlan()
	}
	if len(r.Changes) == 0 && r.Err != nil {
		return nil // there was none
	}
	var lines []string
	for _, change := range r.Changes {
		switch {
		case change.Err != nil:
			lines = append(lines, fmt.Sprintf("plan: none for %s: %s", r.name(&change), r.said(change.Err, change))+r.in(change))
		case change.Writes():
			lines = append(lines, r.planLine(change)+r.in(change))
		}
	}
	for _, change := range r.Changes {
		if wider := change.WiderHosts(); len(wider) > 0 {
			lines = append(lines, fmt.Sprintf("wider than before: %s may now go to %s", r.name(&change), strings.Join(r.cleanAll(wider), " "))+r.in(change))
		}
	}
	writes, kept := r.planned()
	return append(lines, fmt.Sprintf("plan: %d to write, %d as wanted", writes, kept))
}

// singlePlan is the plan of one secret. That there is none is told as a failure.
func (r *Report) singlePlan() []string {
	if len(r.Changes) != 1 || r.blocked() {
		return nil
	}
	return []string{r.planLine(r.Changes[0])}
}

// planned is how many changes write, and how many secrets are as wanted.
func (r *Report) planned() (writes, kept int) {
	for _, change := range r.Changes {
		switch {
		case change.Writes():
			writes++
		case change.Err == nil:
			kept++
		}
	}
	return writes, kept
}

// in says which vault a change is about, if that may be one of several.
func (r *Report) in(change plan.Change) string {
	if len(r.Desired) < 2 {
		return ""
	}
	return " in " + string(change.VaultID)
}

// planLine says what a change will do.
func (r *Report) planLine(change plan.Change) string {
	switch {
	case change.Action == plan.Create:
		return fmt.Sprintf("plan: create %s; allowed domains %s", r.clean(change.Desired.EnvKey), r.list(*change.Desired.Domains))
	case change.Action == plan.Update:
		return fmt.Sprintf("plan: update %s: %s", r.secretName(before(change)), r.patched(change))
	case change.Action == plan.Delete:
		return "plan: delete " + r.secretName(*change.Current)
	case change.Current == nil:
		return "plan: nothing to delete"
	}
	return fmt.Sprintf("plan: %s is as wanted", r.secretName(*change.Current))
}

// patched says which fields an update sends.
func (r *Report) patched(change plan.Change) string {
	var fields []string
	if change.SendsValue() {
		fields = append(fields, "a new value")
	}
	switch domains := change.Patch.AllowedDomains; {
	case domains != nil && change.Current == nil:
		fields = append(fields, "allowed domains "+r.list(*domains))
	case domains != nil:
		fields = append(fields, fmt.Sprintf("allowed domains %s -> %s", r.list(change.Hosts()), r.list(*domains)))
	}
	return strings.Join(fields, ", ")
}

// RetryLine says why and when a request is sent again.
func RetryLine(r network.Retry) string {
	return fmt.Sprintf("%v; trying again in %s", r.Err, r.Wait.Round(100*time.Millisecond))
}

// UnverifiedLine says that nobody looked once more at what was created in a vault.
func UnverifiedLine(u apply.Unverified) string {
	return fmt.Sprintf("It was not checked whether a name is twice in vault %s after the create: its secrets could not be listed. %v", u.Vault, u.Err)
}

// ResultLines say what became of one change of many.
func (r *Report) ResultLines(result apply.Result) []string {
	if result.Err != nil {
		return []string{fmt.Sprintf("%s (%s): %s%s: %s", result.Outcome, codeOf(result), r.name(&result.Change), r.in(result.Change), r.said(result.Err, result.Change))}
	}
	lines := []string{r.resultLine(result) + r.in(result.Change)}
	if result.Note != "" {
		lines = append(lines, result.Note+r.in(result.Change))
	}
	return lines
}

func (r *Report) resultLine(result apply.Result) string {
	secret := seen(result)
	line := fmt.Sprintf("%s: %s", result.Outcome, r.secretName(secret))
	if !secret.UpdatedAt.IsZero() && result.Outcome != apply.Planned {
		line += ", updated at " + timestamp(secret.UpdatedAt)
	}
	return line
}

// progressEvery is after how many writes a line says how far the run is.
const progressEvery = 100

// Progress says how far a run of many writes is, after the nth of them, in one
// line or, where that is not worth one, none.
func (r *Report) Progress(n int) []string {
	if n%progressEvery != 0 {
		return nil
	}
	if total := plan.Writes(r.Changes); n < total {
		return []string{fmt.Sprintf("progress: %d of %d", n, total)}
	}
	return nil
}

// Text is what became of the run, for the log. An error is not in it, except for
// the problems of several inputs, a line each.
func (r *Report) Text() []string {
	switch {
	case len(r.Results) == 0:
		return r.problems()
	case r.Manifest:
		return []string{"in all: " + strings.Join(r.tally(), ", ")}
	case r.one().Err != nil:
		return nil
	}
	result := r.one()
	lines := append([]string{r.resultLine(result)}, advice(result)...)
	if result.Note != "" {
		lines = append(lines, result.Note)
	}
	return lines
}

// tally is how many secrets have come to what, in words.
func (r *Report) tally() []string {
	var parts []string
	counts := r.counts()
	for _, outcome := range apply.Outcomes {
		if n := counts[outcome]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, outcome))
		}
	}
	return parts
}

// problems are the problems of the inputs, if there are several.
func (r *Report) problems() []string {
	var problems problem.List
	if !errors.As(r.Err, &problems) || len(problems) < 2 {
		return nil
	}
	return problems.Lines()
}

// Failure is what went wrong, in one line, and what to do about it; empty if
// nothing did.
func (r *Report) Failure() (text, hint string) {
	code := r.Code()
	if code == "" {
		return "", ""
	}
	outcome, _ := r.Outcome()
	return fmt.Sprintf("%s (%s): %s", outcome, code, r.cause()), r.hint()
}

// cause is what went wrong: with the run, with its one secret, or with some of
// many.
func (r *Report) cause() string {
	if r.Err != nil {
		return r.brief(r.Err)
	}
	if err := r.one().Err; err != nil {
		return r.said(err, r.one().Change)
	}
	text := r.failing() + "; the log has each"
	if r.blocked() {
		text += "; nothing was written"
	}
	return text
}

// brief is an error in one line of bearable length.
func (r *Report) brief(err error) string {
	var problems problem.List
	if !errors.As(err, &problems) || len(problems) == 1 {
		return r.said(err, r.Changes...)
	}
	return fmt.Sprintf("%d problems with the inputs, listed in the log: %s", len(problems), strings.Join(problems.Inputs(), ", "))
}

// failing names the first secrets that something is wrong with.
func (r *Report) failing() string {
	var names []string
	for i, result := range r.Results {
		if result.Err != nil {
			names = append(names, fmt.Sprintf("%s (%s)", r.name(&r.Changes[i]), codeOf(result)))
		}
	}
	const shown = 5
	listed := strings.Join(names[:min(len(names), shown)], ", ")
	if more := len(names) - shown; more > 0 {
		listed += fmt.Sprintf(" and %d more", more)
	}
	return fmt.Sprintf("%d of %d: %s", len(names), len(r.Results), listed)
}

// advice says what happens next, as far as it is documented: attached agents
// pick a rotated value up by themselves (https://nairi.ai/docs/api/vaults/overview).
func advice(result apply.Result) []string {
	switch {
	case result.Outcome == apply.Updated && !result.Change.Patch.Value.IsZero():
		return []string{"agents that have the vault attached use the new value after their next refresh, within minutes"}
	case result.Outcome == apply.Created:
		return []string{"an agent sees a new secret once the vault is attached to it and it is deployed"}
	}
	return nil
}
