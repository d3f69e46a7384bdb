package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// Values that are written again are apart from everything that changes: no stored value
// can be read back and compared, so that without a date each plan has all of them, and a
// reviewer would learn to look past "40 to update".

// plannedCounts are how many secrets of a plan come to what.
type plannedCounts struct {
	create, update, delete, again, keep int
	// Of those that write: how many values are made, and how many mirrors get one.
	made, mirrors int
}

// planned counts the changes of the plan.
func (r *Report) planned() plannedCounts {
	var n plannedCounts
	for i := range r.Changes {
		change := &r.Changes[i]
		n.mirrors += len(change.Mirrors())
		if makes(change) {
			n.made++
		}
		switch {
		case change.Err != nil:
		case change.Rewrites():
			n.again++
		case change.Action == plan.Create:
			n.create++
		case change.Action == plan.Update:
			n.update++
		case change.Action == plan.Delete:
			n.delete++
		default:
			n.keep++
		}
	}
	return n
}

// words are the counts without those of what is written again. None is left out, so
// that "0 to delete" can be read.
func (n plannedCounts) words() string {
	return fmt.Sprintf("%d to create, %d to update, %d to delete, %d unchanged", n.create, n.update, n.delete, n.keep)
}

// also are sentences about what only some plans do.
func (n plannedCounts) also() []string {
	var sentences []string
	if n.made > 0 {
		sentences = append(sentences, counted(n.made, "new value")+" will be generated.")
	}
	if n.mirrors > 0 {
		sentences = append(sentences, counted(n.mirrors, "mirror")+" will be written.")
	}
	return sentences
}

// toCome are the same of a run that only plans.
func (r *Report) toCome() []string {
	if r.counts()[apply.Planned] == 0 {
		return nil
	}
	return r.planned().also()
}

// rewritten reports whether a result is that of a value which was written again, or
// would be, and of nothing else. One that was to be created has a note.
func rewritten(result *apply.Result) bool {
	return result.Err == nil && result.Note == "" && result.Change.Rewrites() && (result.Outcome == apply.Planned || result.Outcome == apply.Updated)
}

// rewritten is how many values are written again, or were.
func (r *Report) rewritten() int {
	n := 0
	for i := range r.Results {
		if rewritten(&r.Results[i]) {
			n++
		}
	}
	return n
}

// rewrites reports whether values that are written again are all that the run writes.
func (r *Report) rewrites() bool {
	n, counts := r.rewritten(), r.counts()
	return r.Err == nil && n > 0 && n+counts[apply.Unchanged]+counts[apply.Absent] == len(r.Results)
}

// againFold names them in Markdown.
func (r *Report) againFold() fold {
	var groups []group
	for i := range r.Results {
		if rewritten(&r.Results[i]) {
			change := &r.Changes[i]
			groups = add(groups, change.VaultID, func() string { return r.name(change) })
		}
	}
	if len(groups) == 0 {
		return fold{}
	}
	what := " written again"
	if r.counts()[apply.Planned] > 0 {
		what = " to write again"
	}
	return fold{counted(r.rewritten(), "value") + what, groups}
}

// keptFold names what is as it is to be.
func (r *Report) keptFold() fold {
	var groups []group
	n := 0
	for i := range r.Results {
		if outcome := r.Results[i].Outcome; outcome == apply.Unchanged || outcome == apply.Absent {
			n++
			change := &r.Changes[i]
			groups = add(groups, change.VaultID, func() string { return r.name(change) })
		}
	}
	if n == 0 {
		return fold{}
	}
	return fold{strconv.Itoa(n) + " unchanged", groups}
}

// sentences say what else there is to know of a run in which nothing failed.
func (r *Report) sentences() string {
	n := r.rewritten()
	sentences := slices.Concat(r.toCome(), r.tally())
	switch {
	case n == 0 || r.refused() || r.blocked():
	case r.counts()[apply.Planned] > 0:
		sentences = append([]string{counted(n, "value") + " will be written again: a stored value cannot be read back, so it cannot be compared."}, sentences...)
	case n != r.counts()[apply.Updated]+r.counts()[apply.Created]+r.counts()[apply.Deleted]:
		sentences = append([]string{agree(n, "value was", "values were") + " written again."}, sentences...)
	}
	return strings.Join(sentences, " ")
}
