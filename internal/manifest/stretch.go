package manifest

import (
	"bytes"
	"io"
	"iter"
	"runtime"

	"go.yaml.in/yaml/v3"
)

// stretch is the secrets of one vault that were cut out of a text.
type stretch struct {
	parts []part
	used  bool
}

// part is some of them, from a line on.
type part struct {
	text []byte
	line int // of its first line, from 1
}

// isCut reports whether the secrets of a vault were cut out of the text. In braces a
// line does not end what is before it, so that nothing can be cut there.
func (r *reader) isCut(vault, secrets *yaml.Node) bool {
	return r.apart[secrets.Line] != nil && secrets.Value == standIn && vault.Style&yaml.FlowStyle == 0
}

// parts reads the secrets of a vault that were cut out.
func (r *reader) parts(at place, b *stretch, v *Vault, own defaults) {
	b.used = true
	n := len(b.parts) * secretsOfPart
	v.Entries = make([]Entry, 0, n)
	seen := make(given, n)
	for part := range b.mappings() {
		if part == nil {
			r.broken = true
			return
		}
		r.refuse(part)
		r.entries(part, seen, at, v, own)
	}
}

// mapping reads a part as the library does, with its lines in the whole text; nil if it
// is not one mapping by itself.
func (p part) mapping() *yaml.Node {
	decoder := yaml.NewDecoder(bytes.NewReader(p.text))
	root, err := document(decoder)
	if err != nil || root.Kind != yaml.MappingNode || root.Style&yaml.FlowStyle != 0 {
		return nil
	}
	if _, err := document(decoder); err != io.EOF { //nolint:errorlint // a reader's own
		return nil
	}
	shift(root, p.line-1)
	return root
}

func shift(n *yaml.Node, lines int) {
	n.Line += lines
	for _, child := range n.Content {
		shift(child, lines)
	}
}

// mappings are the parts in their order, read by several at a time and not far ahead.
func (b *stretch) mappings() iter.Seq[*yaml.Node] {
	return func(yield func(*yaml.Node) bool) {
		ahead := make(chan chan *yaml.Node, runtime.GOMAXPROCS(0))
		done := make(chan struct{})
		defer close(done)
		go func() {
			defer close(ahead)
			for _, p := range b.parts {
				one := make(chan *yaml.Node, 1)
				select {
				case ahead <- one:
					go func() { one <- p.mapping() }()
				case <-done:
					return
				}
			}
		}()
		for one := range ahead {
			if !yield(<-one) {
				return
			}
		}
	}
}
