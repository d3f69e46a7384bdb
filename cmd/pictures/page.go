package main

import (
	_ "embed"
	"html/template"
	"strings"

	"github.com/nairi-community/vault-secret/internal/markdowntest"
)

var (
	//go:embed style.css
	style string
	//go:embed page.html
	frame string
	pages = template.Must(template.New("page").Parse(frame))
)

// page is what is drawn of a text.
type page struct {
	Style    template.CSS
	Title    string // of what is no comment
	Author   string // of a comment
	Markdown template.HTML
	*log
}

// pageOf is a text as a page. The beginning of its file's name says what it is, as in
// comment-plan.md, summary-failed.md or log-plan.txt.
func pageOf(name, text string) (string, error) {
	p := page{Style: template.CSS(style), log: new(log)} //nolint:gosec // it is ours
	switch kindOf(name) {
	case "comment":
		p.Author, p.Markdown = "github-actions", safe(markdowntest.Comment(text))
	case "summary":
		p.Title, p.Markdown = "secrets summary", safe(markdowntest.Summary(text))
	default:
		p.Title, p.log = "Run nairi-community/vault-secret@v1", readLog(text)
	}
	var b strings.Builder
	err := pages.Execute(&b, p)
	return b.String(), err
}

// safe is Markdown without what GitHub takes out.
func safe(p *markdowntest.Page) template.HTML {
	return template.HTML(p.HTML()) //nolint:gosec // it is sanitized
}
