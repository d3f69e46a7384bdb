package markdowntest

import (
	"strings"

	xhtml "golang.org/x/net/html"
)

// colourDiffs gives each line of a diff the class by which GitHub colours it.
func (p *Page) colourDiffs() {
	for _, code := range p.elements("code") {
		if code.Parent.Data != "pre" || attribute(code, "lang") != "diff" {
			continue
		}
		lines := strings.SplitAfter(textOf(code), "\n")
		for code.FirstChild != nil {
			code.RemoveChild(code.FirstChild)
		}
		for _, line := range lines {
			node := text(line)
			if class := diffClass(line); class != "" {
				node = classed(element("span", node), class)
			}
			code.AppendChild(node)
		}
	}
}

// diffClass is the class of a line of a diff, by the grammar that GitHub uses
// (https://github.com/textmate/diff.tmbundle/blob/master/Syntaxes/Diff.plist); "" for none.
func diffClass(line string) string {
	switch {
	case strings.HasPrefix(line, "--- "), strings.HasPrefix(line, "+++ "):
		return ""
	case strings.HasPrefix(line, "+"), strings.HasPrefix(line, ">"):
		return "pl-mi1"
	case strings.HasPrefix(line, "-"), strings.HasPrefix(line, "<"):
		return "pl-md"
	case strings.HasPrefix(line, "!"):
		return "pl-mc"
	case strings.HasPrefix(line, "@@"):
		return "pl-mdr"
	case strings.HasPrefix(line, "#"):
		return "pl-c"
	}
	return ""
}

// classed gives a node a class.
func classed(node *xhtml.Node, class string) *xhtml.Node {
	node.Attr = append(node.Attr, xhtml.Attribute{Key: "class", Val: class})
	return node
}
