// Package wildcard knows patterns of names, in which * stands for any characters
// or none, as in BILLING_*. All else in a pattern stands for itself.
package wildcard

import "strings"

const star = '*'

// Match reports whether a pattern takes a name.
func Match(pattern, name string) bool {
	begin, rest, wild := strings.Cut(pattern, string(star))
	if !wild {
		return pattern == name
	}
	name, fits := strings.CutPrefix(name, begin)
	if !fits {
		return false
	}
	// What stands between two stars is best taken where it comes first.
	for {
		part, more, another := strings.Cut(rest, string(star))
		if !another {
			return strings.HasSuffix(name, part)
		}
		at := strings.Index(name, part)
		if at < 0 {
			return false
		}
		name, rest = name[at+len(part):], more
	}
}

// Any reports whether one of the patterns takes a name.
func Any(patterns []string, name string) bool {
	for _, pattern := range patterns {
		if Match(pattern, name) {
			return true
		}
	}
	return false
}

// Overlap reports whether there is a name that both patterns take.
func Overlap(a, b string) bool {
	if !agree(beginning(a), beginning(b), strings.HasPrefix) || !agree(ending(a), ending(b), strings.HasSuffix) {
		return false
	}
	o := overlap{a: a, b: b, next: make([]bool, len(b)+1), row: make([]bool, len(b)+1)}
	for i := len(a); i >= 0; i-- {
		for j := len(b); j >= 0; j-- {
			o.row[j] = o.at(i, j)
		}
		o.next, o.row = o.row, o.next
	}
	return o.next[0]
}

// overlap is the comparison of two patterns from their ends. row has for what is left of
// b, from each byte on, whether what is left of a overlaps it, and next the same for what
// is left of a behind its first byte.
type overlap struct {
	a, b      string
	next, row []bool
}

// at reports whether a from i on and b from j on overlap.
func (o *overlap) at(i, j int) bool {
	switch {
	case i < len(o.a) && o.a[i] == star: // it ends here, or takes what b has next
		return o.next[j] || j < len(o.b) && o.row[j+1]
	case j < len(o.b) && o.b[j] == star:
		return o.row[j+1] || i < len(o.a) && o.next[j]
	case i == len(o.a) || j == len(o.b):
		return i == len(o.a) && j == len(o.b)
	}
	return o.a[i] == o.b[j] && o.next[j+1]
}

func beginning(pattern string) string {
	begin, _, _ := strings.Cut(pattern, string(star))
	return begin
}

func ending(pattern string) string { return pattern[strings.LastIndexByte(pattern, star)+1:] }

// agree reports whether one of two texts begins, or ends, with the other.
func agree(a, b string, has func(text, part string) bool) bool { return has(a, b) || has(b, a) }
