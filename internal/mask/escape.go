package mask

import (
	"encoding/binary"
	"slices"
	"strings"
	"sync"
)

// A table is an escape: what stands for each byte. A spelling has eight bytes
// or fewer, so that writing it takes one instruction and no decision, which
// makes the time the same for every text.
type table struct {
	spelling [256]uint64 // little-endian
	size     [256]uint8
}

// A spelling is a table that is made when it is first needed: a value of letters and
// digits alone, as most tokens are, needs none.
type spelling func() *table

func spelled(build func() table) spelling {
	return sync.OnceValue(func() *table {
		t := build()
		return &t
	})
}

// escape returns text in the spelling.
func (s spelling) escape(text string) string { return s().escape(text) }

// with returns the spelling that has other texts for the given bytes, in pairs.
func (s spelling) with(pairs ...string) spelling {
	return spelled(func() table { return s().with(pairs...) })
}

// keep returns the table that alters nothing.
func keep() table {
	var t table
	for i := range t.spelling {
		t.spelling[i], t.size[i] = uint64(i), 1
	}
	return t
}

// controls returns the spelling of the characters below space alone.
func controls(spell func(byte) string) spelling {
	return spelled(func() table {
		t := keep()
		for b := range byte(' ') {
			t.set(b, spell(b))
		}
		return t
	})
}

const lowerDigits, upperDigits = "0123456789abcdef", "0123456789ABCDEF"

// inHex returns what spells a byte as prefix and two of the digits.
func inHex(prefix, digits string) func(byte) string {
	return func(b byte) string { return prefix + digits[b>>4:][:1] + digits[b&15:][:1] }
}

// inOctal spells a byte as C and the shells do.
func inOctal(b byte) string {
	return `\` + lowerDigits[b>>6:][:1] + lowerDigits[b>>3&7:][:1] + lowerDigits[b&7:][:1]
}

// set makes spelling stand for b. What has more than eight bytes is cut.
func (t *table) set(b byte, spelling string) {
	var padded [8]byte
	t.size[b] = uint8(copy(padded[:], spelling))
	t.spelling[b] = binary.LittleEndian.Uint64(padded[:])
}

// with returns a copy of t that has the given bytes and spellings, in pairs.
func (t table) with(pairs ...string) table {
	for i := 0; i+1 < len(pairs); i += 2 {
		t.set(pairs[i][0], pairs[i+1])
	}
	return t
}

// escape returns text in the table's spelling.
func (t *table) escape(text string) string {
	size := 0
	for i := range len(text) {
		size += int(t.size[text[i]])
	}
	var b strings.Builder
	b.Grow(size)
	var chunk [512]byte
	n := 0
	for i := range len(text) {
		binary.LittleEndian.PutUint64(chunk[n:], t.spelling[text[i]])
		if n += int(t.size[text[i]]); n > len(chunk)-8 {
			b.Write(chunk[:n])
			n = 0
		}
	}
	b.Write(chunk[:n])
	return b.String()
}

// The escapes that spell a text character by character: those that make one line
// of it, and those that leave line ends as they are. Where one has the spelling of
// another it may return the text as it is instead.
var (
	escapers = []func(string) string{
		goJSON, plainGoJSON, jsJSON.escape, newtonsoftJSON, asciiJSON,
		pathEscape.escape, queryEscape, componentEscape.escape, strictEscape.escape,
		bashANSI, bashOctal, goQuoted, goXML,
	}
	lineEscapers = []func(string) string{
		quotesDoubled, quotesEscaped, shellReopened, shellEscaped, bashWord,
		goHTML.escape, netXML.escape, textXML.escape,
	}
	allEscapers = slices.Concat(escapers, lineEscapers)
	// rareEscapers are other languages' spellings of the same.
	rareEscapers = []func(string) string{
		quoteEscape.escape, slashJSON.escape, phpJSON, uriEscape.escape, userEscape.escape, urlPathEscape.escape,
		small(strictEscape.escape), small(quoteEscape.escape), small(componentEscape.escape), small(queryEscape),
		small(pathEscape.escape), small(uriEscape.escape), netJSON, gsonJSON.escape,
	}
	// oddEscapers differ from those in a sign or two. They get no mask, for
	// each mask makes a job slower; but a server may speak them.
	oddEscapers = []func(string) string{
		javaEscape.escape, phpEscape.escape, netEscape.escape, small(javaEscape.escape), small(netEscape.escape),
		small(userEscape.escape), small(urlPathEscape.escape), netHTML.escape, capitalJSON,
	}
)

// maxRare and maxOdd are how long a text may be to be held in these spellings, in
// bytes: each is as long as the text again, and longer texts are hardly ever quoted
// whole.
const maxRare, maxOdd = 2048, 512

// rareEscapes holds text in the spellings of other languages.
func (c *collector) rareEscapes(text string) {
	if len(text) > maxRare || plain(text) {
		return
	}
	c.spell(text, rareEscapers)
	if len(text) > maxOdd {
		return
	}
	for _, escape := range oddEscapers {
		if form := escape(text); atLeast(form, minExtra) {
			c.fragment(form)
		}
	}
}

// escapes holds each text in each spelling that alters it. A spelling that
// leaves line ends as they are has no form here of several lines: they have.
func (c *collector) escapes(texts ...string) {
	for _, text := range texts {
		if plain(text) {
			continue
		}
		spell := allEscapers
		if !oneLine(text) {
			spell = escapers
		}
		c.spell(text, spell)
	}
}

// lineEscapes holds the lines of a value in each spelling, all of them or none: first in
// those that leave line ends as they are, of which the whole shows line by line. In the
// others it is one line, and has a form; a line of it shows alone more seldom.
func (c *collector) lineEscapes(lines []string) {
	for _, escape := range lineEscapers {
		c.allInSpelling(lines, escape)
	}
	c.within(maxLineEscapes, func() {
		for _, escape := range escapers {
			c.allInSpelling(lines, escape)
		}
	})
}

func (c *collector) allInSpelling(lines []string, escape func(string) string) {
	var forms []string
	for _, line := range lines {
		if c.full() || len(forms) > c.room+c.spare {
			break
		}
		if public(line) || plain(line) {
			continue
		}
		if form := escape(line); form != line && !c.seen[form] {
			forms = append(forms, form)
		}
	}
	hold := c.unannounced
	if len(forms) <= c.room {
		hold = func(form string) { c.extra(form) }
	}
	for _, form := range forms {
		hold(form)
	}
}

// spell holds text in each of the spellings that alters it.
func (c *collector) spell(text string, escapers []func(string) string) {
	for _, escape := range escapers {
		if c.full() {
			return
		}
		form := escape(text)
		if form != text && c.extra(form) && text == c.core {
			c.spelled = append(c.spelled, wholeForm{form, escape})
		}
	}
}

// plain reports whether no escape alters text: none is stricter than RFC 3986.
func plain(text string) bool {
	for i := range len(text) {
		if !alphanumeric(text[i]) && strings.IndexByte("-._~", text[i]) < 0 {
			return false
		}
	}
	return true
}
