package mask

import (
	"iter"
	"slices"
	"strings"
	"sync"
)

// Mark stands for what a Redactor took out; it is what the runners write too.
const Mark = "***"

// maxRounds is how often Redact looks again for forms that its own marks make.
const maxRounds = 16

// A Redactor takes every form of its values out of a text. It is safe for
// concurrent use. The nil and the zero Redactor change nothing.
type Redactor struct{ build func() *index }

// NewRedactor returns a Redactor of all the forms. It costs nothing until the
// first text.
func NewRedactor(sets ...Forms) *Redactor {
	sets = slices.Clone(sets)
	return &Redactor{build: sync.OnceValue(func() *index { return newIndex(sets) })}
}

// Redact returns text with one Mark for each stretch that forms cover,
// overlapping and adjacent ones together. No form is left in what it returns,
// nor made by the marks. A cut form is none: redact first, then shorten.
func (r *Redactor) Redact(text string) string {
	if r == nil || r.build == nil {
		return text
	}
	forms := r.build()
	for range maxRounds {
		cut := forms.cut(text)
		if cut == text || !forms.meetMark {
			return cut
		}
		text = cut
	}
	return Mark
}

// cut replaces each stretch of text that forms cover.
func (x *index) cut(text string) string {
	var b strings.Builder
	kept := 0 // what stands before it is written
	for start, end := range x.covered(text) {
		b.WriteString(text[kept:start])
		b.WriteString(Mark)
		kept = end
	}
	if kept == 0 {
		return text
	}
	b.WriteString(text[kept:])
	return b.String()
}

// covered yields the start and the end of each stretch that forms cover.
func (x *index) covered(text string) iter.Seq2[int, int] {
	return func(yield func(start, end int) bool) {
		start, end := 0, 0
		for i := range len(text) {
			n := x.longest(text[i:])
			if n == 0 {
				continue
			}
			if i > end {
				if end > 0 && !yield(start, end) {
					return
				}
				start = i
			}
			end = max(end, i+n)
		}
		if end > 0 {
			yield(start, end)
		}
	}
}
