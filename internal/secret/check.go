package secret

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// MaxSize is the longest value taken, in bytes. The API's own limit is not
// documented; this one keeps a wrong path from being read for ever.
const MaxSize = 1 << 20

// TrimNewline drops exactly one final newline, \n or \r\n: the one that an
// editor, a YAML block or echo puts at the end. Nothing else is ever changed.
func (v Value) TrimNewline() Value {
	text, found := strings.CutSuffix(v.Reveal(), "\n")
	if !found {
		return v
	}
	return New(strings.TrimSuffix(text, "\r"))
}

// TrimByteOrderMark drops the mark that editors on Windows put before a text in
// UTF-8, and reports whether there was one.
func (v Value) TrimByteOrderMark() (Value, bool) {
	text, found := strings.CutPrefix(v.Reveal(), "\ufeff")
	if !found {
		return v, false
	}
	return New(text), true
}

// ErrEmpty is Check's error for a value of no characters.
var ErrEmpty = errors.New("is empty")

// ErrTooLong is Check's error for a value of more than MaxSize bytes.
var ErrTooLong error = tooLong{}

type tooLong struct{}

func (tooLong) Error() string { return fmt.Sprintf("is longer than %d KiB", MaxSize>>10) }

// byteOrderMarks begin texts in UTF-16, the most likely reason for a file that
// is not UTF-8.
var byteOrderMarks = []string{"\xff\xfe", "\xfe\xff"}

// Check reports why a value cannot be sent as it is. A request is JSON, which
// is UTF-8; an agent sees the secret as an environment variable, which ends at
// a NUL.
func (v Value) Check() error {
	text := v.Reveal()
	switch {
	case text == "":
		return ErrEmpty
	case len(text) > MaxSize:
		return ErrTooLong
	}
	return checkText(text)
}

// CheckText reports why something is no text, whatever its length.
func (v Value) CheckText() error { return checkText(v.Reveal()) }

func checkText(text string) error {
	switch {
	case utf16(text):
		return errors.New("is UTF-16 text. Save it as UTF-8")
	case !utf8.ValidString(text):
		return errors.New("is not UTF-8 text. Encode binary data first, as in base64")
	case strings.ContainsRune(text, 0):
		return errors.New("holds a NUL byte, which no environment variable can hold. Encode binary data first, as in base64")
	}
	return nil
}

// utf16 tells UTF-16 by its mark, or by every second byte being NUL as in a text
// of Western letters.
func utf16(text string) bool {
	for _, mark := range byteOrderMarks {
		if strings.HasPrefix(text, mark) {
			return true
		}
	}
	return len(text) > 3 && (nuls(text, 0) || nuls(text, 1))
}

// nuls reports whether every second byte from the first one on is NUL, and no
// other.
func nuls(text string, first int) bool {
	for i := range len(text) {
		if (text[i] == 0) != (i%2 == first) {
			return false
		}
	}
	return true
}
