package report

import (
	"fmt"
	"slices"
	"strings"

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
		lines = append(lines[:mostWarnings], fmt.Sprintf("%d more names are close to others of their vault.", more))
	}
	return lines
}

// MoreHosts says, in one line, which secrets can reach hosts that they could not reach
// before, or would once the plan is carried out, and which title it has; "" for none.
func (r *Report) MoreHosts() (title, text string) {
	title, text = "more hosts", r.moreHostsOfMany()
	if !r.Manifest {
		one := r.one()
		text = r.reachText(&one, func(texts []string) []string { return texts })
		if slices.Contains(one.Change.WiderHosts(), domains.Any) {
			title = "any host"
		}
	}
	return title, text
}

// mostReached is how many secrets that reach more hosts one line names.
const mostReached = 10

// reaching is a change by which a secret can reach more hosts than before: these.
type reaching struct {
	change *plan.Change
	hosts  []string
}

// foremostOf changes the order of many, of which not each place has room for all: what opens
// most comes first.
func foremostOf(all []reaching) []reaching {
	if len(all) <= mostReached {
		return all
	}
	return ranked(all, func(one reaching) int { return opens(one.hosts) })
}

// opens ranks hosts that a secret gains: any host, then a wildcard, then the rest.
func opens(gains []string) int {
	switch {
	case gains[0] == domains.Any:
		return 0
	case strings.HasPrefix(gains[0], "*."):
		return 1
	}
	return 2
}

// alertKind is how GitHub shows an alert about hosts that are gained.
func alertKind(gains []string) string {
	if slices.Contains(gains, domains.Any) {
		return "CAUTION"
	}
	return "WARNING"
}

// ranks is how many ranks there are: 0 comes first.
const ranks = 3

// ranked are the same in the order of their ranks.
func ranked[T any](all []T, rank func(T) int) []T {
	var sorted []T
	for want := range ranks {
		for _, one := range all {
			if rank(one) == want {
				sorted = append(sorted, one)
			}
		}
	}
	return sorted
}

// moreHostsOfMany says it of the secrets of a plan.
func (r *Report) moreHostsOfMany() string {
	var all []reaching
	for i := range r.Changes {
		if hosts := r.Changes[i].WiderHosts(); len(hosts) > 0 {
			all = append(all, reaching{&r.Changes[i], hosts})
		}
	}
	if len(all) == 0 {
		return ""
	}
	all = foremostOf(all)
	var named []string
	for _, one := range all[:min(len(all), mostReached)] {
		shown := r.cleanAll(one.hosts)
		if one.change.Action == plan.Create {
			shown = append(shown, "new")
		}
		named = append(named, r.name(one.change)+r.inNamed(one.change.VaultID)+" ("+strings.Join(atMost(shown), ", ")+")")
	}
	if more := len(all) - mostReached; more > 0 {
		named = append(named, fmt.Sprintf("and %s more", thousands(more)))
	}
	return agree(len(all), "secret", "secrets") + " could reach more hosts than today: " + strings.Join(named, ", ") + "."
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
		lines = append(lines, fmt.Sprintf("%s is not in %s, %s. Did you mean %s?",
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
		lines = append(lines, fmt.Sprintf("%s differ only in case, and are %d secrets of vault %s. Check that you write the one that you mean.",
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
