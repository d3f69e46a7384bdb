package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// maxMarkdown keeps a summary of any number of secrets within what a summary
// (internal/ci) and a comment on GitHub may have, with room for what stands
// around the table.
const maxMarkdown = 48 << 10

// Summary is the run as Markdown. It never holds a value.
func (r *Report) Summary() string {
	problems, isLint := r.linted()
	switch {
	case isLint:
		return r.lintSummary(problems)
	case r.Check != nil:
		return r.checkSummary()
	case r.Exported != nil:
		return r.exportSummary()
	case r.Listed != nil:
		return r.listSummary()
	case r.Operation == plan.OpGenerate:
		return r.generatedSummary()
	case !r.Manifest:
		return r.singleSummary()
	}
	return r.heading() + "\n\n" + r.details()
}

// heading is the first line about many secrets. Values that are written again are no
// changes.
func (r *Report) heading() string {
	outcome, _ := r.Outcome()
	switch {
	case r.refused():
		return "### ❌ Plan refused: " + reason(r.Code())
	case outcome == apply.Planned && r.rewrites():
		return "### No changes to names or hosts: " + counted(len(r.Results), "secret")
	case outcome == apply.Planned:
		return "### Plan: " + r.planned().words()
	case outcome == apply.Unchanged && len(r.quietMirrors()) > 0:
		return "### No changes to names or hosts: " + counted(len(r.Results), "secret") + "; not every mirror was looked at"
	case outcome == apply.Unchanged:
		return "### No changes: " + agree(len(r.Results), "secret matches", "secrets match") + " the manifest"
	}
	return "### Nairi vaults"
}

// details are the run of many secrets without a heading.
func (r *Report) details() string {
	var b strings.Builder
	lines := slices.Concat(r.inAll(), r.tally(), r.toCome())
	if len(r.Results) == 0 {
		lines = r.problems()
	}
	for _, line := range lines {
		b.WriteString(escape(line) + "\n\n")
	}
	if failure, hint := r.Failure(); failure != "" {
		fmt.Fprintf(&b, "%s\n\n%s\n\n", code(failure), escape(hint))
	}
	b.WriteString(r.changedList())
	b.WriteString(r.lackingList())
	b.WriteString(r.quietList())
	b.WriteString(r.wider())
	b.WriteString(r.lists())
	if left := r.tables(&b); left > 0 {
		fmt.Fprintf(&b, "\n%d more are left out here; the log has them all.\n", left)
	}
	return b.String() + r.againFold() + r.unmanagedFold()
}

// singleSummary is a table of one row, and the error if there is one.
func (r *Report) singleSummary() string {
	result := r.one()
	outcome, _ := r.Outcome()
	secret := seen(result)
	cells := []string{
		code(string(result.Change.Desired.Operation)),
		code(r.secretName(secret)),
		string(outcome),
		r.domains(result.Change.Current),
		r.domains(result.After),
		code(timestamp(secret.UpdatedAt)),
	}
	text := "### Nairi vault " + code(string(r.vault())) + "\n\n" +
		"| operation | secret | result | domains before | domains after | updated at |\n" +
		"| --- | --- | --- | --- | --- | --- |\n" +
		"| " + strings.Join(cells, " | ") + " |\n"
	return text + r.madeMarkdown(&result) + r.mirrorTable(&result) + r.failureMarkdown()
}

// failureMarkdown is what went wrong, if anything did.
func (r *Report) failureMarkdown() string {
	failure, hint := r.Failure()
	if failure == "" {
		return ""
	}
	text := fmt.Sprintf("\n%s\n\n", code(failure))
	for _, problem := range r.problems() {
		text += "- " + code(problem) + "\n"
	}
	return text + "\n" + escape(hint) + "\n"
}

// domains shows the domains of a secret as it stood at one time.
func (r *Report) domains(s *nairi.Secret) string {
	switch {
	case s == nil:
		return "–"
	case len(s.AllowedDomains) == 0:
		return s.AllowedDomains.String()
	}
	return strings.Join(r.codes(s.AllowedDomains.Entries()), "<br>")
}

// wider calls by name what may go to more hosts than before.
func (r *Report) wider() string {
	var b strings.Builder
	left := 0
	for _, change := range r.Changes {
		wider := change.WiderHosts()
		if len(wider) == 0 {
			continue
		}
		line := fmt.Sprintf("- **wider than before:** %s may now go to %s\n", code(r.name(&change)), strings.Join(r.first(wider, "", "and "), " "))
		if b.Len()+len(line) > maxMarkdown/2 {
			left++
			continue
		}
		b.WriteString(line)
	}
	if left > 0 {
		fmt.Fprintf(&b, "- **wider than before:** %d more; the log names them\n", left)
	}
	if b.Len() > 0 {
		b.WriteString("\n")
	}
	return b.String()
}

// tables writes a table for each vault, and returns how many rows had no room.
func (r *Report) tables(b *strings.Builder) (left int) {
	var vault nairi.VaultID
	for i, change := range r.Changes {
		if i >= len(r.Results) || change.Err == nil && !change.Writes() {
			continue // it is as wanted
		}
		if rewritten(&r.Results[i]) {
			continue // it is named apart
		}
		if left > 0 { // nor is there room for what comes after
			left++
			continue
		}
		row := r.row(i)
		if vault != change.VaultID {
			vault = change.VaultID
			row = fmt.Sprintf("\n#### %s\n\n| secret | change | domains | result |\n| --- | --- | --- | --- |\n", r.vaultMarkdown(vault)) + row
		}
		if b.Len()+len(row) > maxMarkdown {
			left++
			continue
		}
		b.WriteString(row)
	}
	return left
}

func (r *Report) row(i int) string {
	change, result := r.Changes[i], r.Results[i]
	outcome := string(result.Outcome)
	if failed := codeOf(result); failed != "" {
		outcome += " " + code(string(failed))
	}
	return fmt.Sprintf("| %s | %s | %s | %s |\n", code(r.name(&change)), r.does(&change)+isMade("<br>", &change)+r.mirrorCell(&result), r.difference(change), outcome)
}

// actionName is the action as the results output and the summary spell it: what
// does nothing says whether the secret is there.
func actionName(change plan.Change) string {
	switch {
	case change.Action != plan.NoOp:
		return string(change.Action)
	case change.Current == nil:
		return "gone"
	}
	return "keep"
}

// sends is what a change sends, in words.
func sends(change plan.Change) string {
	switch {
	case change.Action != plan.Update:
		return actionName(change)
	case change.SendsValue() && change.Patch.AllowedDomains != nil:
		return "update value and domains"
	case change.SendsValue():
		return "update value" + dated(change)
	}
	return "update domains"
}

// difference shows the domains that a change adds and removes.
func (r *Report) difference(change plan.Change) string {
	switch {
	case change.Action == plan.Create:
		return strings.Join(r.first(change.Desired.Domains.Entries(), "+ ", "+ "), "<br>")
	case change.Action != plan.Update || change.Patch.AllowedDomains == nil:
		return ""
	}
	now, before := *change.Patch.AllowedDomains, change.Hosts()
	lines := append(r.first(now.Without(before), "+ ", "+ "), r.first(before.Without(now), "− ", "− ")...)
	if len(change.WiderHosts()) > 0 {
		lines = append([]string{"**wider**"}, lines...)
	}
	return strings.Join(lines, "<br>")
}
