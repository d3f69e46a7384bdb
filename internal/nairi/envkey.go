package nairi

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// reservedPrefixes are refused for an agent's environment variables
// (https://nairi.ai/docs/api/env-vars/create). A vault secret becomes one, so
// the same is asked of its env_key.
var reservedPrefixes = []string{"NAIRI_", "CCAGENT_"}

// placeholderPrefix begins what an agent sees in place of a secret's value
// (https://nairi.ai/docs/help/vaults); it is never part of an env_key or a value.
const placeholderPrefix = "CCASECRET_"

// IsPlaceholder reports whether a text is what an agent sees in place of a
// secret's value.
func IsPlaceholder(text string) bool {
	name, ok := strings.CutPrefix(text, placeholderPrefix)
	return ok && name != "" && ascii.Only(name, ascii.Word)
}

// CheckEnvKey checks the name of a secret. The error never repeats the name,
// which may be a value put in the wrong place.
func CheckEnvKey(name string) error {
	if !ascii.Name(name) { // the syntax of the same page
		return errors.New("must be the name of a variable: letters, digits and _, with no digit first, as in DATABASE_URL")
	}
	if len(name) > maxName {
		return fmt.Errorf("is longer than %d characters. Use a shorter name", maxName)
	}
	if strings.HasPrefix(name, placeholderPrefix) {
		return errors.New("must not begin with " + placeholderPrefix + ", which begins the placeholder that an agent sees. Give the name without it")
	}
	for _, prefix := range reservedPrefixes {
		if strings.HasPrefix(name, prefix) {
			return errors.New("must not begin with " + prefix + ", which Nairi keeps for itself")
		}
	}
	return nil
}
