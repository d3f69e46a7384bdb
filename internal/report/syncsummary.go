package report

import (
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// maxMarkdown keeps a summary of any number of secrets within what a summary
// (internal/ci) and a comment on GitHub may have, with room for what stands
// around the table.
const maxMarkdown = 48 << 10

// Summary is the run as Markdown: what came of it in one line, what may go to
// more hosts than before, and a table a vault of all that is not as wanted.
func (s Sync) Summary() string {
	var b strings.Builder
	b.WriteString("### Nairi vaults\n\n")
	for _, line := range s.Text() {
		b.WriteString(Escape(line) + "\n\n")
	}
	if failure, hint := s.Failure(); failure != "" {
		fmt.Fprintf(&b, "%s\n\n%s\n\n", s.cell(failure), Escape(hint))
	}
	b.WriteString(s.wider())
	left := s.tables(&b)
	if left > 0 {
		fmt.Fprintf(&b, "\n%d more are left out here; the log has them all.\n", left)
	}
	return b.String()
}

// wider calls by name what may go to more hosts than before.
func (s Sync) wider() string {
	var b strings.Builder
	left := 0
	for _, step := range s.Steps {
		wider := step.Change.Widening()
		if len(wider) == 0 {
			continue
		}
		line := fmt.Sprintf("- **wider than before:** %s may now go to %s\n", s.cell(step.Change.Name()), s.cells(wider))
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
func (s Sync) tables(b *strings.Builder) (left int) {
	var vault nairi.VaultID
	for i, step := range s.Steps {
		if i >= len(s.Results) || step.Err == nil && !step.Change.Writes() {
			continue // it is as wanted
		}
		if left > 0 { // nor is there room for what comes after
			left++
			continue
		}
		row := s.row(i)
		if vault != step.VaultID {
			vault = step.VaultID
			row = fmt.Sprintf("\n#### %s\n\n| secret | change | domains | result |\n| --- | --- | --- | --- |\n", s.cell(string(vault))) + row
		}
		if b.Len()+len(row) > maxMarkdown {
			left++
			continue
		}
		b.WriteString(row)
	}
	return left
}

func (s Sync) row(i int) string {
	step, result := s.Steps[i], s.Results[i]
	outcome := string(result.Outcome)
	if code := CodeOf(result); code != "" {
		outcome += " " + s.cell(string(code))
	}
	return fmt.Sprintf("| %s | %s | %s | %s |\n", s.cell(step.Change.Name()), doing(step.Change), s.difference(step.Change), outcome)
}

// doing is what a change sends, in words.
func doing(change plan.Change) string {
	switch {
	case change.Action != plan.Updates:
		return string(change.Action)
	case change.SendsValue() && change.Patch.AllowedDomains != nil:
		return "update value and domains"
	case change.SendsValue():
		return "update value"
	}
	return "update domains"
}

// difference shows the domains that a change adds and removes.
func (s Sync) difference(change plan.Change) string {
	switch {
	case change.Action == plan.Creates:
		return strings.Join(s.signed("+", domainsOrAny(*change.Want.Domains)), "<br>")
	case change.Action != plan.Updates || change.Patch.AllowedDomains == nil:
		return ""
	}
	now, before := domainsOrAny(*change.Patch.AllowedDomains), domainsOrAny(change.Before.AllowedDomains)
	lines := append(s.signed("+", without(now, before)), s.signed("−", without(before, now))...)
	if len(change.Widening()) > 0 {
		lines = append([]string{"**wider**"}, lines...)
	}
	return strings.Join(lines, "<br>")
}

// domainsOrAny spells the list that means any host.
func domainsOrAny(domains nairi.Domains) []string {
	if domains != nil && len(domains) == 0 {
		return []string{plan.AnyHost}
	}
	return domains
}

// without are the texts of one list that are not in another.
func without(list, other []string) []string {
	there := map[string]bool{}
	for _, text := range other {
		there[text] = true
	}
	var rest []string
	for _, text := range list {
		if !there[text] {
			rest = append(rest, text)
		}
	}
	return rest
}

// mostHosts is how many hosts of one secret are named in one place: a list of a
// thousand would leave no room for the others.
const mostHosts = 20

func (s Sync) signed(sign string, domains []string) []string {
	var lines []string
	for _, domain := range domains[:min(len(domains), mostHosts)] {
		lines = append(lines, sign+" "+s.cell(domain))
	}
	if more := len(domains) - mostHosts; more > 0 {
		lines = append(lines, fmt.Sprintf("%s %d more", sign, more))
	}
	return lines
}

// cells are the first of some texts, in one line.
func (s Sync) cells(texts []string) string {
	var cells []string
	for _, text := range texts[:min(len(texts), mostHosts)] {
		cells = append(cells, s.cell(text))
	}
	if more := len(texts) - mostHosts; more > 0 {
		cells = append(cells, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(cells, " ")
}

// cell shows text that somebody else may have written as it is.
func (s Sync) cell(text string) string { return Report{Redact: s.Redact}.code(text) }

// Writes reports whether the plan changes anything, or failed: whether there is
// something to tell a reviewer.
func (s Sync) Writes() bool {
	outcome, _ := s.overall()
	return outcome != apply.Unchanged
}
