package mask

import (
	"encoding/base64"
	"iter"
	"slices"
	"strings"
)

// hex holds the hexadecimal forms of text.
func (c *collector) hex(text string) {
	c.extra(inHexadecimal(text, lowerDigits))
	c.extra(inHexadecimal(text, upperDigits))
}

// hexLines holds a value in hexadecimal, and the lines of 30 bytes in which xxd -p breaks
// it. One after the other, these hide the whole as well, if the last is long enough.
func (c *collector) hexLines(core, whole string) {
	const width, most = 30, 4
	if len(whole) <= width || len(whole) > most*width {
		c.hex(core)
		return
	}
	tiled := len(core) == len(whole)
	for line := range pieces(whole, width) {
		tiled = tiled && 2*len(line) >= minExtra
		c.extra(inHexadecimal(line, lowerDigits))
	}
	if !tiled {
		c.extra(inHexadecimal(core, lowerDigits))
	}
	c.extra(inHexadecimal(core, upperDigits))
}

func inHexadecimal(text, digits string) string {
	spelled := make([]byte, 2*len(text))
	for i := range len(text) {
		spelled[2*i], spelled[2*i+1] = digits[text[i]>>4], digits[text[i]&15]
	}
	return string(spelled)
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
// 2045) and openssl (64, as in RFC 7468) break it, all of a width or none: one line that
// shows is a leak like another. Values that are not too long get masks for them: the
// limit has room for a private key of RSA 2048 in the first.
func (c *collector) columns(text string) {
	if base64.RawStdEncoding.EncodedLen(len(text)) > maxExtra*76 {
		return
	}
	whole, _ := c.digits(base64.RawStdEncoding, []byte(text), 0)
	for _, kind := range []struct{ width, most int }{{76, 32}, {64, 8}} {
		lines := slices.Compact(slices.Sorted(pieces(whole, kind.width)))
		for _, line := range lines {
			if len(lines) <= min(kind.most, c.room) {
				c.extra(line)
			} else {
				c.unannounced(line)
			}
		}
	}
}

// dumps holds, for the Redactor alone, the lines of text in hexadecimal dumps, each kind
// if there is room for all of its lines: the 30 bytes a line of xxd -p, the eight bytes
// that stand together in od -tx1 and hexdump -C, and the 16 characters that hexdump -C and
// xxd show beside theirs. Of a structured value, such characters may be as public as its
// keys are. To tell the platforms of them takes a mask for every five bytes of a value,
// and other dumps, as od's in octal, would still show.
func (c *collector) dumps(text string) {
	const plainWidth, group, margin = 30, 8, 16
	c.dump(text, plainWidth, func(piece string) string { return inHexadecimal(piece, lowerDigits) })
	c.dump(text, group, spaced)
	if !c.structured && (len(text) > margin || control(text)) {
		c.dump(text, margin, dotted)
	}
}

func (c *collector) dump(text string, width int, spell func(piece string) string) {
	if len(text) > c.spare*width {
		return
	}
	for piece := range pieces(text, width) {
		c.unannounced(spell(piece))
	}
}

// pieces cuts text into pieces of width bytes, of which the last may be shorter.
func pieces(text string, width int) iter.Seq[string] {
	return func(yield func(string) bool) {
		for text := text; text != ""; {
			piece := text[:min(width, len(text))]
			if !yield(piece) {
				return
			}
			text = text[len(piece):]
		}
	}
}

// spaced is text in hexadecimal with a space between its bytes.
func spaced(text string) string {
	return strings.Join(slices.Collect(pieces(inHexadecimal(text, lowerDigits), 2)), " ")
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
