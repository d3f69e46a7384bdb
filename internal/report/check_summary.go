package report

import (
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/drift"
	"github.com/nairi-community/vault-secret/internal/nairi"
)

// checkSummary is what a check found as Markdown: what is off in each vault, and how
// old the values are.
func (r *Report) checkSummary() string {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s %s\n\n", r.checkSign(), r.checkHeading())
	b.WriteString(r.reachMore(maxMarkdown / 2))
	for _, note := range r.ageNote() {
		b.WriteString(escape(note) + "\n\n")
	}
	if advice := r.checkAdvice(); advice != "" {
		fmt.Fprintf(&b, "**What to do:** %s\n\n", advice)
	}
	ages := r.ages()
	left := 0
	findings := r.findingsByVault()
	for _, vault := range r.Desired {
		left += r.findingTable(&b, vault.ID, findings[vault.ID], maxMarkdown-len(ages))
	}
	if left > 0 {
		fmt.Fprintf(&b, "%d more are left out here; the log has them all.\n\n", left)
	}
	return b.String() + ages + r.folded(r.tolerated().unmanagedNamed())
}

// checkAdvice is what to do about what is off, or about a check that could not be made.
func (r *Report) checkAdvice() string {
	failure, _ := r.Failure()
	if advice := r.issueAdvice(); advice != "" {
		return advice
	}
	return escape(failure.Hint)
}

// mostReaching is how many secrets are named that reach too many hosts; their tables
// have all.
const mostReaching = 20

// reachMore calls by name what can be sent to more hosts than the manifest allows, as
// far as there is room: that is what a reader must not miss. Without alerts it is a
// quotation that reads as well.
func (r *Report) reachMore(room int) string {
	var lines []string
	for _, f := range r.findings() {
		if more := r.reaching(f); more != "" {
			lines = append(lines, fmt.Sprintf("> - %s%s → %s\n", code(r.clean(f.Name)), r.inVaultMarkdown(f.VaultID), more))
		}
	}
	if len(lines) == 0 {
		return ""
	}
	text := fmt.Sprintf("> [!CAUTION]\n> **%s reach more hosts than the manifest allows.**\n>\n", agree(len(lines), "secret can", "secrets can"))
	for i, line := range lines {
		if i == mostReaching || len(text)+len(line) > room {
			text += fmt.Sprintf("> - and %d more\n", len(lines)-i)
			break
		}
		text += line
	}
	return text + "\n"
}

// reaching are the hosts that a secret can be sent to, and that the manifest does not
// allow.
func (r *Report) reaching(f drift.Finding) string {
	if f.Kind != drift.Hosts || f.Wanted.Unlimited() {
		return ""
	}
	if f.There.Unlimited() {
		return "**" + anyHost + "**"
	}
	return r.hosts(f.There.Beyond(f.Wanted), f.Wanted, code)
}

// checkSign is a sign for what the words behind it say.
func (r *Report) checkSign() string {
	switch {
	case len(r.findings()) == 0:
		return "✅"
	case r.Err == nil:
		return "⚠️"
	}
	return "❌"
}

// kinds are the kinds of findings for people.
var kinds = map[drift.Kind]string{
	drift.Missing: "missing", drift.Extra: "not in the manifest", drift.Hosts: "different hosts", drift.Twice: "there more than once",
	drift.Present: "still there", drift.Stale: "too old",
}

// findingTable writes what is off in a vault, and returns how many rows had no room.
func (r *Report) findingTable(b *strings.Builder, vault nairi.VaultID, findings []drift.Finding, room int) (left int) {
	rows := r.findingRows(findings)
	if len(rows) == 0 {
		return 0
	}
	text := fmt.Sprintf("#### %s\n\n| Secret | What is off |\n| --- | --- |\n", r.vaultMarkdown(vault))
	for i, row := range rows {
		if b.Len()+len(text)+len(row) > room {
			if i == 0 {
				return len(rows)
			}
			left = len(rows) - i
			break
		}
		text += row
	}
	b.WriteString(text + "\n")
	return left
}

// findingRows are the rows of a vault's table.
func (r *Report) findingRows(findings []drift.Finding) []string {
	var rows []string
	secretive := 0
	for _, f := range findings {
		if r.secretive(f) {
			secretive += len(f.IDs)
			continue
		}
		rows = append(rows, fmt.Sprintf("| %s | %s |\n", code(r.clean(f.Name)), r.whatIsOff(f)))
	}
	if secretive > 0 {
		rows = append(rows, fmt.Sprintf("| %s | **not in the manifest**; names are shown only in a private repository |\n", counted(secretive, "secret")))
	}
	return rows
}

// whatIsOff is a finding in a cell of a table.
func (r *Report) whatIsOff(f drift.Finding) string {
	text := "**" + kinds[f.Kind] + "**"
	switch f.Kind {
	case drift.Hosts:
		text += "<br>" + strings.Join(r.otherHosts(f, code), "<br>")
	case drift.Stale:
		text += "<br>" + r.agedWords(f)
	case drift.Twice, drift.Extra, drift.Present:
		text += "<br>" + strings.Join(codesOf(r.ids(f)), " ")
	}
	return text
}
