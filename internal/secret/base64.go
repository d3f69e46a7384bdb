package secret

import (
	"encoding/base64"
	"errors"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// ErrBinary is DecodeBase64's error for bytes that are no text.
var ErrBinary = errors.New("decodes to bytes that are not text, and the API stores only text")

const (
	base64Letters = ascii.Letters + ascii.Digits + "+/="
	urlSafe       = "-_"
	whiteSpace    = " \t\v\f\r"
)

// DecodeBase64 returns the text of which a Value is the base64: in the standard
// alphabet, padded, in one line or in several, as base64 and openssl write it (RFC
// 2045, section 6.8, of which white space within a line is no part). What says
// more or less than whole bytes was cut or changed, and is refused.
func (v Value) DecodeBase64() (Value, error) {
	text := strings.ReplaceAll(strings.ReplaceAll(v.Reveal(), "\r\n", "\n"), "\n", "")
	if err := checkBase64(text); err != nil {
		return Value{}, err
	}
	decoded, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		return Value{}, errors.New("is base64 that was cut or changed. Copy it whole")
	}
	value := New(string(decoded))
	if checkText(value.Reveal()) != nil {
		return value, ErrBinary
	}
	return value, nil
}

// checkBase64 tells what is most often taken for base64, in words of its own.
func checkBase64(text string) error {
	odd := strings.Trim(text, base64Letters) // empty if there is nothing else
	switch {
	case text == "":
		return ErrEmpty
	case strings.Contains(text, "-----BEGIN"):
		return errors.New("is PEM, which is text already. Leave value_encoding out")
	case strings.HasPrefix(text, "data:"):
		return errors.New("is a data: URL. Give what follows its comma")
	case odd != "" && strings.Trim(text, base64Letters+urlSafe) == "":
		return errors.New("is URL-safe base64, with - and _. Encode it in the standard alphabet, with + and /")
	case odd != "" && strings.Trim(text, base64Letters+whiteSpace) == "":
		return errors.New("has white space within a line, which base64 never has. Remove it")
	case odd != "":
		return errors.New("has a character that base64 never has. Copy it whole, and nothing else")
	case len(text)%4 != 0:
		return errors.New("is base64 without its padding, or was cut. Its length must be a multiple of four, filled up with =")
	}
	return nil
}
