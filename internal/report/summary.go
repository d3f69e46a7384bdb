package report

import (
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

// Summary is the run as Markdown: one table of one row, and the error if there
// is one. It never holds a value.
func (r Report) Summary() string {
	secret := r.secret()
	cells := []string{
		r.code(string(r.Result.Change.Want.Operation)),
		r.code(secretName(secret)),
		string(r.Result.Outcome),
		r.domains(r.Result.Change.Before),
		r.domains(r.Result.After),
		r.code(timestamp(secret.UpdatedAt)),
	}
	text := "### Nairi vault " + r.code(string(r.VaultID)) + "\n\n" +
		"| operation | secret | result | domains before | domains after | updated at |\n" +
		"| --- | --- | --- | --- | --- | --- |\n" +
		"| " + strings.Join(cells, " | ") + " |\n"
	if failure, hint := r.Failure(); failure != "" {
		text += fmt.Sprintf("\n%s\n\n", r.code(failure))
		for _, problem := range r.problems() {
			text += "- " + r.code(problem) + "\n"
		}
		text += "\n" + Escape(hint) + "\n"
	}
	return text
}

// domains shows the domains of a secret as it stood at one time.
func (r Report) domains(s *nairi.Secret) string {
	switch {
	case s == nil:
		return "–"
	case len(s.AllowedDomains) == 0:
		return list(s.AllowedDomains)
	}
	cells := make([]string, len(s.AllowedDomains))
	for i, domain := range s.AllowedDomains {
		cells[i] = r.code(domain)
	}
	return strings.Join(cells, "<br>")
}

// code shows text that somebody else may have written as it is: inside <code>,
// GitHub notifies nobody who is @mentioned.
func (r Report) code(text string) string {
	if text == "" {
		return ""
	}
	return "<code>" + Escape(r.Redact(text)) + "</code>"
}

// escapes turn text into Markdown that shows as that text, in a cell of a table
// as well: no markup, no HTML. An entity is the one spelling that a renderer
// takes for all of these characters.
var escapes = strings.NewReplacer(
	"\r", " ", "\n", " ",
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "&#124;", "@", "&#64;", "#", "&#35;",
	"`", "&#96;", "*", "&#42;", "_", "&#95;", "~", "&#126;", "[", "&#91;", "]", "&#93;",
	"!", "&#33;", `\`, "&#92;", "://", "&#58;//", "www.", "www&#46;",
)

// Escape makes Markdown of plain text.
func Escape(text string) string { return escapes.Replace(text) }
