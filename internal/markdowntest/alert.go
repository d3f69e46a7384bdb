package markdowntest

import (
	"regexp"
	"strings"

	xhtml "golang.org/x/net/html"
)

// alertLine is the first line of a quotation that is an alert.
var alertLine = regexp.MustCompile(`(?i)^\[!(note|tip|important|warning|caution)\]\s*$`)

// makeAlerts makes alerts of quotations whose first line names a kind and nothing else.
// Within a list or another quotation there are none.
func (p *Page) makeAlerts() {
	for _, quotation := range p.elements("blockquote") {
		if parent := quotation.Parent; parent != p.root && parent.Data != "details" {
			continue
		}
		kind := takeAlertKind(quotation)
		if kind == "" {
			continue
		}
		title := classed(element("p", text(strings.ToUpper(kind[:1])+kind[1:])), "markdown-alert-title")
		quotation.InsertBefore(title, quotation.FirstChild)
		quotation.Data, quotation.DataAtom = "div", 0
		classed(quotation, "markdown-alert markdown-alert-"+kind)
	}
}

// takeAlertKind takes the line with the kind out of a quotation, and returns the kind in
// small letters; "" if the quotation is no alert. There is none without a text.
func takeAlertKind(quotation *xhtml.Node) string {
	first := nextElement(quotation.FirstChild)
	if first == nil || first.Data != "p" || first.FirstChild == nil {
		return ""
	}
	marker, next := first.FirstChild, first.FirstChild.NextSibling
	line, rest, wraps := strings.Cut(marker.Data, "\n")
	match := alertLine.FindStringSubmatch(line)
	ends := wraps || next == nil || next.Data == "br"
	if match == nil || !ends || strings.TrimSpace(textOf(quotation)) == strings.TrimSpace(line) {
		return ""
	}
	if !wraps && next != nil {
		first.RemoveChild(next)
	}
	if marker.Data = rest; strings.TrimSpace(textOf(first)) == "" {
		quotation.RemoveChild(first)
	}
	return strings.ToLower(match[1])
}

// nextElement is node, or the next element after it; nil for none.
func nextElement(node *xhtml.Node) *xhtml.Node {
	for node != nil && node.Type != xhtml.ElementNode {
		node = node.NextSibling
	}
	return node
}
