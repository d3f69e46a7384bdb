package manifest

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// places finds where nodes begin and end in their text. The library says where a node
// begins, and not where it ends; from the start of its last leaf that is not far.
type places struct {
	text  []byte
	lines []int // the offset of each
}

func newPlaces(text []byte) places {
	p := places{text: text, lines: make([]int, 1, 1+bytes.Count(text, []byte("\n")))}
	for i, b := range text {
		if b == '\n' {
			p.lines = append(p.lines, i+1)
		}
	}
	return p
}

// lineOf is the line of an offset, from 0.
func (p places) lineOf(at int) int {
	line, found := slices.BinarySearch(p.lines, at)
	if !found {
		line--
	}
	return line
}

// nextLine is where the line behind that of an offset begins.
func (p places) nextLine(at int) int {
	if next := p.lineOf(at) + 1; next < len(p.lines) {
		return p.lines[next]
	}
	return len(p.text)
}

// indentOf is how many spaces the line of an offset begins with.
func (p places) indentOf(at int) int {
	line := p.text[p.lines[p.lineOf(at)]:]
	return len(line) - len(bytes.TrimLeft(line, " "))
}

var byteOrderMark = []byte("\uFEFF")

// offset is where a node begins. The library counts characters, and no byte order
// mark.
func (p places) offset(n *yaml.Node) (int, error) {
	if n.Line < 1 || n.Line > len(p.lines) {
		return 0, errBroken
	}
	at := p.lines[n.Line-1]
	if at == 0 && bytes.HasPrefix(p.text, byteOrderMark) {
		at = len(byteOrderMark)
	}
	for range n.Column - 1 {
		if at >= len(p.text) {
			return 0, errBroken
		}
		_, size := utf8.DecodeRune(p.text[at:])
		at += size
	}
	return at, nil
}

// end is where a node ends: behind its last leaf, and the braces around that.
func (p places) end(n *yaml.Node) (int, error) {
	open := 0
	for {
		if n.Kind != yaml.ScalarNode && inBraces(n) {
			open++
		}
		if len(n.Content) == 0 {
			break
		}
		n = n.Content[len(n.Content)-1]
	}
	at, err := p.offset(n)
	if err != nil {
		return 0, err
	}
	if n.Kind == yaml.ScalarNode {
		at, err = p.scalarEnd(at, n)
	} else {
		at++
	}
	for ; open > 0 && err == nil; open-- {
		at, err = p.closed(at)
	}
	return at, err
}

// closed is behind the next closing brace: before that there are commas, comments and
// white space alone.
func (p places) closed(at int) (int, error) {
	for at < len(p.text) {
		switch p.text[at] {
		case ' ', '\t', '\r', '\n', ',':
			at++
		case '#':
			at = p.nextLine(at)
		case '}', ']':
			return at + 1, nil
		default:
			return 0, errBroken
		}
	}
	return 0, errBroken
}

func (p places) scalarEnd(at int, n *yaml.Node) (int, error) {
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return p.quoteEnd(at+1, '"', '\\')
	case n.Style&yaml.SingleQuotedStyle != 0:
		return p.quoteEnd(at+1, '\'', '\'')
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return p.behind(p.nextLine(at), n.Value)
	}
	return p.behind(at, n.Value)
}

// quoteEnd is behind the quote that no escape belongs to. In single quotes a quote is
// the escape of the next.
func (p places) quoteEnd(at int, quote, escape byte) (int, error) {
	for ; at < len(p.text); at++ {
		doubled := at+1 < len(p.text) && p.text[at+1] == quote
		switch {
		case p.text[at] == escape && (escape != quote || doubled):
			at++
		case p.text[at] == quote:
			return at + 1, nil
		}
	}
	return 0, errBroken
}

// behind is where a value ends that stands in the text without quotes: in one line, or
// folded to several, so that white space is not compared.
func (p places) behind(at int, value string) (int, error) {
	for i := range len(value) {
		if isSpace(value[i]) {
			continue
		}
		for at < len(p.text) && isSpace(p.text[at]) {
			at++
		}
		if at == len(p.text) || p.text[at] != value[i] {
			return 0, errBroken
		}
		at++
	}
	return at, nil
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\r' || b == '\n' }

// behindComments is behind the comments that are indented at least so far, and begin
// at a line or behind blank ones.
func (p places) behindComments(at, indent int) int {
	end := at
	for at < len(p.text) {
		next := p.nextLine(at)
		line := bytes.TrimSpace(p.text[at:next])
		switch {
		case len(line) == 0:
		case line[0] == '#' && p.indentOf(at) >= indent:
			end = next
		default:
			return end
		}
		at = next
	}
	return end
}
