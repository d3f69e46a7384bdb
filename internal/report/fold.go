package report

import (
	"fmt"

	"github.com/nairi-community/vault-secret/internal/plan"
)

// Fold is a list that is long and dull: a log shows it once a reader asks for it.
type Fold struct {
	Title string
	Lines []string
	// Short is the list in one line, for a log that folds nothing; empty for a list that is
	// not worth one.
	Short string
}

// mostFolded is how many lines a fold has at most: to take secrets out of the names of
// many thousands takes its time.
const mostFolded = 500

// fewNames is how many names stand in one line; more are folded.
const fewNames = 10

// Folds are the secrets that a plan only counts: those whose value is written again, and
// those that are unchanged.
func (r *Report) Folds() []Fold {
	if !r.Manifest || r.planless() {
		return nil
	}
	again := r.foldOf("to write again", func(c *plan.Change) bool { return c.Rewrites() })
	kept := r.foldOf("unchanged", func(c *plan.Change) bool { return c.Err == nil && c.Action == plan.NoOp })
	kept.Short = ""
	var folds []Fold
	for _, fold := range []Fold{again, kept} {
		if len(fold.Lines) > 0 {
			folds = append(folds, fold)
		}
	}
	return folds
}

// foldOf has the changes that are selected, a line each.
func (r *Report) foldOf(what string, selects func(*plan.Change) bool) Fold {
	var lines []string
	var groups []group
	n := 0
	for i := range r.Changes {
		change := &r.Changes[i]
		if !selects(change) {
			continue
		}
		groups = add(groups, change.VaultID, func() string { return r.name(change) })
		if n++; n <= mostFolded {
			lines = append(lines, "  "+r.name(change)+r.inNamed(change.VaultID))
		}
	}
	if n > mostFolded {
		lines = append(lines, "  … and "+thousands(n-mostFolded)+" more")
	}
	thing := "secret"
	if what != "unchanged" {
		thing = "value"
	}
	fold := Fold{Title: fmt.Sprintf("%s %s %s", thousands(n), plural(n, thing, thing+"s"), what), Lines: lines}
	fold.Short = fold.Title
	for i, g := range groups {
		fold.Short += plural(i+1, ": ", "; ") + g.few() + r.inNamed(g.vault)
	}
	fold.Short += "."
	return fold
}

// IsShort reports whether one line has the whole list.
func (f Fold) IsShort() bool { return len(f.Lines) <= fewNames }
