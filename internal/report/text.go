package report

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/network"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// PlanLines say what the changes will do. Of a manifest, the first line has the counts:
// secrets that are unchanged and values that are written again are only counted.
func (r *Report) PlanLines() []string {
	if !r.Manifest {
		return r.singlePlan()
	}
	if r.planless() {
		return nil
	}
	return slices.Concat([]string{"Plan" + r.of() + ": " + r.planned().words() + "." + r.plannedAgain() + r.also()}, r.listLines(), r.rows(), r.quietMirrors(), r.unmanagedLines(), r.changed())
}

// also are sentences about what only some plans do.
func (r *Report) also() string {
	text := ""
	for _, sentence := range r.planned().also() {
		text += " " + sentence
	}
	return text
}

// of is the manifest that a plan is for, behind the word.
func (r *Report) of() string {
	if r.Source == "" {
		return ""
	}
	return " for " + r.clean(r.Source)
}

// rows are the changes that have a line of their own, below a line for each vault.
func (r *Report) rows() []string {
	width, verbs, shown := 0, len(plan.Create), []*plan.Change{}
	for i := range r.Changes {
		if change := &r.Changes[i]; change.Err != nil || change.Writes() && !change.Rewrites() {
			if change.Err != nil {
				verbs = len(noPlan)
			}
			shown, width = append(shown, change), max(width, min(cells(r.name(change)), widestName))
		}
	}
	var lines []string
	var vault nairi.VaultID
	for _, change := range shown {
		if change.VaultID != vault {
			vault = change.VaultID
			lines = append(lines, r.vaultText(vault))
		}
		verb, text := string(change.Action), r.inRow(change)
		if change.Err != nil {
			verb, text = noPlan, problem.Spoken(r.said(change.Err, *change))
		}
		lines = append(lines, strings.TrimRight("  "+pad(verb, verbs)+"  "+pad(r.name(change), width)+"  "+text, " "))
	}
	return lines
}

// noPlan stands for the verb of a change that cannot be made.
const noPlan = "refused"

// widestName is how many cells a column of names takes at most.
const widestName = 32

// RetryLine says which attempt failed, why, and when there is another.
func (r *Report) RetryLine(retry network.Retry) string {
	failed, known := retry.Err.(interface {
		Doing() string
		Said() string
	})
	var request *nairi.Error
	if errors.As(retry.Err, &request) {
		failed = r.named(request, r.changeOf(request.Secret))
	}
	if !known {
		return problem.Spoken(retry.Err.Error())
	}
	when := "now"
	if wait := retry.Wait.Round(100 * time.Millisecond); wait > 0 {
		when = fmt.Sprintf("in %g s", wait.Seconds())
	}
	attempt := "An attempt"
	if retry.Attempt > 0 {
		attempt = fmt.Sprintf("Attempt %d of %d", retry.Attempt, retry.Of)
	}
	return fmt.Sprintf("%s to %s failed: %s. Retrying %s.", attempt, r.clean(failed.Doing()), r.clean(failed.Said()), when)
}

// changeOf is the change of a secret; none if it is not known.
func (r *Report) changeOf(id nairi.SecretID) []plan.Change {
	for i := range r.Changes {
		if id != "" && r.Changes[i].SecretID() == id {
			return r.Changes[i : i+1]
		}
	}
	return nil
}

// UnverifiedLine says that nobody looked once more at what was created in a vault.
func UnverifiedLine(u apply.Unverified) string {
	return fmt.Sprintf("Vault %s was not checked for a second secret of the same name after the create: %s.", u.Vault, unverified(u.Err))
}

// unverified is why a vault could not be listed.
func unverified(err error) string {
	var request *nairi.Error
	if errors.As(err, &request) {
		return request.Said()
	}
	return err.Error()
}

// ResultLines say what became of one change of many. Values that are written again are
// counted in the end.
func (r *Report) ResultLines(result apply.Result) []string {
	if rewritten(&result) {
		return nil
	}
	if result.Err != nil {
		return []string{r.failedLine(&result)}
	}
	lines := []string{r.resultLine(&result)}
	if result.Note != "" {
		lines = append(lines, result.Note)
	}
	return lines
}

// failedLine says while a run goes on that a secret failed; in the end its annotation says
// more.
func (r *Report) failedLine(result *apply.Result) string {
	what := "was not " + string(result.Change.Action) + "d"
	switch {
	case lacking(result):
		what = "is not in every mirror"
	case result.Outcome == apply.Unknown:
		what = "may or may not have been " + string(result.Change.Action) + "d"
	}
	return fmt.Sprintf("%s%s %s. [%s]", r.name(&result.Change), r.inNamed(result.Change.VaultID), what, codeOf(*result))
}

// plannedAgain and writtenAgain say how many values are written again.
func (r *Report) plannedAgain() string {
	if n := r.planned().again; n > 0 {
		return " " + thousands(n) + " " + plural(n, "value", "values") + " to write again."
	}
	return ""
}

func (r *Report) writtenAgain() string {
	if n := r.rewritten(); n > 0 {
		return " " + thousands(n) + " " + plural(n, "value", "values") + " written again."
	}
	return ""
}

// resultLine is what became of a secret, in a sentence.
func (r *Report) resultLine(result *apply.Result) string {
	secret := seen(*result)
	name, id := r.clean(secret.EnvKey), r.id(secret.ID)
	if name == "" {
		name, id = id, ""
	}
	line := done(result) + " " + name + r.inNamed(result.Change.VaultID)
	if id != "" {
		line += " (" + id + ")"
	}
	return line + "."
}

// done is what became of a secret, as the first words of a sentence.
func done(result *apply.Result) string {
	switch result.Outcome {
	case apply.Absent:
		return "Nothing to delete:"
	case apply.Partial:
		return "Written in part:"
	}
	return strings.ToUpper(string(result.Outcome[:1])) + string(result.Outcome[1:])
}

// progressEvery is after how many writes a line says how far the run is.
const progressEvery = 100

// Progress says how far a run is, after the nth of so many writes, in one line or, where
// that is not worth one, none.
func Progress(n, writes int) []string {
	if n%progressEvery != 0 || n >= writes {
		return nil
	}
	return []string{fmt.Sprintf("%s of %s written.", thousands(n), thousands(writes))}
}

// ProgressLine says the same where the line is written over.
func ProgressLine(n, writes int) string { return fmt.Sprintf("%d of %d done", n, writes) }

// Ending is what became of the run, for the log, in the order of its parts.
type Ending struct {
	Results []string
	Notes   []string // what else there is to know
}

// Ending says what became of the run. An error is not in it.
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
		return Ending{}
	case r.Manifest:
		return Ending{Results: append(r.inAll(), r.tally()...)}
	}
	return r.singleEnding()
}

// inAll is how many secrets came to what, in a line, or none for a plan that was refused:
// what that would have done, nobody did.
func (r *Report) inAll() []string {
	counts := r.outcomes()
	switch {
	case counts == "" && r.rewritten() == 0, r.refused(), r.blocked():
		return nil
	case r.counts()[apply.Planned] > 0 && r.Err == nil:
		return []string{"Dry run: " + r.planned().words() + "." + r.plannedAgain() + " Nothing was changed."}
	}
	if counts == "" {
		counts = "no secret changed"
	}
	if r.DryRun && r.Err == nil && r.failed() == 0 {
		return []string{"Dry run: nothing to change, " + counts + "." + r.writtenAgain()}
	}
	return []string{"Done: " + counts + "." + r.writtenAgain()}
}

// outcomes are what became of secrets, in numbers, without values that are written again.
func (r *Report) outcomes() string {
	var parts []string
	counts := r.counts()
	for i := range r.Results {
		if rewritten(&r.Results[i]) {
			counts[r.Results[i].Outcome]--
		}
	}
	for _, told := range tallied {
		if n := counts[told.outcome]; n > 0 {
			parts = append(parts, thousands(n)+" "+told.words)
		}
	}
	return strings.Join(parts, ", ")
}

// tallied are the outcomes in the order in which a count of secrets tells them.
var tallied = []struct {
	outcome apply.Outcome
	words   string
}{
	{apply.Created, "created"}, {apply.Updated, "updated"}, {apply.Deleted, "deleted"}, {apply.Unchanged, "unchanged"}, {apply.Absent, "already gone"},
	{apply.Planned, "not written"}, {apply.Partial, "written in part"}, {apply.Failed, "failed"}, {apply.Unknown, "unknown"},
}
