package manifest

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
)

// layout is how a text is indented, in spaces, and how its lines end.
type layout struct {
	dash int // before the dash of a vault
	gap  int // from the dash to the keys of the vault
	step int // from one mapping to the next in it
	eol  string
}

var defaultLayout = layout{dash: 2, gap: 2, step: 2, eol: "\n"}

// vault writes a vault under its heading.
func (l layout) vault(text *bytes.Buffer, id nairi.VaultID, heading string, items []item) {
	keys := l.dash + l.gap
	l.line(text, l.dash, heading)
	l.line(text, l.dash, "-"+strings.Repeat(" ", l.gap-1)+"vault_id: "+string(id))
	if hasEntries(items) {
		l.line(text, keys, "secrets:")
	} else {
		l.line(text, keys, "secrets: {}")
	}
	l.items(text, keys+l.step, items)
}

// items writes entries and comments, a name a line.
func (l layout) items(text *bytes.Buffer, indent int, items []item) {
	for _, item := range items {
		if item.name == "" {
			l.line(text, indent, item.comment)
			continue
		}
		l.entry(text, indent, item)
	}
}

// longestLine is where a list of hosts is written in lines of its own.
const longestLine = 120

func (l layout) entry(text *bytes.Buffer, indent int, item item) {
	line := item.flow()
	if indent+len(line) <= longestLine || len(item.hosts) < 2 {
		l.line(text, indent, line)
		return
	}
	l.line(text, indent, scalar(item.name)+":")
	l.line(text, indent+l.step, "allowed_domains:")
	for _, host := range item.hosts {
		l.line(text, indent+2*l.step, "- "+scalar(host))
	}
}

func (l layout) line(text *bytes.Buffer, indent int, line string) {
	for range indent {
		text.WriteByte(' ')
	}
	text.WriteString(line)
	text.WriteString(l.eol)
}

// flow is an entry in one line.
func (i item) flow() string {
	if i.hosts.IsAny() {
		return scalar(i.name) + ": { any_domain: true }"
	}
	return scalar(i.name) + ": { allowed_domains: " + flowList(i.hosts) + " }"
}

func flowList(hosts domains.List) string {
	quoted := make([]string, len(hosts))
	for i, host := range hosts {
		quoted[i] = scalar(host)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// words are texts that one or another reader of YAML takes for something else than
// text (https://yaml.org/type/bool.html, https://yaml.org/type/null.html). Numbers
// and times begin with no letter.
var words = map[string]bool{"y": true, "n": true, "yes": true, "no": true, "on": true, "off": true, "true": true, "false": true, "null": true}

// scalar is a name or a host as YAML reads it back. Both are ASCII by now, so that
// the escapes of Go are among those of YAML.
func scalar(text string) string {
	if ascii.Name(text[:1]) && ascii.Only(text, plain) && !words[strings.ToLower(text)] {
		return text
	}
	return strconv.QuoteToASCII(text)
}
