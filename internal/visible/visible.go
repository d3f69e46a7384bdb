// Package visible tells characters that a reader sees from those that only seem to be
// nothing.
package visible

import "unicode"

// Is reports whether a character shows. Those that Unicode lets software ignore
// (Default_Ignorable_Code_Point, https://www.unicode.org/reports/tr44/) do not, although some of them count as printable: two names can differ in one alone, and a
// runner that compares texts by their language finds "::" in ":", U+034F, ":".
func Is(r rune) bool {
	return unicode.IsPrint(r) && r != braille && !unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// braille is a pattern without a dot, which shows as a space.
const braille = '\u2800'

// OrSpace is a character, or a space in place of one that does not show.
func OrSpace(r rune) rune {
	if Is(r) {
		return r
	}
	return ' '
}
