package markdowntest

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	xhtml "golang.org/x/net/html"
)

// allowed are the elements that stay.
var allowed = words(`h1 h2 h3 h4 h5 h6 br b i strong em a pre code img tt div ins del sup sub p picture ol ul table thead
	tbody tfoot blockquote dl dt dd kbd q samp var hr ruby rt rp li tr td th s strike summary details caption figure
	figcaption abbr bdo cite dfn mark small source span time wbr input`)

// attributes are those that stay, of any element. Input is that of a list of tasks.
var attributes = words(`align alt checked cite colspan disabled dir height href lang media open rowspan src srcset start
	title type valign width`)

func words(text string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(text) {
		set[word] = true
	}
	return set
}

// sanitize takes out of a node what GitHub does, and notes it.
func (p *Page) sanitize(node *xhtml.Node) {
	for _, child := range slices.Collect(node.ChildNodes()) {
		switch {
		case child.Type == xhtml.CommentNode:
			node.RemoveChild(child)
		case child.Type != xhtml.ElementNode:
		case allowed[child.Data]:
			p.sanitizeAttributes(child)
			p.sanitize(child)
		default:
			p.flaws = append(p.flaws, fmt.Sprintf("<%s> is not allowed", child.Data))
			node.RemoveChild(child)
		}
	}
}

// sanitizeAttributes does so with the attributes. The language of a fence is where GitHub
// has it.
func (p *Page) sanitizeAttributes(node *xhtml.Node) {
	kept := node.Attr[:0]
	for _, a := range node.Attr {
		language, isLanguage := strings.CutPrefix(a.Val, "language-")
		switch {
		case node.Data == "code" && a.Key == "class" && isLanguage:
			kept = append(kept, xhtml.Attribute{Key: "lang", Val: language})
		case node.Data == "td" && a.Key == "style", node.Data == "th" && a.Key == "style": // of goldmark, for a column on the right
			kept = append(kept, a)
		case !attributes[a.Key] || (a.Key == "href" || a.Key == "src") && !leadsSafely(a.Val):
			p.flaws = append(p.flaws, fmt.Sprintf("%s=%q of <%s> is not allowed", a.Key, a.Val, node.Data))
		default:
			kept = append(kept, a)
		}
	}
	node.Attr = kept
}

// leadsSafely reports whether GitHub keeps a link to an address.
func leadsSafely(address string) bool {
	link, err := url.Parse(address)
	return err == nil && slices.Contains([]string{"", "http", "https", "mailto"}, link.Scheme)
}
