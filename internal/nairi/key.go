package nairi

import (
	"errors"
	"strings"

	"github.com/nairi-community/vault-secret/internal/secret"
)

// agentKeyPrefixes begin keys that authenticate an agent's daemon, not a user
// of the public API: ccagent_ is documented (https://nairi.ai/docs/help/using-the-api),
// the daemon nairid also knows nairid_ and eksecd_, and its predecessor's
// containers were given sys_.
var agentKeyPrefixes = []string{"ccagent_", "nairid_", "eksecd_", "sys_"}

// PublicKeyPrefix begins every key of the public API.
const PublicKeyPrefix = "nr_"

// ErrAgentKey is the error for a key of the wrong kind.
var ErrAgentKey = errors.New("this is an agent key, which the public API refuses; create a public key (" +
	PublicKeyPrefix + "…) in the dashboard under Settings, API Key")

// CheckKey checks that a key can be sent and is not known to be of the wrong
// kind. The rest of a key is opaque, so an unknown prefix is left to the server.
func CheckKey(key secret.Value) error {
	text := key.Reveal()
	if AgentKey(text) {
		return ErrAgentKey
	}
	for _, r := range text {
		if r <= ' ' || r > '~' {
			return errors.New("holds a character that no key has (white space, a control character or one outside ASCII); copy it again")
		}
	}
	return nil
}

// AgentKey reports whether text begins like an agent's key.
func AgentKey(text string) bool {
	for _, prefix := range agentKeyPrefixes {
		if strings.HasPrefix(text, prefix) {
			return true
		}
	}
	return false
}
