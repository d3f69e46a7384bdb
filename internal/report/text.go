package report

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// Plan is one line that says what a change will do.
func Plan(change plan.Change) string {
	switch change.Action {
	case plan.Creates:
		return fmt.Sprintf("plan: create %s; allowed domains %s", change.Want.EnvKey, list(*change.Want.Domains))
	case plan.Updates:
		return fmt.Sprintf("plan: update %s: %s", secretName(*change.Before), patched(change))
	case plan.Deletes:
		return "plan: delete " + secretName(*change.Before)
	case plan.Gone:
		return "plan: nothing to delete"
	}
	return fmt.Sprintf("plan: %s is as wanted", secretName(*change.Before))
}

// patched says which fields an update sends.
func patched(change plan.Change) string {
	var fields []string
	if change.SendsValue() {
		fields = append(fields, "a new value")
	}
	if domains := change.Patch.AllowedDomains; domains != nil {
		fields = append(fields, fmt.Sprintf("allowed domains %s -> %s", list(change.Before.AllowedDomains), list(*domains)))
	}
	return strings.Join(fields, ", ")
}

// Retry is one line that says why and when a request is sent again.
func Retry(r nairi.Retry) string {
	return fmt.Sprintf("%v; trying again in %s", r.Err, r.Wait.Round(100*time.Millisecond))
}

// Text is what became of a change, for the log. An error is not in it, but for
// the problems of several inputs, a line each.
func (r Report) Text() []string {
	if r.Result.Err != nil {
		return r.problems()
	}
	secret := r.secret()
	line := fmt.Sprintf("%s: %s", r.Result.Outcome, secretName(secret))
	if !secret.UpdatedAt.IsZero() && r.Result.Outcome != apply.Planned {
		line += ", updated at " + timestamp(secret.UpdatedAt)
	}
	lines := append([]string{line}, advice(r.Result)...)
	if r.Result.Note != "" {
		lines = append(lines, r.Result.Note)
	}
	return lines
}

// problems are the problems of the inputs, if there are several.
func (r Report) problems() []string {
	var problems input.Problems
	if !errors.As(r.Result.Err, &problems) || len(problems) < 2 {
		return nil
	}
	lines := make([]string, len(problems))
	for i, problem := range problems {
		lines[i] = problem.String()
	}
	return lines
}

// Failure is what went wrong, in one line, and what to do about it; empty if
// nothing did.
func (r Report) Failure() (text, hint string) {
	if r.Result.Err == nil {
		return "", ""
	}
	code := CodeOf(r.Result)
	return fmt.Sprintf("%s (%s): %s", r.Result.Outcome, code, cause(r.Result.Err)), Hint(code)
}

// cause is an error in one line of bearable length.
func cause(err error) string {
	var problems input.Problems
	if !errors.As(err, &problems) || len(problems) == 1 {
		return err.Error()
	}
	var names []string
	for _, problem := range problems {
		if !slices.Contains(names, problem.Input) {
			names = append(names, problem.Input)
		}
	}
	return fmt.Sprintf("%d problems with the inputs, listed in the log: %s", len(problems), strings.Join(names, ", "))
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

func secretName(s nairi.Secret) string {
	switch {
	case s.ID == "":
		return s.EnvKey
	case s.EnvKey == "":
		return string(s.ID)
	}
	return fmt.Sprintf("%s (%s)", s.EnvKey, s.ID)
}

// list is a domain list in words: an empty one must not look like nothing.
func list(domains nairi.Domains) string {
	switch {
	case domains == nil:
		return "not known"
	case len(domains) == 0:
		return "ANY"
	}
	return strings.Join(domains, " ")
}
