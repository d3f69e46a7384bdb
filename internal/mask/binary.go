package mask

import (
	"encoding/base64"
	"slices"
	"strings"
)

// hex holds the hexadecimal forms of text.
func (c *collector) hex(text string) {
	for _, digits := range []string{lowerDigits, upperDigits} {
		c.scratch = slices.Grow(c.scratch[:0], 2*len(text))[:2*len(text)]
		for i := range len(text) {
			c.scratch[2*i], c.scratch[2*i+1] = digits[text[i]>>4], digits[text[i]&15]
		}
		c.extra(string(c.scratch))
	}
}

// base64 holds what shows of text in the base64 of a longer text, for each of
// the three places that text can begin at in a group of three bytes.
func (c *collector) base64(text string) {
	padded := []byte("\x00\x00" + text)
	for before := range 3 {
		for _, alphabet := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			whole, inner := c.digits(alphabet, padded[2-before:], before)
			c.extra(whole)
			c.extra(whole[:inner])
		}
	}
	if base64.RawStdEncoding.EncodedLen(len(text)) < minExtra {
		c.shortBase64(text)
	}
}

// shortBase64 holds the base64 of a text whose digits are too few for a form,
// unless the padding counts, or the newline that echo adds.
func (c *collector) shortBase64(text string) {
	for _, end := range []string{"", "\n", "\r\n"} {
		for _, alphabet := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
			padded := alphabet.EncodeToString([]byte(text + end))
			c.extra(padded)
			c.extra(strings.TrimRight(padded, "="))
		}
	}
}

// digits returns the base64 of data up to its end or a newline behind it, and
// how many of these digits no byte behind data has a part in. The digits that
// the first bytes, before in number, have a part in are left off.
func (c *collector) digits(alphabet *base64.Encoding, data []byte, before int) (whole string, inner int) {
	const bitsPerByte, bitsPerDigit = 8, 6
	c.scratch = alphabet.AppendEncode(c.scratch[:0], data)
	first := (before*bitsPerByte + bitsPerDigit - 1) / bitsPerDigit
	return string(c.scratch[first:]), len(data)*bitsPerByte/bitsPerDigit - first
}

// columns holds the lines of text's base64 as base64(1) (76 digits, as in RFC
// 2045) and openssl (64, as in RFC 7468) break it, if there is room for them
// all: one line that shows is a leak like another.
func (c *collector) columns(text string) {
	if base64.RawStdEncoding.EncodedLen(len(text)) > c.room*76 {
		return
	}
	whole, _ := c.digits(base64.RawStdEncoding, []byte(text), 0)
	for _, width := range []int{76, 64} {
		if len(whole) > c.room*width {
			return
		}
		for rest := whole; rest != ""; rest = rest[min(width, len(rest)):] {
			c.extra(rest[:min(width, len(rest))])
		}
	}
}

// dumps holds the lines of text in hexadecimal dumps, each kind if there is room for
// all of its lines: the 30 bytes a line of xxd -p, the eight bytes that stand together
// in od -tx1 and hexdump -C, and the 16 characters that hexdump -C and xxd show beside
// theirs. Of a structured value, such characters may be as public as its keys are.
func (c *collector) dumps(text string) {
	const plainWidth, group, margin = 30, 8, 16
	if len(text) > plainWidth { // else it is the whole in hexadecimal
		c.dump(text, plainWidth, func(piece string) string { return spaced(piece, "") })
	}
	c.dump(text, group, func(piece string) string { return spaced(piece, " ") })
	if !c.structured && (len(text) > margin || control(text)) {
		c.dump(text, margin, dotted)
	}
}

func (c *collector) dump(text string, width int, spell func(piece string) string) {
	if len(text) > c.room*width {
		return
	}
	for rest := text; rest != ""; rest = rest[min(width, len(rest)):] {
		c.extra(spell(rest[:min(width, len(rest))]))
	}
}

// spaced is text in hexadecimal with a sign between its bytes.
func spaced(text, between string) string {
	digits := make([]byte, 0, 3*len(text))
	for i := range len(text) {
		if i > 0 {
			digits = append(digits, between...)
		}
		digits = append(digits, lowerDigits[text[i]>>4], lowerDigits[text[i]&15])
	}
	return string(digits)
}

// dotted is text with a dot for each byte that a dump cannot show.
func dotted(text string) string {
	shown := []byte(text)
	for i, b := range shown {
		if b < ' ' || b > '~' {
			shown[i] = '.'
		}
	}
	return string(shown)
}
