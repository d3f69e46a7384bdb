package report

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/network"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// PlanLines say what the changes will do. Of a manifest, the first line has the counts:
// secrets that are as wanted and values that are written again are only counted.
func (r *Report) PlanLines() []string {
	if !r.Manifest {
		return r.singlePlan()
	}
	if r.planless() {
		return nil
	}
	lines := append([]string{r.planned().sentence()}, r.listLines()...)
	for _, change := range r.Changes {
		switch {
		case change.Err != nil:
			lines = append(lines, r.unplanned(change))
		case change.RenamedTo != "":
			lines = append(lines, r.renameLine(&change))
		case change.Writes() && !change.Rewrites():
			lines = append(lines, r.planLine(change)+r.inVault(change.VaultID)+r.goesToo(&change))
		}
	}
	for _, change := range r.Changes {
		if wider := change.WiderHosts(); len(wider) > 0 {
			lines = append(lines, fmt.Sprintf("wider than before: %s may now go to %s", r.name(&change), strings.Join(r.cleanAll(wider), " "))+r.inVault(change.VaultID))
		}
	}
	lines = slices.Concat(lines, r.againLines(), r.quietMirrors(), r.unmanagedLines())
	return append(lines, r.changed()...)
}

// Unplanned say why changes have no plan, where the lines of the plan are not shown.
func (r *Report) Unplanned() []string {
	if !r.Manifest {
		return nil
	}
	var lines []string
	for _, change := range r.Changes {
		if change.Err != nil {
			lines = append(lines, r.unplanned(change))
		}
	}
	return lines
}

func (r *Report) unplanned(change plan.Change) string {
	return fmt.Sprintf("plan: none for %s: %s", r.name(&change), r.said(change.Err, change)) + r.inVault(change.VaultID)
}

// singlePlan is the plan of one secret. That there is none is told as a failure.
func (r *Report) singlePlan() []string {
	if len(r.Changes) != 1 || r.blocked() {
		return nil
	}
	return []string{r.planLine(r.Changes[0]) + r.goesToo(&r.Changes[0])}
}

// planLine says what a change will do.
func (r *Report) planLine(change plan.Change) string {
	switch {
	case change.Action == plan.Create:
		return fmt.Sprintf("plan: create %s; allowed domains %s", r.clean(change.Desired.EnvKey), r.list(*change.Desired.Domains)) + isMade("; value ", &change)
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
		fields = append(fields, "a new value"+dated(change)+isMade(", ", &change))
	}
	switch domains := change.Patch.AllowedDomains; {
	case domains != nil && change.Current == nil:
		fields = append(fields, "allowed domains "+r.list(*domains))
	case domains != nil:
		fields = append(fields, fmt.Sprintf("allowed domains %s -> %s", r.list(change.Hosts()), r.list(*domains)))
	}
	return strings.Join(fields, ", ")
}

// dated says when a value was rotated, of one that is written for that reason.
func dated(change plan.Change) string {
	if !change.Rotates() {
		return ""
	}
	at := change.Desired.Rotated.UTC()
	if at.Equal(at.Truncate(24 * time.Hour)) {
		return ", rotated on " + at.Format(time.DateOnly)
	}
	return ", rotated at " + at.Format(time.RFC3339)
}

// RetryLine says why and when a request is sent again.
func RetryLine(r network.Retry) string {
	return fmt.Sprintf("%v; trying again in %s", r.Err, r.Wait.Round(100*time.Millisecond))
}

// UnverifiedLine says that nobody looked once more at what was created in a vault.
func UnverifiedLine(u apply.Unverified) string {
	return fmt.Sprintf("It was not checked whether a name is twice in vault %s after the create: its secrets could not be listed. %v", u.Vault, u.Err)
}

// ResultLines say what became of one change of many. Values that are written again are
// counted in the end.
func (r *Report) ResultLines(result apply.Result) []string {
	if rewritten(&result) {
		return nil
	}
	if result.Err != nil {
		return []string{fmt.Sprintf("%s (%s): %s%s: %s", result.Outcome, codeOf(result), r.name(&result.Change), r.inVault(result.Change.VaultID), r.why(&result))}
	}
	lines := []string{r.resultLine(result) + r.inVault(result.Change.VaultID)}
	if result.Note != "" {
		lines = append(lines, result.Note+r.inVault(result.Change.VaultID))
	}
	return lines
}

func (r *Report) resultLine(result apply.Result) string {
	secret := seen(result)
	line := fmt.Sprintf("%s: %s", result.Outcome, r.secretName(secret))
	if !secret.UpdatedAt.IsZero() && result.Outcome != apply.Planned && !mirroredAlone(&result) {
		line += ", updated at " + timestamp(secret.UpdatedAt)
	}
	return line
}

// progressEvery is after how many writes a line says how far the run is.
const progressEvery = 100

// Progress says how far a run is, after the nth of so many writes, in one line or, where
// that is not worth one, none.
func Progress(n, writes int) []string {
	if n%progressEvery != 0 || n >= writes {
		return nil
	}
	return []string{fmt.Sprintf("progress: %d of %d", n, writes)}
}

// ProgressLine says the same where the line is written over.
func ProgressLine(n, writes int) string { return fmt.Sprintf("%d of %d done", n, writes) }

// Ending is what became of the run, for the log, in the order of its parts.
type Ending struct {
	Results  []string
	Notes    []string // what else there is to know
	Problems []string // those of several inputs; any other error is a failure
}

// Ending says what became of the run. An error is not in it, except for the problems of
// several inputs, a line each.
func (r *Report) Ending() Ending {
	if problems, ok := r.linted(); ok {
		return Ending{Results: []string{r.lintLine(problems)}}
	}
	switch {
	case r.Check != nil:
		return r.checkEnding()
	case r.Exported != nil:
		return Ending{Notes: r.exportText()}
	case r.Listed != nil:
		return Ending{Notes: r.listText()}
	case r.generated():
		return Ending{Results: []string{r.generatedLine()}}
	case len(r.Results) == 0:
		return Ending{Problems: r.problems()}
	case r.Manifest:
		return Ending{Results: slices.Concat(r.inAll(), r.toldAgain(), r.tally())}
	}
	result := r.one()
	switch {
	case lacking(&result):
		return Ending{Results: []string{r.resultLine(result)}}
	case result.Err != nil:
		return Ending{}
	}
	ending := Ending{Results: append([]string{r.resultLine(result)}, r.mirrorNotes(&result)...), Notes: advice(result)}
	if result.Note != "" {
		ending.Notes = append(ending.Notes, result.Note)
	}
	return ending
}

// inAll is how many secrets have come to what, in words and in one line or none. Values
// that are written again are not in it.
func (r *Report) inAll() []string {
	var parts []string
	counts := r.counts()
	for i := range r.Results {
		if rewritten(&r.Results[i]) {
			counts[r.Results[i].Outcome]--
		}
	}
	for _, outcome := range apply.Outcomes {
		if n := counts[outcome]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, outcome))
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return []string{"in all: " + strings.Join(parts, ", ")}
}

// problems are the problems of the inputs, if there are several.
func (r *Report) problems() []string {
	var problems problem.List
	if !errors.As(r.Err, &problems) || len(problems) < 2 {
		return nil
	}
	return problems.Lines()
}

// advice says what happens next, as far as it is documented: attached agents
// pick a rotated value up by themselves (https://nairi.ai/docs/api/vaults/overview).
func advice(result apply.Result) []string {
	switch {
	case result.Outcome == apply.Updated && result.Changed && !result.Change.Patch.Value.IsZero():
		return []string{"agents that have the vault attached use the new value after their next refresh, within minutes"}
	case result.Outcome == apply.Created:
		return []string{"an agent sees a new secret once the vault is attached to it and it is deployed"}
	}
	return nil
}
