package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// mostWarnings is how many names are warned of one by one: a runner keeps ten
// annotations of a step (actions/runner, ExecutionContext.cs), and there are others.
const mostWarnings = 8

// Warnings are what is odd about the plan and stops nothing, a line each: names
// that most likely are slips, and names that differ in case alone.
func (r *Report) Warnings() []string {
	lines := append(r.slips(), r.twins()...)
	if more := len(lines) - mostWarnings; more > 1 {
		lines = append(lines[:mostWarnings], fmt.Sprintf("%d more names are close to others of their vault", more))
	}
	return lines
}

// Widened says, in one line or none, which hosts a single secret can reach now that it
// could not reach before. Without a look before the write, the old hosts are unknown,
// so that only "any host" is warned of.
func (r *Report) Widened() []string {
	result := r.one()
	if result.Outcome != apply.Created && result.Outcome != apply.Updated {
		return nil
	}
	wider, name := result.Change.WiderHosts(), r.secretName(seen(result))
	switch {
	case slices.Contains(wider, domains.Any):
		return []string{name + " can now be sent to any host; " + r.own("set allowed_domains to limit it")}
	case len(wider) > 0 && result.Change.Current != nil:
		return []string{name + " can now reach more hosts than before: " + strings.Join(r.cleanAll(wider), " ")}
	}
	return nil
}

// slips are the names that are not in the vault, and are close to one that is.
// Where there is no plan for one, its error says so.
func (r *Report) slips() []string {
	var lines []string
	for i := range r.Changes {
		change := &r.Changes[i]
		near := change.Near
		if change.Action == plan.Create { // names of another case are twins
			near = slices.DeleteFunc(slices.Clone(near), func(name string) bool { return strings.EqualFold(name, change.Name()) })
		}
		if change.Err != nil || len(near) == 0 {
			continue
		}
		what := "so there is nothing to delete"
		if change.Action == plan.Create {
			what = "and is new"
		}
		lines = append(lines, fmt.Sprintf("%s is not in %s, %s; did you mean %s?",
			r.name(change), r.vaultOf(change.VaultID), what, strings.Join(r.cleanAll(near), " or ")))
	}
	return lines
}

// twins are the names that differ in case alone: of a single secret those of its
// own name, of a manifest those that it does not show all of.
func (r *Report) twins() []string {
	var lines []string
	for _, twins := range r.Twins {
		if twins.Desired || !r.Manifest && !slices.Contains(twins.Names, r.onlyName()) {
			continue
		}
		lines = append(lines, fmt.Sprintf("%s differ only in case, and are %d secrets of vault %s: check that you write the one that you mean",
			strings.Join(r.cleanAll(twins.Names), " and "), len(twins.Names), r.vaultText(twins.VaultID)))
	}
	return lines
}

// onlyName is the name of the single secret.
func (r *Report) onlyName() string {
	if len(r.Changes) != 1 {
		return ""
	}
	return r.Changes[0].Name()
}
