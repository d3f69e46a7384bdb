package secret

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"unicode/utf8"
)

// MaxSize is the longest value taken, in bytes. The API's own limit is not
// documented; this one keeps a wrong path from being read for ever.
const MaxSize = 1 << 20

// Opener opens a file by name, as os.Open does.
type Opener func(name string) (io.ReadCloser, error)

// maxRead is how much of a file is read: a value of MaxSize with the new line
// that TrimNewline drops, and one byte more, by which Check knows that a longer
// file was cut.
const maxRead = MaxSize + int64(len("\r\n")) + 1

// FromFile reads a value from a file, byte for byte. The error never holds the
// name, which may be a value put in the wrong place.
func FromFile(open Opener, name string) (Value, error) {
	text, err := ReadFile(open, name, maxRead)
	if err != nil {
		return Value{}, err
	}
	return New(string(text)), nil
}

// ReadFile reads at most the first bytes of a file. Its error never holds the
// name either.
func ReadFile(open Opener, name string, most int64) ([]byte, error) {
	f, err := open(name)
	if err != nil {
		return nil, plainError(err)
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return nil, plainError(err)
	}
	return text, nil
}

// plainError is what happened to a file, without its name.
func plainError(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("there is no such file")
	case errors.Is(err, fs.ErrPermission):
		return errors.New("the file may not be read")
	}
	return errors.New("the file cannot be read")
}

// TrimNewline drops exactly one final newline, \n or \r\n: the one that an
// editor, a YAML block or echo puts at the end. Nothing else is ever changed.
func (v Value) TrimNewline() Value {
	text, found := strings.CutSuffix(v.Reveal(), "\n")
	if !found {
		return v
	}
	return New(strings.TrimSuffix(text, "\r"))
}

// ErrEmpty is Check's error for a value of no characters.
var ErrEmpty = errors.New("is empty")

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
		return fmt.Errorf("is longer than %d KiB", MaxSize>>10)
	case utf16(text):
		return errors.New("is UTF-16 text; save it as UTF-8")
	case !utf8.ValidString(text):
		return errors.New("is not UTF-8 text; encode binary data first, as in base64")
	case strings.ContainsRune(text, 0):
		return errors.New("holds a NUL byte, which no environment variable can; encode binary data first, as in base64")
	}
	return nil
}

func utf16(text string) bool {
	for _, mark := range byteOrderMarks {
		if strings.HasPrefix(text, mark) {
			return true
		}
	}
	return false
}
