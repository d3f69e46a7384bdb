package report

import (
	"fmt"
	"strings"
	"sync"

	"github.com/nairi-community/vault-secret/internal/domains"
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
// as well: no markup, no HTML, and no link of an address. GitHub looks for whom to notify,
// and for numbers of issues, in the text that people see, where an entity is the character
// that it stands for: what nobody sees stands between.
func escape(text string) string {
	text = escapes().Replace(text)
	for _, sign := range []string{"&#64;", "&#35;", "GH-"} {
		text = strings.ReplaceAll(text, sign, sign+"&#8203;")
	}
	return text
}

// code shows text that somebody else may have written as it is: inside <code>, GitHub
// notifies nobody who is @mentioned, but makes links of mail addresses. Secrets have been
// taken out before: as Markdown spells them, no redactor would know them.
func code(text string) string {
	if text == "" {
		return ""
	}
	return "<code>" + strings.ReplaceAll(escapes().Replace(text), "&#64;", "&#64;&#8203;") + "</code>"
}

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

// hostsMarkdown are the first hosts of a secret, and how many more there are.
func (r *Report) hostsMarkdown(hosts []string) string {
	var shown []string
	for _, host := range hosts[:min(len(hosts), mostHosts)] {
		if host == domains.Any {
			shown = append(shown, "**"+anyHost+"**")
			continue
		}
		shown = append(shown, code(r.clean(host)))
	}
	text := strings.Join(shown, ", ")
	if more := len(hosts) - mostHosts; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// fitted are the lines about some of many things: at most so many, as far as they have
// room, and then a line that says how many more there are. One line that would take much of
// the room is one of those.
func fitted(n, most, room int, line func(int) string, more string) string {
	var b strings.Builder
	shown := 0
	for i := 0; i < n && shown < most; i++ {
		text := line(i)
		if len(text) > room/3 && n > 1 {
			continue
		}
		if b.Len()+len(text) > room {
			break
		}
		b.WriteString(text)
		shown++
	}
	if shown < n {
		fmt.Fprintf(&b, more, n-shown)
	}
	return b.String()
}
