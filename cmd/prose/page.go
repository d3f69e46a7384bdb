package main

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// code stands for an identifier, a command or an address: a word that is neither
// spelled nor compared.
const code = "\x00"

var (
	github   = goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser()
	tag      = regexp.MustCompile(`(?s)<!--.*?-->|</?[A-Za-z][^>]*>`)
	source   = regexp.MustCompile(`\b(?:href|src|srcset)="([^"\s]+)"`)
	identity = regexp.MustCompile(`\b(?:id|name)="([^"]+)"`)
)

// link is an address in a page.
type link struct {
	line   int
	target string
}

// passage is a paragraph, a heading, a cell or an item, without markup. lines has the
// line of each byte of its text.
type passage struct {
	text  string
	lines []int
}

func (p *passage) add(line int, text string) {
	p.text += text
	p.lines = append(p.lines, slices.Repeat([]int{line}, len(text))...)
}

// page is a text that is written in Markdown.
type page struct {
	path    string
	anchors map[string]bool
	links   []link
	prose   []passage

	bytes  []byte
	breaks []int // where lines end
}

// parse reads Markdown as GitHub does.
func parse(path string, markdown []byte) *page {
	p := &page{path: path, anchors: map[string]bool{}, bytes: markdown}
	for i, b := range markdown {
		if b == '\n' {
			p.breaks = append(p.breaks, i)
		}
	}
	_ = ast.Walk(github.Parse(text.NewReader(markdown)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			p.take(n)
		}
		return ast.WalkContinue, nil
	})
	return p
}

// line is the number, from 1, of the line that has a byte.
func (p *page) line(offset int) int {
	n, _ := slices.BinarySearch(p.breaks, offset)
	return n + 1
}

func (p *page) take(n ast.Node) {
	switch n := n.(type) {
	case *ast.Heading:
		p.addAnchor(anchor(p.words(n)))
	case *ast.Link:
		p.addLink(n, string(n.Destination))
	case *ast.Image:
		p.addLink(n, string(n.Destination))
	case *ast.AutoLink:
		p.addLink(n, string(n.URL(p.bytes)))
	case *ast.RawHTML:
		p.takeHTML(n.Segments)
	case *ast.HTMLBlock:
		p.takeHTML(n.Lines())
		p.proseOfHTML(n.Lines())
	}
	if first := n.FirstChild(); n.Type() == ast.TypeBlock && first != nil && first.Type() == ast.TypeInline {
		p.prose = append(p.prose, p.passage(n))
	}
}

// words are those of a heading, code included.
func (p *page) words(heading ast.Node) string {
	var words strings.Builder
	_ = ast.Walk(heading, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, is := n.(*ast.Text); is && entering {
			words.Write(t.Value(p.bytes))
		}
		return ast.WalkContinue, nil
	})
	return words.String()
}

// anchor is the address of a heading within its page. Source: Table of contents filter
// of github.com/gjtorikian/html-pipeline.
func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-', r == '_', unicode.IsLetter(r), unicode.IsNumber(r), unicode.IsMark(r):
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}

// addAnchor numbers what is there already.
func (p *page) addAnchor(name string) {
	unique := name
	for n := 1; p.anchors[unique]; n++ {
		unique = fmt.Sprintf("%s-%d", name, n)
	}
	p.anchors[unique] = true
}

func (p *page) addLink(n ast.Node, target string) {
	p.links = append(p.links, link{p.line(p.position(n)), target})
}

// position is where a node begins, or the block around it.
func (p *page) position(n ast.Node) int {
	for ; n != nil; n = n.Parent() {
		if n.Pos() >= 0 {
			return n.Pos()
		}
	}
	return 0
}

func (p *page) takeHTML(segments *text.Segments) {
	for _, s := range segments.Sliced(0, segments.Len()) {
		line, html := p.line(s.Start), s.Value(p.bytes)
		for _, match := range source.FindAllSubmatch(html, -1) {
			p.links = append(p.links, link{line, string(match[1])})
		}
		for _, match := range identity.FindAllSubmatch(html, -1) {
			p.anchors[string(match[1])] = true
		}
	}
}

// proseOfHTML is what stands between tags.
func (p *page) proseOfHTML(lines *text.Segments) {
	var found passage
	if lines.Len() == 0 {
		return
	}
	whole := p.bytes[lines.At(0).Start:lines.At(lines.Len()-1).Stop]
	line := p.line(lines.At(0).Start)
	plain := tag.ReplaceAllFunc(whole, func(tag []byte) []byte { return bytes.Repeat([]byte("\n"), bytes.Count(tag, []byte("\n"))) })
	for text := range strings.SplitSeq(string(plain), "\n") {
		found.add(line, text+" ")
		line++
	}
	p.prose = append(p.prose, found)
}

// passage is the text of a block that has no other blocks.
func (p *page) passage(block ast.Node) passage {
	var found passage
	_ = ast.Walk(block, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			line := p.line(n.Segment.Start)
			found.add(line, string(n.Segment.Value(p.bytes)))
			if n.SoftLineBreak() || n.HardLineBreak() {
				found.add(line, " ")
			}
		case *ast.CodeSpan, *ast.AutoLink:
			found.add(p.line(p.position(n)), code)
			return ast.WalkSkipChildren, nil
		case *ast.RawHTML:
			found.add(p.line(p.position(n)), " ")
		}
		return ast.WalkContinue, nil
	})
	return found
}
