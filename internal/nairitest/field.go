package nairitest

import (
	"encoding/json"
	"regexp"
	"strings"
)

// fields is the body of a request that writes. Names must match exactly, which
// encoding/json would not ask of a struct; unknown ones are ignored.
type fields map[string]json.RawMessage

func (c *call) fields() (fields, error) {
	var f fields
	if c.readErr != nil || json.Unmarshal(c.body, &f) != nil {
		return nil, invalid("invalid request body")
	}
	return f, nil
}

// read decodes one field into a pointer to a pointer, which stays nil for a
// field that is absent or null.
func (f fields) read(name string, into any) error {
	text, ok := f[name]
	if ok && json.Unmarshal(text, into) != nil {
		return invalid("invalid request body")
	}
	return nil
}

// secretFields are the fields of a vault secret that a request may give, from
// https://nairi.ai/docs/api/vault-secrets/create.
type secretFields struct {
	envKey, value  *string
	allowedDomains *[]string
}

func (c *call) secretFields() (s secretFields, err error) {
	f, err := c.fields()
	if err == nil {
		err = f.read("env_key", &s.envKey)
	}
	if err == nil {
		err = f.read("value", &s.value)
	}
	if err == nil {
		err = f.read("allowed_domains", &s.allowedDomains)
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
	f, err := c.fields()
	if err == nil {
		err = f.read("name", &v.name)
	}
	if err == nil {
		err = f.read("description", &v.description)
	}
	return v, err
}
