package generate

import (
	"errors"
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// Given is how a Spec is written, in texts: each but Kind is empty if it was left out.
type Given struct{ Kind, Bytes, Length, Symbols string }

// Fault is what is wrong with one of the texts.
type Fault struct {
	Field Field
	Err   error // in words that follow the name of the field
}

// Field is which of the texts, as inputs and the keys of a manifest are called.
type Field string

// The fields.
const (
	FieldKind    Field = "generate"
	FieldBytes   Field = "generate_bytes"
	FieldLength  Field = "generate_length"
	FieldSymbols Field = "generate_symbols"
)

// Parse reads a Spec, and returns all that is wrong with it.
func (g Given) Parse() (Spec, []Fault) {
	s := Spec{Kind: Kind(g.Kind)}
	if !slices.Contains(Kinds, s.Kind) {
		return Spec{}, []Fault{{FieldKind, errors.New("must be one of " + KindsInWords())}}
	}
	faults := slices.Concat(g.misplaced(s.Kind), g.symbols(&s), g.size(&s))
	if len(faults) > 0 {
		return Spec{}, faults
	}
	return s, nil
}

// misplaced are the texts that another kind has.
func (g Given) misplaced(kind Kind) (faults []Fault) {
	if g.Bytes != "" && !kind.CountsBytes() {
		faults = append(faults, Fault{FieldBytes, errors.New("is for base64url and hex. " + kind.otherSize())})
	}
	if g.Length != "" && !kind.CountsCharacters() {
		faults = append(faults, Fault{FieldLength, errors.New("is for alphanumeric and password. " + kind.otherSize())})
	}
	if g.Symbols != "" && kind != Password {
		faults = append(faults, Fault{FieldSymbols, errors.New("is for password. Leave it out")})
	}
	return faults
}

// otherSize is what to do about a size that another kind has.
func (k Kind) otherSize() string {
	switch {
	case k.CountsBytes():
		return "Give generate_bytes for " + string(k)
	case k.CountsCharacters():
		return "Give generate_length for " + string(k)
	}
	return "A " + string(k) + " has one size, so leave it out"
}

// symbols reads which symbols a password has.
func (g Given) symbols(s *Spec) []Fault {
	if s.Kind != Password {
		return nil
	}
	if s.Symbols = Symbols(g.Symbols); g.Symbols == "" {
		s.Symbols = SafeSymbols
	}
	if !slices.Contains(SymbolChoices, s.Symbols) {
		return []Fault{{FieldSymbols, errors.New("must be one of " + SymbolsInWords())}}
	}
	return nil
}

// size reads the size, if the kind has one.
func (g Given) size(s *Spec) []Fault {
	field, text, usual := FieldLength, g.Length, DefaultLength
	switch {
	case s.Kind.CountsBytes():
		field, text, usual = FieldBytes, g.Bytes, DefaultBytes
	case !s.Kind.CountsCharacters():
		return nil
	}
	if s.Size = usual; text != "" {
		if !ascii.Only(text, ascii.Digits) {
			return []Fault{{field, errors.New("must be a whole number")}}
		}
		s.Size = number(text)
	}
	if err := s.Check(); err != nil {
		return []Fault{{field, err}}
	}
	return nil
}

// number is what digits say, and more than Most for all that is more.
func number(digits string) int {
	n := 0
	for _, digit := range strings.TrimLeft(digits, "0") {
		if n = 10*n + int(digit-'0'); n > Most {
			break
		}
	}
	return n
}
