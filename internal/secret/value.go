// Package secret holds the text of a secret, and says where it comes from.
//
// Value is the only carrier of such a text between packages: however it is
// printed, encoded or logged, it shows as [Redacted]. Reveal is the one way out.
package secret

import (
	"fmt"
	"io"
)

// Redacted is what a Value prints as, whatever the verb.
const Redacted = "[redacted]"

// Value is the text of a secret. The zero Value is the absent one.
//
// The text stands behind a pointer: fmt does not call methods on unexported
// struct fields, so a Value inside somebody's private field prints an address
// where a string would have printed the secret.
type Value struct{ text *string }

// New wraps text. The empty text is a Value too; only the zero Value is absent.
func New(text string) Value { return Value{text: &text} }

// Reveal returns the text, or "" for the absent Value.
func (v Value) Reveal() string {
	if v.text == nil {
		return ""
	}
	return *v.text
}

// IsZero reports whether there is no Value at all.
func (v Value) IsZero() bool { return v.text == nil }

// String implements fmt.Stringer without the text.
func (v Value) String() string { return Redacted }

// Format implements fmt.Formatter without the text, for every verb.
func (v Value) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, Redacted) }

// MarshalText implements encoding.TextMarshaler, which encoding/json uses too,
// without the text. A request that must carry the text reveals it itself.
func (v Value) MarshalText() ([]byte, error) { return []byte(Redacted), nil }
