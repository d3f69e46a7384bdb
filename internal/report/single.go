package report

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// singlePlan is the plan of one secret. That there is none is told as a failure.
func (r *Report) singlePlan() []string {
	if len(r.Changes) != 1 || r.blocked() {
		return nil
	}
	change := &r.Changes[0]
	name, vault := r.nameOrID(before(*change)), string(change.VaultID)
	switch {
	case change.Action == plan.Delete:
		return []string{fmt.Sprintf("Plan: delete %s from vault %s.", r.secretName(*change.Current), vault)}
	case change.Action != plan.NoOp:
		return append([]string{fmt.Sprintf("Plan: %s %s in vault %s.", change.Action, name, vault)}, r.steps(change)...)
	case change.Current == nil:
		return []string{fmt.Sprintf("Plan: nothing to delete. Vault %s has no secret %s.", vault, name)}
	}
	return []string{fmt.Sprintf("Plan: no change to %s.", r.secretName(*change.Current))}
}

// nameOrID is what a secret is called, and its ID if it has no name.
func (r *Report) nameOrID(s nairi.Secret) string {
	if name := r.clean(s.EnvKey); name != "" {
		return name
	}
	return r.id(s.ID)
}

// singleEnding is what became of the one secret, for the log.
func (r *Report) singleEnding() Ending {
	result := r.one()
	if result.Err != nil && !lacking(&result) {
		return Ending{}
	}
	ending := Ending{Results: []string{r.singleLine(&result)}}
	if result.Err == nil {
		ending.Results = append(ending.Results, r.mirrorNotes(&result)...)
		ending.Notes = advice(&result)
	}
	if result.Note != "" {
		ending.Notes = append(ending.Notes, result.Note)
	}
	return ending
}

// singleLine is what became of the one secret, in a sentence or two.
func (r *Report) singleLine(result *apply.Result) string {
	secret := seen(*result)
	name := r.secretName(secret)
	switch result.Outcome {
	case apply.Planned:
		return fmt.Sprintf("Dry run: %s would be %sd. Nothing was changed.", r.nameOrID(secret), result.Change.Action)
	case apply.Absent:
		return fmt.Sprintf("Nothing to delete: vault %s has no secret %s.", result.Change.VaultID, r.nameOrID(secret))
	case apply.Deleted:
		return "Deleted " + name + "."
	case apply.Unchanged:
		return r.unchangedLine(result, name) + changedAt(" Last changed ", secret.UpdatedAt)
	}
	if mirroredAlone(result) {
		return "Unchanged in the vault: " + name + "."
	}
	return wrote(result) + " " + name + changedAt(" at ", secret.UpdatedAt)
}

// wrote is what was done to a secret that was written, at the beginning of a sentence.
func wrote(result *apply.Result) string {
	if result.Change.Action == plan.Create {
		return "Created"
	}
	return "Updated"
}

// unchangedLine says why nothing is different: nothing was sent, or the API says so.
func (r *Report) unchangedLine(result *apply.Result, name string) string {
	switch {
	case result.Change.Action != plan.NoOp:
		return fmt.Sprintf("Unchanged: the API reports no change to %s. Most likely it already had this value.", name)
	case result.Change.Desired.Domains != nil:
		return fmt.Sprintf("Unchanged: %s already has these hosts.", name)
	}
	return fmt.Sprintf("Unchanged: there was nothing to write to %s.", name)
}

// changedAt ends a sentence with a time, if there is one.
func changedAt(words string, at time.Time) string {
	switch {
	case !at.IsZero():
		return words + moment(at) + "."
	case strings.HasPrefix(words, " at"):
		return "."
	}
	return ""
}

// moment is a time for people, in UTC and to the second.
func moment(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05") + " UTC" }

// advice says what happens next, as far as it is documented: attached agents
// pick a rotated value up by themselves (https://nairi.ai/docs/api/vaults/overview).
func advice(result *apply.Result) []string {
	switch {
	case result.Outcome == apply.Updated && result.Changed && result.Change.SendsValue():
		return []string{"Agents with this vault attached pick the value up within minutes. No redeploy is needed."}
	case result.Outcome == apply.Created:
		return []string{"If an agent does not see it, attach the vault to the agent and redeploy the agent."}
	}
	return nil
}

// singleSummary is one secret as Markdown: what became of it, of its value and of its
// hosts, and where it is.
func (r *Report) singleSummary() string {
	result := r.one()
	var problems problem.List
	var b strings.Builder
	b.WriteString("### " + r.singleHeading(&result) + "\n")
	switch {
	case errors.As(r.Err, &problems):
		b.WriteString(r.inputList(problems))
	case result.Outcome == apply.Failed:
		b.WriteString(r.failureMarkdown() + r.requestFold(&result))
	default:
		b.WriteString(r.singleTable(&result))
	}
	return b.String() + r.warned()
}

// singleHeading is what became of the secret, with its name.
func (r *Report) singleHeading(result *apply.Result) string {
	var problems problem.List
	name, change := r.singleName(result), &result.Change
	switch {
	case errors.As(r.Err, &problems):
		return "❌ Nothing was sent: " + counted(len(problems), "problem") + r.ofWhat(problems, code)
	case result.Outcome == apply.Absent:
		return "✅ Nothing to delete: no " + name + " in " + code(string(change.VaultID))
	case result.Outcome == apply.Unknown:
		return "⚠️ " + name + ": outcome unknown"
	case result.Outcome == apply.Planned:
		return fmt.Sprintf("🔍 Dry run: %s would be %sd", name, change.Action)
	case lacking(result):
		return "❌ " + name + " " + strings.ToLower(wrote(result)) + ", but not every mirror has the value"
	case result.Outcome == apply.Failed && change.Action == plan.Delete, result.Outcome == apply.Failed && change.Action == plan.Create:
		return fmt.Sprintf("❌ %s was not %sd", name, change.Action)
	case result.Outcome == apply.Failed:
		return "❌ " + name + " was not changed"
	case mirroredAlone(result):
		return "✅ " + name + " unchanged in the vault, mirrors written"
	}
	return "✅ " + name + " " + string(result.Outcome)
}

// singleName is the secret in a heading.
func (r *Report) singleName(result *apply.Result) string {
	if name := r.nameOrID(seen(*result)); name != "" {
		return code(name)
	}
	return "The secret"
}

// singleTable has a row for each thing there is to know, and the hosts behind it.
func (r *Report) singleTable(result *apply.Result) string {
	secret, change := seen(*result), &result.Change
	var b strings.Builder
	if result.Outcome == apply.Planned {
		b.WriteString("\nNothing was changed.\n")
	}
	b.WriteString(r.reachAlert(result))
	if result.Outcome == apply.Unknown || lacking(result) {
		b.WriteString(r.failureMarkdown())
	}
	if result.Outcome == apply.Absent {
		return b.String()
	}
	row := func(name, text string) {
		if text != "" {
			b.WriteString("| " + name + " | " + text + " |\n")
		}
	}
	b.WriteString("\n| | |\n| --- | --- |\n")
	row("Value", valueCell(result))
	hosts, diff := r.hostsCell(result)
	row("Hosts", hosts)
	for _, m := range r.mirrorRows(result) {
		row("Mirror", m)
	}
	if result.Outcome != apply.Planned && result.Outcome != apply.Unknown && !secret.UpdatedAt.IsZero() {
		row("Last changed", moment(secret.UpdatedAt))
	}
	row("Secret", code(r.id(secret.ID)))
	row("Vault", r.vaultMarkdown(change.VaultID))
	b.WriteString(diff)
	for _, line := range advice(result) {
		b.WriteString("\n" + line + "\n")
	}
	return b.String()
}

// valueCell is what became of the value.
func valueCell(result *apply.Result) string {
	change := &result.Change
	how := ""
	if makes(change) {
		how = ", generated: " + made(*change.Desired.Generate)
	}
	switch sent := change.SendsValue(); {
	case change.Action == plan.Delete && result.Outcome == apply.Deleted:
		return "deleted with the secret"
	case change.Action == plan.Delete, result.Outcome == apply.Absent:
		return ""
	case !sent:
		return "not touched"
	case result.Outcome == apply.Planned:
		return "would be written" + how
	case result.Outcome == apply.Unknown:
		return "⚠️ unknown: sent, no usable answer"
	case !result.Changed && change.Action == plan.Update:
		return "same as before, as far as the API tells"
	}
	return "**written**" + how
}

// hostsCell is what became of the hosts, and what they gained and lost in a block of its
// own. What is unknown is not shown as if it were known.
func (r *Report) hostsCell(result *apply.Result) (cell, diff string) {
	change := &result.Change
	kept := keptHosts(change)
	changes := kept == "" && change.Hosts().Known()
	switch {
	case result.Outcome == apply.Unknown && change.Action == plan.Delete:
		return "", ""
	case result.Outcome == apply.Unknown && kept == "":
		return "⚠️ unknown: sent, no usable answer", ""
	case result.Outcome == apply.Unknown:
		return "not part of this update", ""
	case change.Action == plan.Delete && result.Outcome == apply.Planned:
		return r.hostCell(change.Hosts()), ""
	case change.Action == plan.Delete:
		return "were " + r.hostCell(change.Hosts()), ""
	case change.Action == plan.Create && result.Outcome != apply.Planned && result.After != nil:
		return r.hostCell(result.After.AllowedDomains), ""
	case change.Action == plan.Create:
		return r.hostCell(change.Desired.Domains.Canonical()), ""
	case changes && result.Outcome == apply.Planned:
		return "**would change**, see below", r.hostDiff(change)
	case changes && result.Changed:
		return "**changed**, see below", r.hostDiff(change)
	case result.After == nil && change.Current == nil:
		return "", ""
	case result.After != nil:
		return "unchanged: " + r.hostCell(result.After.AllowedDomains), ""
	}
	return "unchanged: " + r.hostCell(change.Hosts()), ""
}

// hostDiff shows the hosts that stay, come and go.
func (r *Report) hostDiff(change *plan.Change) string {
	_, loses := hostsOf(change)
	stay := slices.DeleteFunc(change.Hosts().Entries(), func(host string) bool { return slices.Contains(loses, host) })
	lines := append(signed(" ", mostHosts, stay, r.plainHost), r.hostSigns(change, "", mostGained, r.plainHost)...)
	return "\n```diff\n" + strings.Join(lines, "\n") + "\n```\n"
}

// hostCell is a list of hosts in a cell.
func (r *Report) hostCell(list domains.List) string {
	if !list.Known() {
		return "not known"
	}
	return r.hostsMarkdown(list.Entries())
}

// reachAlert calls by name the hosts that a secret can reach now and could not before.
func (r *Report) reachAlert(result *apply.Result) string {
	text := r.reachText(result, codesOf)
	if text == "" {
		return ""
	}
	return "\n> [!" + alertKind(result.Change.WiderHosts()) + "]\n> " + text + "\n"
}

// reachText says which hosts the one secret can reach that it could not reach before, or
// would: "" for none. Without a look before the write the old hosts are unknown, so that
// only any host is worth it.
func (r *Report) reachText(result *apply.Result, show func([]string) []string) string {
	verb := " can now "
	switch result.Outcome {
	case apply.Planned:
		verb = " would be able to "
	case apply.Created, apply.Updated, apply.Partial:
	default:
		return ""
	}
	reached := result.Change.WiderHosts()
	name := strings.Join(show([]string{r.nameOrID(seen(*result))}), "")
	switch {
	case slices.Contains(reached, domains.Any) && result.Outcome == apply.Planned:
		return name + " could then be sent to any host. " + r.own("Set allowed_domains to limit it.")
	case slices.Contains(reached, domains.Any):
		return name + " can now be sent to any host. " + r.own("Set allowed_domains to limit it.")
	case len(reached) > 0 && result.Change.Current != nil:
		return name + verb + "reach more hosts than before: " + strings.Join(atMost(show(r.cleanAll(reached))), ", ") + "."
	}
	return ""
}

// inputList are the problems of inputs, an item each.
func (r *Report) inputList(problems problem.List) string {
	text := "\n" + fitted(len(problems), len(problems), maxMarkdown, func(i int) string { return "- " + r.problemItem(problems[i]) + "\n" }, "- … and %d more.\n")
	f, _ := r.Failure()
	if f.Hint != "" {
		text += "\n" + toDo(f.Hint)
	}
	return text + "\nError code " + codeLink(f.Code) + "\n"
}

// problemItem is a problem in Markdown, with what it is about in bold.
func (r *Report) problemItem(p problem.Problem) string {
	item := r.problemSaid(p, "**")
	if p.File != "" || p.Line > 0 {
		item = code(p.Position()) + ": " + item
	}
	return item
}

// problemSaid is that without the place, with what it is about between some signs.
func (r *Report) problemSaid(p problem.Problem, signs string) string {
	subject, text := p.Parts()
	said := escape(r.clean(problem.Sentence(text)))
	switch {
	case subject == "":
		return said
	case strings.HasPrefix(text, "entry "):
		said = ": " + said
	default:
		said = " " + said
	}
	return signs + code(subject) + signs + said
}

// codeLink is an error code that leads to its entry.
func codeLink(c problem.Code) string { return "[" + code(string(c)) + "](" + c.Help() + ")" }

// requestFold has what only some readers want to know of a failure.
func (r *Report) requestFold(result *apply.Result) string {
	f, _ := r.Failure()
	var b strings.Builder
	b.WriteString("\n<details><summary>Details</summary>\n\n| | |\n| --- | --- |\n| Error code | " + codeLink(f.Code) + " |\n")
	for _, row := range [][2]string{
		{"Request", f.Request}, {"Operation", string(result.Change.Desired.Operation)},
		{"Secret", r.id(seen(*result).ID)}, {"Vault", string(result.Change.VaultID)},
	} {
		if row[1] != "" {
			fmt.Fprintf(&b, "| %s | %s |\n", row[0], code(row[1]))
		}
	}
	return b.String() + "\n</details>\n"
}

// failureMarkdown is what went wrong and what to do, if anything did.
func (r *Report) failureMarkdown() string {
	f, failed := r.Failure()
	if !failed {
		return ""
	}
	text := "\n" + bold(f.What) + "\n"
	if f.Hint != "" {
		text += "\n" + toDo(f.Hint)
	}
	return text
}

// bold makes the first sentence of a text stand out.
func bold(text string) string {
	first, rest, found := strings.Cut(text, ". ")
	if !found {
		return "**" + escape(text) + "**"
	}
	return "**" + escape(first) + ".** " + escape(rest)
}

// warned are the warnings of the run.
func (r *Report) warned() string {
	if len(r.Warned) == 0 {
		return ""
	}
	return "\n**Warnings**\n\n" + fitted(len(r.Warned), mostHosts, maxMarkdown, func(i int) string { return "- " + escape(r.Warned[i]) + "\n" }, "- … and %d more.\n")
}
