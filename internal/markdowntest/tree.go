package markdowntest

import (
	"slices"
	"strings"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// element is a node without attributes.
func element(tag string, children ...*xhtml.Node) *xhtml.Node {
	node := &xhtml.Node{Type: xhtml.ElementNode, Data: tag, DataAtom: atom.Lookup([]byte(tag))}
	for _, child := range children {
		node.AppendChild(child)
	}
	return node
}

// text is a node of text.
func text(s string) *xhtml.Node { return &xhtml.Node{Type: xhtml.TextNode, Data: s} }

// elements are those of some tags, in their order. The list does not change with the page.
func (p *Page) elements(tags ...string) []*xhtml.Node { return within(p.root, tags...) }

// within are the elements of some tags below a node.
func within(node *xhtml.Node, tags ...string) []*xhtml.Node {
	var list []*xhtml.Node
	for n := range node.Descendants() {
		if n.Type == xhtml.ElementNode && slices.Contains(tags, n.Data) {
			list = append(list, n)
		}
	}
	return list
}

// textOf is the text of a node and of all that is in it, with the ends of lines that were
// written.
func textOf(node *xhtml.Node) string {
	var b strings.Builder
	broken := false
	for n := range node.Descendants() {
		switch {
		case n.Type == xhtml.TextNode && broken:
			b.WriteString(strings.TrimPrefix(n.Data, "\n"))
		case n.Type == xhtml.TextNode:
			b.WriteString(n.Data)
		case n.Data == "br":
			b.WriteString("\n")
		}
		broken = n.Data == "br"
	}
	return b.String()
}

// attribute is that of a node; "" for none.
func attribute(node *xhtml.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
