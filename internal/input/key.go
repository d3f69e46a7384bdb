package input

import (
	"errors"
	"strings"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/secret"
)

func (c *checker) apiKey() secret.Value {
	key, read := c.givenKey()
	if !read {
		return key
	}
	err := nairi.CheckKey(key)
	source := "api_key"
	if c.APIKeyFile != "" {
		source = keyFile
	}
	switch {
	case c.APIKey == "" && c.APIKeyFile == "":
		c.add("api_key", c.noKey())
	case errors.Is(err, nairi.ErrAgentKey), errors.Is(err, nairi.ErrOtherKey):
		c.note(problem.Problem{Code: problem.WrongKeyKind, Input: source, Text: err.Error(), Cause: err})
	default:
		c.check(source, err)
	}
	return key
}

// noKey says that there is no key, and what to do.
func (c *checker) noKey() string {
	if c.flags != nil {
		return "is not set. Set it, or name a file that holds the key with --api-key-file"
	}
	return c.whyEmpty()
}

// givenKey is the key as it was given, and whether it could be read. A file that was
// named is more than the variable of the whole environment.
func (c *checker) givenKey() (key secret.Value, read bool) {
	switch named := c.APIKeyFile != ""; {
	case !named:
		return secret.New(c.APIKey), true
	case c.APIKey != "" && !c.byShell("api_key"):
		c.add(keyFile, "is given, and so is "+c.spelled("api_key")+". Keep one of them")
		return secret.Value{}, false
	}
	text, err := c.secretsOf(keyFile)(c.APIKeyFile, maxKeyFile)
	key = secret.New(strings.TrimSpace(string(text)))
	c.keep(key)
	switch {
	case err != nil:
		c.check(keyFile, err)
	case strings.TrimSpace(string(text)) == "":
		c.add(keyFile, c.emptyFile(c.APIKeyFile))
	default:
		return key, true
	}
	return secret.Value{}, false
}

// keyFile is the input that names a file with the key.
const keyFile = "api_key_file"

// maxKeyFile is room for a key, with what an editor puts around it.
const maxKeyFile = 4 << 10
