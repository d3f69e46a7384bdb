package nairi

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// VaultID is the ID of a vault, as in vlt_01KEQ6963XS96YDP3NF9NKB7QJ.
type VaultID string

// SecretID is the ID of a vault secret, as in sec_01KQ27AQH800XQTQPJZ0DH14SJ.
type SecretID string

// Prefixes of the two kinds of ID, from the table of https://nairi.ai/docs/api.
const (
	vaultPrefix  = "vlt_"
	secretPrefix = "sec_"
)

// crockford is the alphabet of Crockford's base32: no I, L, O and U.
const crockford = ascii.Digits + "ABCDEFGHJKMNPQRSTVWXYZ"

// isULID reports whether text is 26 characters of upper-case Crockford base32,
// of which the first is at most 7: more would not fit the 128 bits of a ULID.
func isULID(text string) bool {
	return len(text) == 26 && text[0] <= '7' && ascii.Only(text, crockford)
}

// ParseVaultID checks that text has the documented form of a vault's ID. The
// error never repeats text, which may be a secret put in the wrong place.
func ParseVaultID(text string) (VaultID, error) {
	if err := checkID(text, vaultPrefix); err != nil {
		return "", fmt.Errorf("%w. Give the vault's ID, as in vlt_01KEQ6963XS96YDP3NF9NKB7QJ; the dashboard shows it on the vault's page", err)
	}
	return VaultID(text), nil
}

// ParseSecretID is ParseVaultID for the ID of a secret.
func ParseSecretID(text string) (SecretID, error) {
	if err := checkID(text, secretPrefix); err != nil {
		return "", fmt.Errorf("%w. Give the secret's ID, as in sec_01KQ27AQH800XQTQPJZ0DH14SJ", err)
	}
	return SecretID(text), nil
}

// LooksLikeVault reports whether a text begins as the ID of a vault does.
func LooksLikeVault(text string) bool { return strings.HasPrefix(text, vaultPrefix) }

// LooksLikeSecret reports whether a text begins as the ID of a secret does.
func LooksLikeSecret(text string) bool { return strings.HasPrefix(text, secretPrefix) }

// checkID says what is wrong with an ID of one kind, and what it looks like instead.
func checkID(text, prefix string) error {
	rest, ok := strings.CutPrefix(text, prefix)
	switch {
	case ok && isULID(rest):
		return nil
	case ok && isULID(strings.ToUpper(rest)):
		return errors.New("has lower-case letters after " + prefix + ", where an ID has capitals")
	case ok:
		return errors.New("is not a whole ID")
	case strings.HasPrefix(text, vaultPrefix):
		return errors.New("looks like the ID of a vault")
	case strings.HasPrefix(text, secretPrefix):
		return errors.New("looks like the ID of a secret")
	case ascii.Name(text):
		return errors.New("looks like a name")
	}
	return errors.New("is not an ID")
}
