package markdowntest

import (
	"regexp"
	"slices"
	"strings"

	xhtml "golang.org/x/net/html"
)

// Text is all that can be read on the page, with what is folded.
func (p *Page) Text() string { return textOf(p.root) }

// Headings are the texts of the headings.
func (p *Page) Headings() []string { return texts(p.elements("h1", "h2", "h3", "h4", "h5", "h6")) }

func texts(nodes []*xhtml.Node) []string {
	var list []string
	for _, node := range nodes {
		list = append(list, strings.TrimSpace(textOf(node)))
	}
	return list
}

// Table is one of the page.
type Table struct {
	Columns int        // of the widest row
	Rows    [][]string // the texts of the cells; the first row is the head
}

// Tables are those of the page.
func (p *Page) Tables() []Table {
	var tables []Table
	for _, node := range p.elements("table") {
		var t Table
		for _, row := range within(node, "tr") {
			cells := texts(within(row, "th", "td"))
			t.Columns, t.Rows = max(t.Columns, len(cells)), append(t.Rows, cells)
		}
		tables = append(tables, t)
	}
	return tables
}

// Fence is a block of code.
type Fence struct {
	Language string // "" for none
	Lines    []string
}

// Fences are the blocks of code.
func (p *Page) Fences() []Fence {
	var fences []Fence
	for _, pre := range p.elements("pre") {
		fence := Fence{Lines: strings.Split(strings.TrimSuffix(textOf(pre), "\n"), "\n")}
		for _, code := range within(pre, "code") {
			fence.Language = attribute(code, "lang")
		}
		fences = append(fences, fence)
	}
	return fences
}

// Part is a fold or an alert: a part of the page with a title.
type Part struct {
	Title string // of an alert, its kind, as in Caution
	Text  string // without the title
}

// Folds are the parts that somebody has to open.
func (p *Page) Folds() []Part { return parts(p.elements("details"), "summary") }

// Alerts are those of the page.
func (p *Page) Alerts() []Part {
	return parts(slices.DeleteFunc(p.elements("div"), func(n *xhtml.Node) bool {
		return !strings.HasPrefix(attribute(n, "class"), "markdown-alert ")
	}), "p")
}

// parts are nodes whose first element of a tag is the title.
func parts(nodes []*xhtml.Node, title string) []Part {
	var list []Part
	for _, node := range nodes {
		part := Part{Text: textOf(node)}
		if titles := within(node, title); len(titles) > 0 {
			part.Title = strings.TrimSpace(textOf(titles[0]))
			part.Text = strings.Replace(part.Text, textOf(titles[0]), "", 1)
		}
		part.Text = strings.TrimSpace(part.Text)
		list = append(list, part)
	}
	return list
}

// Links are the addresses that the page leads to or loads something from, each once.
func (p *Page) Links() []string {
	var links []string
	for _, node := range p.elements("a", "img", "source") {
		for _, name := range []string{"href", "src", "srcset"} {
			if address := attribute(node, name); address != "" && !slices.Contains(links, address) {
				links = append(links, address)
			}
		}
	}
	return links
}

var (
	mention = regexp.MustCompile(`@[A-Za-z0-9][A-Za-z0-9-]*(/[A-Za-z0-9][A-Za-z0-9-]*)?`)
	// https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
	reference = regexp.MustCompile(`(#|\bGH-)[0-9]+`)
)

// Mentions are whom the text notifies, as @octocat and @octo/team.
func (p *Page) Mentions() []string { return p.find(mention) }

// References are the issues that the text becomes a part of, as #1.
func (p *Page) References() []string { return p.find(reference) }

// find looks through the text in which GitHub looks: none of code, and none of links.
func (p *Page) find(what *regexp.Regexp) []string {
	var list []string
	for n := range p.root.Descendants() {
		if n.Type == xhtml.TextNode && !isWithin(n, "pre", "code", "tt", "a", "style") {
			list = append(list, what.FindAllString(n.Data, -1)...)
		}
	}
	return list
}

func isWithin(node *xhtml.Node, tags ...string) bool {
	for parent := range node.Ancestors() {
		if slices.Contains(tags, parent.Data) {
			return true
		}
	}
	return false
}

// Outline is the page without its text, an element a line and indented by its depth. Texts
// that are only texts do not change it. What stands within a line is left out.
func (p *Page) Outline() string {
	var b strings.Builder
	outline(&b, p.root, "")
	return b.String()
}

func outline(b *strings.Builder, node *xhtml.Node, indent string) {
	for child := range node.ChildNodes() {
		deeper := indent
		if child.Type == xhtml.ElementNode && !inline[child.Data] {
			b.WriteString(indent + child.Data + "\n")
			deeper += "  "
		}
		outline(b, child, deeper)
	}
}

var inline = words("a b br code del em i img kbd span strong sub sup")
