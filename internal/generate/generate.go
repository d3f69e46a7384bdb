// Package generate makes new values of secrets, from randomness that is handed in.
package generate

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/nairi-community/vault-secret/internal/secret"
)

// Kind is how a value is spelled.
type Kind string

// The kinds.
const (
	Base64URL    Kind = "base64url"    // random bytes in the alphabet of RFC 4648, section 5, without padding
	Hex          Kind = "hex"          // random bytes, two lower-case digits each
	Alphanumeric Kind = "alphanumeric" // letters of both cases and digits
	UUID         Kind = "uuid"         // version 4 of RFC 9562, section 5.4
	Password     Kind = "password"     // letters of both cases, digits and symbols, at least one of each
)

// Kinds lists them in the order in which they are documented.
var Kinds = []Kind{Base64URL, Hex, Alphanumeric, UUID, Password}

// Symbols are which symbols a password has.
type Symbols string

// The choices.
const (
	SafeSymbols Symbols = "safe" // that mean themselves, unquoted, in a shell, in a URL and in YAML
	AllSymbols  Symbols = "all"  // of ASCII, but for quotes, the backslash and look-alikes
	NoSymbols   Symbols = "none"
)

// SymbolChoices lists them in the order in which they are documented.
var SymbolChoices = []Symbols{SafeSymbols, AllSymbols, NoSymbols}

// MinBits is how random a value must be. It is the strength that NIST accepts for 2031 and
// beyond (SP 800-57, part 1, revision 5, table 4). A UUID has 122, the one exception.
const MinBits = 128

// FewerBits says of the exception that it is one.
const FewerBits = "A UUID has 122 random bits, fewer than the 128 that every other kind has at least."

// Sizes if nothing is said: 256 bits in bytes, and in characters at least 185.
const (
	DefaultBytes  = 32
	DefaultLength = 32
)

// Most is how many bytes or characters there may be: GitHub takes secrets of 48 KB, and
// no key or password is nearly as long.
const Most = 4096

// Spec says how a value is made. The zero Spec makes none.
type Spec struct {
	Kind    Kind
	Size    int     // bytes of Base64URL and Hex, characters of Alphanumeric and Password
	Symbols Symbols // of Password
}

// CountsBytes reports whether the size of a kind is in bytes.
func (k Kind) CountsBytes() bool { return k == Base64URL || k == Hex }

// CountsCharacters reports whether the size of a kind is in characters.
func (k Kind) CountsCharacters() bool { return k == Alphanumeric || k == Password }

// Check returns what is wrong with the size of a Spec, in words that follow its name.
func (s Spec) Check() error {
	switch {
	case s.Kind == UUID:
		return nil
	case s.Size > Most:
		return fmt.Errorf("must be at most %d", Most)
	case s.Bits() < MinBits:
		return fmt.Errorf("gives %d bits of randomness, and a value needs %d, so that nobody guesses it. Give at least %d", s.Bits(), MinBits, s.least())
	}
	return nil
}

// least is the smallest size that is random enough.
func (s Spec) least() int {
	for s.Size = 1; s.Bits() < MinBits; s.Size++ {
	}
	return s.Size
}

// Bits is how much randomness a value has, in whole bits, rounded down.
func (s Spec) Bits() int {
	switch {
	case s.Kind == UUID:
		return 122
	case s.Kind.CountsBytes():
		return 8 * s.Size
	case s.Kind == Alphanumeric:
		return int(float64(s.Size) * math.Log2(float64(len(alphanumeric))))
	case s.Kind == Password:
		return s.passwordBits()
	}
	return 0
}

// Make makes a value. Its error is that of random.
func (s Spec) Make(random io.Reader) (secret.Value, error) {
	source := &source{random: random}
	var text string
	switch s.Kind {
	case Base64URL:
		text = base64.RawURLEncoding.EncodeToString(source.bytes(s.Size))
	case Hex:
		text = hex.EncodeToString(source.bytes(s.Size))
	case Alphanumeric:
		text = source.text(alphanumeric, s.Size)
	case UUID:
		text = source.uuid()
	case Password:
		text = source.password(s)
	}
	if source.err != nil {
		return secret.Value{}, fmt.Errorf("no value was made, since there is no randomness for it: %w", source.err)
	}
	return secret.New(text), nil
}

const (
	lower        = "abcdefghijklmnopqrstuvwxyz"
	upper        = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits       = "0123456789"
	alphanumeric = lower + upper + digits
)

// source is randomness, and the first error of it.
type source struct {
	random io.Reader
	err    error
}

func (s *source) bytes(n int) []byte {
	b := make([]byte, n)
	if s.err == nil {
		_, s.err = io.ReadFull(s.random, b)
	}
	return b
}

// below is a number from 0 to n-1, each as likely as the others: a byte that would make the
// first ones likelier is thrown away.
func (s *source) below(n int) int {
	most := 256 - 256%n
	for s.err == nil {
		if b := int(s.bytes(1)[0]); b < most {
			return b % n
		}
	}
	return 0
}

func (s *source) text(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[s.below(len(alphabet))]
	}
	return string(b)
}

func (s *source) uuid() string {
	b := s.bytes(16)
	b[6] = b[6]&0x0f | 0x40 // version 4
	b[8] = b[8]&0x3f | 0x80 // the variant of RFC 9562
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// KindsInWords lists the kinds for a message.
func KindsInWords() string { return inWords(Kinds) }

// SymbolsInWords lists the choices of symbols for a message.
func SymbolsInWords() string { return inWords(SymbolChoices) }

func inWords[T ~string](words []T) string {
	texts := make([]string, len(words))
	for i, word := range words {
		texts[i] = string(word)
	}
	return strings.Join(texts, ", ")
}
