package report

import (
	"fmt"
	"strings"
	"sync"
)

// escapes are made when they are first needed. An entity is the one spelling that a
// renderer takes for all of these characters.
var escapes = sync.OnceValue(func() *strings.Replacer {
	return strings.NewReplacer(
		"\r", " ", "\n", " ",
		"&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "&#124;", "@", "&#64;", "#", "&#35;",
		"`", "&#96;", "*", "&#42;", "_", "&#95;", "~", "&#126;", "[", "&#91;", "]", "&#93;",
		"!", "&#33;", `\`, "&#92;", "://", "&#58;//", "www.", "www&#46;",
	)
})

// escape makes Markdown of plain text that shows as that text, in a cell of a table
// as well: no markup, no HTML, and no link of an address.
func escape(text string) string { return escapes().Replace(text) }

// code shows text that somebody else may have written as it is: inside <code>,
// GitHub notifies nobody who is @mentioned. Secrets have been taken out before: as
// Markdown spells them, no redactor would know them.
func code(text string) string {
	if text == "" {
		return ""
	}
	return "<code>" + escape(text) + "</code>"
}

// codes shows texts from outside.
func (r *Report) codes(texts []string) []string { return codesOf(r.cleanAll(texts)) }

// codesOf shows texts without secrets.
func codesOf(texts []string) []string {
	codes := make([]string, len(texts))
	for i, text := range texts {
		codes[i] = code(text)
	}
	return codes
}

// mostHosts is how many hosts of one secret are named in one place: a list of a
// thousand would leave no room for the others.
const mostHosts = 20

// first are the first texts as code, each behind a sign, and how many more there
// are.
func (r *Report) first(texts []string, sign, signOfMore string) []string {
	var shown []string
	for _, code := range r.codes(texts[:min(len(texts), mostHosts)]) {
		shown = append(shown, sign+code)
	}
	if more := len(texts) - mostHosts; more > 0 {
		shown = append(shown, fmt.Sprintf("%s%d more", signOfMore, more))
	}
	return shown
}
