package nairitest

import (
	"encoding/json"
	"regexp"
	"strings"
)

// read decodes the body of a request that writes: fields by name, each a pointer
// to a pointer, which stays nil for a field that is absent or null. Names must
// match exactly, which encoding/json would not ask of a struct; unknown ones are
// ignored.
func (c *call) read(fields map[string]any) error {
	var body map[string]json.RawMessage
	if c.readErr != nil || json.Unmarshal(c.body, &body) != nil {
		return invalid("invalid request body")
	}
	for name, into := range fields {
		if text, given := body[name]; given && json.Unmarshal(text, into) != nil {
			return invalid("invalid request body")
		}
	}
	return nil
}

// secretFields are the fields of a vault secret that a request may give, from
// https://nairi.ai/docs/api/vault-secrets/create.
type secretFields struct {
	envKey, value  *string
	allowedDomains *[]string
}

// secretFields reads a body, and refuses what does not pass check.
func (c *call) secretFields(check func(*secretFields) error) (s secretFields, err error) {
	err = c.read(map[string]any{"env_key": &s.envKey, "value": &s.value, "allowed_domains": &s.allowedDomains})
	if err == nil {
		err = check(&s)
	}
	return s, err
}

// envKeySyntax and the prefixes are documented for an agent's environment
// variables (https://nairi.ai/docs/api/env-vars/create), and assumed here.
var envKeySyntax = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// checkNew refuses what cannot be created.
func (s *secretFields) checkNew() error {
	switch {
	case s.envKey == nil || *s.envKey == "":
		return invalid("env_key is required")
	case s.value == nil || *s.value == "":
		return invalid("value is required")
	case !envKeySyntax.MatchString(*s.envKey):
		return invalid("env_key must match [A-Za-z_][A-Za-z0-9_]*")
	case strings.HasPrefix(*s.envKey, "NAIRI_"), strings.HasPrefix(*s.envKey, "CCAGENT_"):
		return invalid("env_key must not start with NAIRI_ or CCAGENT_")
	}
	return nil
}

// checkUpdate refuses what cannot be an update.
func (s *secretFields) checkUpdate() error {
	if s.value != nil && *s.value == "" {
		return invalid("value must not be empty")
	}
	return nil
}

// vaultFields are the fields of a vault that a request may give, from
// https://nairi.ai/docs/api/vaults/update.
type vaultFields struct{ name, description *string }

func (c *call) vaultFields() (v vaultFields, err error) {
	err = c.read(map[string]any{"name": &v.name, "description": &v.description})
	return v, err
}
