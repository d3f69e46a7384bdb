package report

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// target is a mirror as the user spells it. Its names come from an input or a manifest.
func (r *Report) target(t mirror.Target) string { return r.clean(t.String()) }

// mirrored is what became of one mirror, as JSON.
type mirrored struct {
	Mirror string `json:"mirror"`
	Result string `json:"result"`
}

// mirrorsOf are those of a result, in their order; nil where there are none.
func (r *Report) mirrorsOf(result *apply.Result) []mirrored {
	var mirrors []mirrored
	for _, m := range told(result) {
		mirrors = append(mirrors, mirrored{r.target(m.Target), string(m.Outcome)})
	}
	return mirrors
}

// told is what is known of the mirrors of a result. Those of a dry run would be written.
func told(result *apply.Result) []apply.MirrorResult {
	if len(result.Mirrors) > 0 || result.Outcome != apply.Planned {
		return result.Mirrors
	}
	var mirrors []apply.MirrorResult
	for _, m := range result.Change.Mirrors() {
		mirrors = append(mirrors, apply.MirrorResult{Target: m.Target, Outcome: apply.Planned})
	}
	return mirrors
}

// mirrors are the mirrors of the one secret as a JSON array; "" where there are none.
func (r *Report) mirrors() string {
	one := r.one()
	mirrors := r.mirrorsOf(&one)
	if mirrors == nil {
		return ""
	}
	return string(mustJSON(mirrors))
}

// hidesMirrors reports whether there is a secret in the name of a mirror.
func (r *Report) hidesMirrors(result *apply.Result) bool {
	return slices.ContainsFunc(told(result), func(m apply.MirrorResult) bool { return r.hides(m.Target.String()) })
}

// isWritten reports whether GitHub confirmed that a mirror has the value.
func isWritten(m apply.MirrorResult) bool {
	return m.Outcome == apply.Created || m.Outcome == apply.Updated
}

// mayBeWritten reports whether a mirror has the value, as far as anybody knows.
func mayBeWritten(m apply.MirrorResult) bool { return isWritten(m) || m.Outcome == apply.Unknown }

// changedBy reports whether a result changed something, or may have: a vault may have had
// the value already, and its mirrors not.
func changedBy(result *apply.Result) bool {
	return result.Changed || slices.ContainsFunc(result.Mirrors, mayBeWritten)
}

// MirrorLines say what became of the mirrors of one change of many, once all of them are
// done. Those of values that are written again are counted in the end, and what has failed
// in the vault was told before.
func (r *Report) MirrorLines(result apply.Result) []string {
	switch {
	case len(result.Mirrors) == 0:
		return nil
	case lacking(&result):
		return r.ResultLines(result)
	case result.Err != nil, rewritten(&result):
		return nil
	case mirroredAlone(&result):
		return []string{r.resultLine(&result) + " " + r.mirroredTo(&result)}
	}
	return []string{r.name(&result.Change) + r.inVault(result.Change.VaultID) + " is also in " + r.alsoIn(&result) + "."}
}

// UnseenMirrors say which mirrors a run that only plans could not look at, a line each: its
// token may be one that must not.
func (r *Report) UnseenMirrors(err error) []string {
	errs := []error{err}
	var look *apply.MirrorLookError
	if errors.As(err, &look) {
		errs = look.Errs
	}
	var lines []string
	for _, err := range errs[:min(len(errs), mostWarnings)] {
		lines = append(lines, "A mirror was not looked at, so the plan does not show what it has: "+problem.Sentence(r.said(&apply.MirrorLookError{Errs: []error{err}})))
	}
	if more := len(errs) - mostWarnings; more > 0 {
		lines = append(lines, agree(more, "more mirror was", "more mirrors were")+" not looked at.")
	}
	return lines
}

// lacking reports whether the vault has the value of a result, and not each of its mirrors.
func lacking(result *apply.Result) bool {
	var lacking *apply.MirrorError
	return errors.As(result.Err, &lacking)
}

// alsoIn are the mirrors of a result that have all been written.
func (r *Report) alsoIn(result *apply.Result) string {
	var names []string
	for _, m := range result.Mirrors {
		names = append(names, fmt.Sprintf("%s (%s)", r.target(m.Target), m.Outcome))
	}
	return enumerated(names)
}

// enumerated is a list in a sentence.
func enumerated(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// mirrorNotes say which mirrors of the single secret have been written.
func (r *Report) mirrorNotes(result *apply.Result) []string {
	if len(result.Mirrors) == 0 {
		return nil
	}
	return []string{r.mirroredTo(result)}
}

// mirroredTo says which mirrors of a result have been written: all of them.
func (r *Report) mirroredTo(result *apply.Result) string {
	text := "The value is also in " + r.alsoIn(result) + "."
	if mirroredAlone(result) {
		return "The API reports no change in the vault. Most likely it already had this value. " + text
	}
	return text
}

// mirroredAlone reports whether mirrors are all that was updated: the vault had the value.
func mirroredAlone(result *apply.Result) bool {
	return result.Outcome == apply.Updated && !result.Changed
}

// why is why a result is not as it was to be.
func (r *Report) why(result *apply.Result) string {
	if lacking(result) {
		return r.spread(result)
	}
	text := r.said(result.Err, result.Change)
	if inDoubt(result) {
		name := cmp.Or(r.name(&result.Change), r.id(result.Change.SecretID()))
		text = name + r.inVault(result.Change.VaultID) + " may or may not have been " + string(result.Change.Action) + "d: " + text
	}
	if result.Outcome != apply.Planned && len(result.Change.Mirrors()) > 0 {
		text += "; no mirror was written"
	}
	return text
}

// inDoubt reports whether it is not known if a change was carried out.
func inDoubt(result *apply.Result) bool {
	return result.Outcome == apply.Unknown && result.Change.Writes() && !errors.Is(result.Err, apply.ErrTwice)
}

// spread says which places have the value, which do not, and of which that is not known.
func (r *Report) spread(result *apply.Result) string {
	has := []string{"the vault"}
	var lacking []lack
	for _, m := range result.Mirrors {
		if isWritten(m) {
			has = append(has, r.target(m.Target))
			continue
		}
		reason := r.saidOfMirror(m, result)
		holds := holding(m, stateBefore(result, m.Target))
		same := func(l lack) bool { return l.holds == holds && l.reason == reason }
		at := slices.IndexFunc(lacking, same)
		if at < 0 {
			at, lacking = len(lacking), append(lacking, lack{holds: holds, reason: reason})
		}
		lacking[at].names = append(lacking[at].names, r.target(m.Target))
	}
	what := "the value"
	if makes(&result.Change) {
		what = "the new value"
	}
	text := what + " is in " + enumerated(has)
	for _, l := range lacking {
		text += "; " + l.String()
	}
	return text
}

// lack are mirrors that do not have the value, or may not, for one reason.
type lack struct {
	names  []string
	holds  holds
	reason string
}

// String implements fmt.Stringer.
func (l lack) String() string {
	return enumerated(l.names) + " " + plural(len(l.names), l.holds.one, l.holds.many) + ": " + l.reason
}

// holds is what a mirror has, in words behind the name of one or of several.
type holds struct{ one, many string }

// holding is what a mirror has that was not written, or may not have been.
func holding(m apply.MirrorResult, before mirror.State) holds {
	switch unknown := m.Outcome == apply.Unknown; {
	case unknown && before.Known && !before.There:
		return holds{"may have it or not", "may have it or not"}
	case unknown:
		return holds{"may have it or the old one", "may have it or the old one"}
	case !before.Known:
		return holds{"has what it had", "have what they had"}
	case before.There:
		return holds{"has the old one", "have the old one"}
	}
	return holds{"does not have it", "do not have it"}
}

// stateBefore is what was known of a mirror when the run began.
func stateBefore(result *apply.Result, target mirror.Target) mirror.State {
	for _, m := range result.Change.Desired.Mirrors {
		if m.Target == target {
			return m.State
		}
	}
	return mirror.State{}
}

// saidOfMirror is why a mirror does not have the value. It stands behind the name of the
// mirror, which most errors say too.
func (r *Report) saidOfMirror(m apply.MirrorResult, result *apply.Result) string {
	change := result.Change
	change.Desired.Mirrors = []mirror.Mirror{{Target: m.Target}} // it says nothing of the others
	text := r.said(m.Err, change)
	if _, rest, found := strings.Cut(text, r.target(m.Target)+": "); found {
		return rest
	}
	return text
}

// tally are how many mirrors of many secrets have been written, and how many have not, as a
// sentence of its own or none.
func (r *Report) tally() []string {
	var written, unknown, failed int
	for i := range r.Results {
		for _, m := range r.Results[i].Mirrors {
			switch {
			case isWritten(m):
				written++
			case m.Outcome == apply.Unknown:
				unknown++
			case m.Outcome == apply.Failed:
				failed++
			}
		}
	}
	if written+unknown+failed == 0 {
		return nil
	}
	parts := []string{agree(written, "mirror was", "mirrors were") + " written"}
	if failed > 0 {
		parts = append(parts, agree(failed, "was", "were")+" not")
	}
	if unknown > 0 {
		parts = append(parts, strconv.Itoa(unknown)+" may have been")
	}
	return []string{enumerated(parts) + "."}
}

// goesTo are the mirrors of a change, in its plan. One that lacks the secret, or has a value
// that is too old, says so: it may be why the value is written at all.
func (r *Report) goesTo(change *plan.Change) []string {
	var names []string
	for _, m := range change.Mirrors() {
		name := r.clean(m.Target.Spelled())
		switch {
		case m.State.Known && !m.State.There:
			name += " (new there)"
		case change.Lags(&m):
			name += " (behind)"
		}
		names = append(names, name)
	}
	return names
}

// goesToo says at the end of a line of the plan where the value goes beside the vault.
func (r *Report) goesToo(change *plan.Change) string {
	names := r.goesTo(change)
	if len(names) == 0 {
		return ""
	}
	return "; mirrors: " + strings.Join(names, ", ")
}

// quietMirrors say where the values of changes go that have no line of their own in a plan:
// those that are written again, and those that are kept unless a mirror lacks them, where
// nobody looked at the mirrors. Whoever approves a plan must see each place.
func (r *Report) quietMirrors() []string {
	var lines []string
	for i := range r.Changes {
		change := &r.Changes[i]
		switch {
		case change.Err != nil, len(change.Desired.Mirrors) == 0:
		case change.Rewrites():
			lines = append(lines, "The value of "+r.name(change)+r.inVault(change.VaultID)+" is written again"+r.goesToo(change)+".")
		case sendsUnseen(change):
			lines = append(lines, fmt.Sprintf("The value of %s%s goes to %s too if it is not there, or is older there. That was not looked at.", r.name(change), r.inVault(change.VaultID), r.unseenOf(change)))
		}
	}
	return lines
}

func notLookedAt(m mirror.Mirror) bool { return !m.State.Known }

// unseenOf are the mirrors of a change that nobody looked at.
func (r *Report) unseenOf(change *plan.Change) string {
	var names []string
	for _, m := range change.Desired.Mirrors {
		if notLookedAt(m) {
			names = append(names, r.clean(m.Target.Spelled()))
		}
	}
	return enumerated(names)
}

// mirrorRows are the mirrors of the single secret in Markdown.
func (r *Report) mirrorRows(result *apply.Result) []string {
	var rows []string
	for i, m := range told(result) {
		if i == mostHosts {
			return append(rows, fmt.Sprintf("and %d more", len(told(result))-i))
		}
		rows = append(rows, code(r.target(m.Target))+": "+mirrorWord(m.Outcome))
	}
	return rows
}

// mirrorWord is what became of a mirror.
func mirrorWord(outcome apply.Outcome) string {
	switch outcome {
	case apply.Planned:
		return "would be written"
	case apply.Failed:
		return "❌ not written"
	case apply.Unknown:
		return "⚠️ unknown"
	}
	return string(outcome)
}
