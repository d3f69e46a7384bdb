package report

import (
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

// listSummary is what the vaults hold as Markdown: a table for each.
func (r *Report) listSummary() string {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n", r.listHeading())
	if text := strings.TrimSpace(r.openText()); text != "" {
		fmt.Fprintf(&b, "**%s**\n\n", text)
	}
	for _, line := range r.ListWarnings() {
		b.WriteString("⚠️ " + escape(line) + "\n\n")
	}
	left := 0
	for i, secrets := range r.Listed.Secrets {
		left += r.listSection(&b, r.Desired[i].ID, secrets)
	}
	if left > 0 {
		fmt.Fprintf(&b, "%d more are left out here; the log has them all.\n", left)
	}
	return b.String()
}

// listSection writes the table of a vault, and returns how many rows had no room.
func (r *Report) listSection(b *strings.Builder, vault nairi.VaultID, secrets []*nairi.Secret) (left int) {
	text := fmt.Sprintf("#### %s\n\n", r.vaultMarkdown(vault))
	if len(secrets) == 0 {
		text += "No secrets.\n"
	}
	for i, s := range secrets {
		line := r.listRow(s)
		if i == 0 {
			line = "| Secret | Hosts | Age | ID |\n| --- | --- | --- | --- |\n" + line
		}
		if b.Len()+len(text)+len(line) > maxMarkdown {
			if left = len(secrets) - i; i == 0 {
				return left
			}
			break
		}
		text += line
	}
	if b.Len()+len(text) <= maxMarkdown {
		b.WriteString(strings.TrimSuffix(text, "\n") + "\n\n")
	}
	return left
}

func (r *Report) listRow(s *nairi.Secret) string {
	hosts := strings.Join(r.listedHosts(s.AllowedDomains, mostHosts, code), "<br>")
	if s.AllowedDomains.Unlimited() {
		hosts = "**" + hosts + "**"
	}
	return fmt.Sprintf("| %s | %s | %s | %s |\n", code(r.listedName(s.EnvKey)), hosts, r.listedAge(s), code(r.id(s.ID)))
}
