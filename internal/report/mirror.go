package report

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/plan"
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
		return []string{r.resultLine(result) + r.inVault(result.Change.VaultID) + ". " + r.mirroredTo(&result)}
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
		lines = append(lines, "A mirror was not looked at, so the plan does not show what it has: "+r.said(&apply.MirrorLookError{Errs: []error{err}}))
	}
	if more := len(errs) - mostWarnings; more > 0 {
		lines = append(lines, agree(more, "more mirror was", "more mirrors were")+" not looked at")
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
		return "The API reports no change in the vault; most likely it already had this value. " + text
	}
	return text
}

// mirroredAlone reports whether mirrors are all that was updated: the vault had the value.
func mirroredAlone(result *apply.Result) bool {
	return result.Outcome == apply.Updated && !result.Changed
}

// why is why a result is not as it was to be.
func (r *Report) why(result *apply.Result) string {
	switch {
	case lacking(result):
		return r.spread(result)
	case result.Outcome != apply.Planned && len(result.Change.Mirrors()) > 0:
		return r.said(result.Err, result.Change) + "; no mirror was written"
	}
	return r.said(result.Err, result.Change)
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
	return holds{"has none", "have none"}
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
	text := strings.TrimPrefix(r.said(m.Err, change), apply.ErrNotBegun.Error()+": ")
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
			lines = append(lines, "written again: "+r.name(change)+r.goesToo(change)+r.inVault(change.VaultID))
		case change.Action != plan.Delete && !change.SendsValue() && slices.ContainsFunc(change.Desired.Mirrors, notLookedAt):
			lines = append(lines, fmt.Sprintf("not looked at: the value of %s goes to %s too if that has none, or an older one", r.name(change), r.unseenOf(change))+r.inVault(change.VaultID))
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

// quietList is the same in Markdown, as far as there is room.
func (r *Report) quietList() string {
	lines := r.quietMirrors()
	if len(lines) == 0 {
		return ""
	}
	var b strings.Builder
	for i, line := range lines {
		if b.Len()+len(line) > maxMarkdown/4 {
			fmt.Fprintf(&b, "- … and the mirrors of %d more; the log has them all.\n", len(lines)-i)
			break
		}
		b.WriteString("- " + escape(line) + "\n")
	}
	return b.String() + "\n"
}

// mirrorCell is where the value goes beside the vault, in a cell of Markdown, or what became
// of each mirror once there are results.
func (r *Report) mirrorCell(result *apply.Result) string {
	names := r.goesTo(&result.Change)
	if len(result.Mirrors) > 0 {
		names = nil
		for _, m := range result.Mirrors {
			names = append(names, fmt.Sprintf("%s: %s", r.target(m.Target), m.Outcome))
		}
	}
	text := ""
	for _, name := range codesOf(names[:min(len(names), mostHosts)]) {
		text += "<br>→ " + name
	}
	if more := len(names) - mostHosts; more > 0 {
		text += fmt.Sprintf("<br>→ %d more", more)
	}
	return text
}

// mirrorTable shows the mirrors of the single secret in Markdown.
func (r *Report) mirrorTable(result *apply.Result) string {
	mirrors := told(result)
	if len(mirrors) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n| mirror | result |\n| --- | --- |\n")
	for i, m := range mirrors {
		if b.Len() > maxMarkdown/4 {
			fmt.Fprintf(&b, "| %d more | |\n", len(mirrors)-i)
			break
		}
		fmt.Fprintf(&b, "| %s | %s |\n", code(r.target(m.Target)), m.Outcome)
	}
	return b.String()
}

// lackingList says of each of many secrets which places have its value and which do not, in
// Markdown and as far as there is room.
func (r *Report) lackingList() string {
	var b strings.Builder
	left := 0
	for i := range r.Results {
		result := &r.Results[i]
		if !lacking(result) {
			continue
		}
		if left > 0 { // nor is there room for what comes after
			left++
			continue
		}
		line := fmt.Sprintf("- %s%s: %s\n", code(r.name(&r.Changes[i])), r.inVaultMarkdown(result.Change.VaultID), escape(r.spread(result)))
		if b.Len()+len(line) > maxMarkdown/4 {
			left++
			continue
		}
		b.WriteString(line)
	}
	if left > 0 {
		fmt.Fprintf(&b, "- %d more; the log has them all.\n", left)
	}
	if b.Len() > 0 {
		b.WriteString("\n")
	}
	return b.String()
}
