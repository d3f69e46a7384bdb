package mask

import (
	"iter"
	"strings"
)

// elements yields the texts of the XML elements in text that hold nothing but text,
// as in <password>…</password>, be it escaped or CDATA.
func elements(text string) iter.Seq[leaf] {
	return func(yield func(leaf) bool) {
		for {
			_, rest, found := strings.Cut(text, "<")
			tag, after, closed := strings.Cut(rest, ">")
			if !found || !closed {
				return
			}
			text = after
			name, _, _ := strings.Cut(tag, " ")
			inside, end := characters(after)
			if name == "" || !strings.HasPrefix(end, "</"+name+">") || inside == "" {
				continue
			}
			if !yield(under(name, inside)) {
				return
			}
		}
	}
}

// characters are the text with which the content of an element begins, and what
// follows it.
func characters(content string) (text, rest string) {
	if data, ok := strings.CutPrefix(strings.TrimLeft(content, " \t\r\n"), "<![CDATA["); ok {
		text, rest, _ = strings.Cut(data, "]]>")
		return strings.TrimSpace(text), strings.TrimLeft(rest, " \t\r\n")
	}
	text = before(content, "<")
	return unescapedXML.Replace(strings.TrimSpace(text)), content[len(text):]
}

var unescapedXML = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&apos;", "'", "&#39;", "'", "&#34;", `"`, "&amp;", "&")
