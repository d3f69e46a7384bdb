package mask

import "strings"

var (
	// textXML is what character data needs, and no more.
	textXML = spelled(keep).with("&", "&amp;", "<", "&lt;", ">", "&gt;")
	// netXML is .NET's SecurityElement.Escape, which GitHub's runner uses.
	netXML = textXML.with(`"`, "&quot;", "'", "&apos;")
	// goHTML is Go's html.EscapeString.
	goHTML = textXML.with(`"`, "&#34;", "'", "&#39;")
	// strictXML adds what encoding/xml's EscapeText does to white space and to
	// the control characters that XML does not allow.
	strictXML = controls(func(byte) string { return "\uFFFD" }).with("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;",
		"\t", "&#x9;", "\n", "&#xA;", "\r", "&#xD;")
)

// noncharacters are what XML does not allow outside ASCII.
var noncharacters = strings.NewReplacer("\uFFFE", "\uFFFD", "\uFFFF", "\uFFFD")

// goXML is the spelling of encoding/xml.
func goXML(text string) string {
	if !control(text) && !strings.Contains(text, "\uFFFE") && !strings.Contains(text, "\uFFFF") {
		return text // as goHTML has it
	}
	return noncharacters.Replace(strictXML.escape(text))
}
