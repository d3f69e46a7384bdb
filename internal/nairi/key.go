package nairi

import (
	"errors"
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// agentKeyPrefixes begin keys that authenticate an agent's daemon, not a user
// of the public API: ccagent_ is documented (https://nairi.ai/docs/help/using-the-api),
// the daemon nairid also knows nairid_ and eksecd_, and its predecessor's
// containers were given sys_.
var agentKeyPrefixes = []string{"ccagent_", "nairid_", "eksecd_", "sys_"}

// publicKeyPrefix begins every key of the public API.
const publicKeyPrefix = "nr_"

// ErrAgentKey is the error for a key of the wrong kind.
var ErrAgentKey = errors.New("is an agent's key, which runs a self-hosted agent. The public API needs a key that begins with " + publicKeyPrefix)

// ErrOtherKey is the error for what is no key of Nairi's: every public key is documented to
// begin with nr_ (https://nairi.ai/docs/help/using-the-api), so that the key of another
// service does not leave the machine.
var ErrOtherKey = errors.New("does not begin with " + publicKeyPrefix + ", as every public key of Nairi does")

// CheckKey checks that a key can be sent and is of the right kind. The rest of a key is
// opaque.
func CheckKey(key secret.Value) error {
	text := key.Reveal()
	if _, ok := cutPrefix(text, agentKeyPrefixes...); ok {
		return ErrAgentKey
	}
	for _, r := range text {
		if r <= ' ' || r > '~' {
			return errors.New("has a character that no key has: white space, a control character or one outside ASCII. Copy the key again")
		}
	}
	if !strings.HasPrefix(text, publicKeyPrefix) {
		return ErrOtherKey
	}
	return nil
}

// minKey is how many characters follow the prefix in what LooksLikeKey takes for
// a key. No word that begins like one is as long.
const minKey = 16

// LooksLikeKey reports whether a text is a key of either kind by its looks.
func LooksLikeKey(text string) bool {
	key, ok := cutPrefix(text, slices.Concat(agentKeyPrefixes, []string{publicKeyPrefix})...)
	return ok && len(key) >= minKey && ascii.Only(key, ascii.Word+"=-")
}

// cutPrefix is strings.CutPrefix with the first of several prefixes that is
// there.
func cutPrefix(text string, prefixes ...string) (rest string, found bool) {
	for _, prefix := range prefixes {
		if rest, found = strings.CutPrefix(text, prefix); found {
			return rest, true
		}
	}
	return text, false
}
