package report

import (
	"fmt"

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

// sentence are all of the counts.
func (n plannedCounts) sentence() string {
	text := "Plan: " + n.words() + "."
	if n.again > 0 {
		text += " " + counted(n.again, "value") + " will be written again."
	}
	for _, also := range n.also() {
		text += " " + also
	}
	return text
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

// againLines name the first values that the plan writes again.
func (r *Report) againLines() []string {
	var groups []group
	for i := range r.Changes {
		if change := &r.Changes[i]; change.Rewrites() {
			groups = add(groups, change.VaultID, func() string { return r.name(change) })
		}
	}
	if len(groups) == 1 && len(r.Desired) == 1 {
		return []string{"Values to write again: " + groups[0].few() + "."}
	}
	return r.groupLines("Values to write again", groups)
}

// wordsAgain say how many values were written again, or would be; "" for none.
func (r *Report) wordsAgain() string {
	n := r.rewritten()
	switch {
	case n == 0:
		return ""
	case r.counts()[apply.Planned] > 0:
		return agree(n, "value would be", "values would be") + " written again"
	}
	return agree(n, "value was", "values were") + " written again"
}

// toldAgain is the same as a line of its own, or none: a plan that was refused has said
// what it would write.
func (r *Report) toldAgain() []string {
	if words := r.wordsAgain(); words != "" && !r.refused() {
		return []string{words + "."}
	}
	return nil
}

// againFold names them in Markdown.
func (r *Report) againFold() string {
	var groups []group
	for i := range r.Results {
		if rewritten(&r.Results[i]) {
			change := &r.Changes[i]
			groups = add(groups, change.VaultID, func() string { return r.name(change) })
		}
	}
	if len(groups) == 0 {
		return ""
	}
	return r.fold(r.wordsAgain()+", since none can be read back to compare", groups)
}
