package markdowntest

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	xhtml "golang.org/x/net/html"
)

// Page is a text as it is shown.
type Page struct {
	root  *xhtml.Node
	flaws []string
}

// Comment is the page of a comment, in which a new line is one.
func Comment(markdown string) *Page { return render(markdown, html.WithHardWraps()) }

// Summary is the page of the summary of a job, in which a new line is a space, as in a file.
func Summary(markdown string) *Page { return render(markdown) }

// render makes a page. Neither a renderer of Markdown nor a parser of HTML refuses a text, so
// that an error is one of this package.
func render(markdown string, options ...renderer.Option) *Page {
	options = append(options, html.WithUnsafe())
	converter := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(options...))
	var markup bytes.Buffer
	if err := converter.Convert([]byte(markdown), &markup); err != nil {
		panic(err)
	}
	p := &Page{root: element("div"), flaws: unbalanced(markup.String())}
	nodes, err := xhtml.ParseFragment(&markup, p.root)
	if err != nil {
		panic(err)
	}
	for _, node := range nodes {
		p.root.AppendChild(node)
	}
	p.sanitize(p.root)
	p.makeAlerts()
	p.colourDiffs()
	return p
}

// HTML is the page as HTML, without a frame.
func (p *Page) HTML() string {
	var b strings.Builder
	for child := range p.root.ChildNodes() {
		if err := xhtml.Render(&b, child); err != nil {
			panic(err) // a tree of the parser can be written, and so can a Builder
		}
	}
	return b.String()
}

// Flaws are what is wrong with the page: tags and comments that do not end, or not in
// order, and what GitHub takes out.
func (p *Page) Flaws() []string { return p.flaws }
