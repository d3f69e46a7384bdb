package manifest

import (
	"bytes"
	"fmt"
	"unicode"
	"unicode/utf8"
)

// Limits of a text. Both leave room for 50,000 entries: of 330 bytes each, and
// of 12 items each.
const (
	// MaxBytes is the longest text taken.
	MaxBytes = 16 << 20
	// maxItems bounds what the text becomes when it is read: a node of the
	// library takes some 200 bytes, and a text of "a,a,a," needs one a byte.
	maxItems = 600_000
)

// refusal is why a text is not even read as YAML.
type refusal struct {
	line int
	text string
}

// check returns the first reason not to read a text, or nil.
func check(text []byte) *refusal {
	if len(text) > MaxBytes {
		return &refusal{0, fmt.Sprintf("is larger than %d MiB. Use several files", MaxBytes>>20)}
	}
	if why, at := oddCharacter(text); why != "" {
		return &refusal{1 + bytes.Count(text[:at], []byte("\n")), why}
	}
	if items(text) > maxItems {
		return &refusal{0, fmt.Sprintf("has more than %d items. Use several files", maxItems)}
	}
	return nil
}

// oddCharacter returns why a text is not plain UTF-8, and the place of the first
// byte that is not.
func oddCharacter(text []byte) (string, int) {
	for i := 0; i < len(text); {
		if text[i] >= ' ' && text[i] < unicode.MaxASCII {
			i++
			continue
		}
		if why := odd(text[i:], i == 0); why != "" {
			return why, i
		}
		_, size := utf8.DecodeRune(text[i:])
		i += size
	}
	return "", 0
}

// odd returns why no text may go on with the first character of rest. Line
// breaks that editors do not show as such, and what reorders a line on the
// screen, would let a reviewer see another text than the one that is read
// (trojansource.codes).
func odd(rest []byte, first bool) string {
	r, size := utf8.DecodeRune(rest)
	switch {
	case r == '\n' || r == '\t' || bytes.HasPrefix(rest, []byte("\r\n")) || r == '\uFEFF' && first:
		return ""
	case first && (bytes.HasPrefix(rest, []byte("\xff\xfe")) || bytes.HasPrefix(rest, []byte("\xfe\xff"))):
		return "is UTF-16 text. Save it as UTF-8"
	case r == utf8.RuneError && size == 1:
		return "is not UTF-8 text. Save it as UTF-8"
	case unicode.IsControl(r) || r == '\u2028' || r == '\u2029':
		return "has a control character other than a tab or the end of a line. Remove it"
	case unicode.Is(unicode.Bidi_Control, r) || r == '\uFEFF':
		return "has an invisible character that can make it look different from what it says. Remove it"
	}
	return ""
}

// items counts what can begin a node, wherever it stands: no text has more than
// three nodes an item, as "[:,:,:," has, and two for the whole.
func items(text []byte) int {
	count := 0
	for i, b := range text {
		switch b {
		case ',', '[', '{':
			count++
		case ':', '-', '?':
			if i+1 == len(text) || bytes.IndexByte([]byte(" \t\r\n"), text[i+1]) >= 0 {
				count++
			}
		}
	}
	return count
}
