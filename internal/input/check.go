package input

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// Spellings of trim.
const (
	trimNewline = "newline"
	trimNone    = "none"
)

// booleans are the spellings that actions/toolkit takes (core.getBooleanInput).
var booleans = map[string]bool{
	"true": true, "True": true, "TRUE": true,
	"false": false, "False": false, "FALSE": false,
}

// trimSpace is for every input but a value and a file's name: a variable pasted
// into a settings page easily ends in a new line.
func trimSpace(text string) string { return strings.TrimSpace(text) }

func (c *checker) key(key secret.Value) {
	if key.Reveal() == "" {
		c.add("api_key", "is missing; "+c.WhyEmpty)
		return
	}
	c.check("api_key", nairi.CheckKey(key))
}

func (c *checker) baseURL(text string) *url.URL {
	u, err := nairi.ParseBaseURL(trimSpace(text))
	c.check("base_url", err)
	return u
}

func (c *checker) vaultID(f fields) nairi.VaultID {
	text := trimSpace(f.VaultID)
	if text == "" && trimSpace(f.Operation) == OperationSync {
		return ""
	}
	if text == "" {
		c.add("vault_id", "is missing; the dashboard shows it, as in vlt_01KEQ6963XS96YDP3NF9NKB7QJ")
		return ""
	}
	id, err := nairi.ParseVaultID(text)
	c.check("vault_id", err)
	return id
}

func (c *checker) secretID(text string) nairi.SecretID {
	if trimSpace(text) == "" {
		return ""
	}
	id, err := nairi.ParseSecretID(trimSpace(text))
	c.check("secret_id", err)
	return id
}

func (c *checker) envKey(text string) string {
	name := trimSpace(text)
	if name == "" {
		return ""
	}
	if err := nairi.CheckEnvKey(name); err != nil {
		c.check("env_key", err)
		return ""
	}
	return name
}

func (c *checker) operation(text string) plan.Operation {
	var names []string
	for _, known := range plan.Operations {
		names = append(names, string(known))
	}
	return plan.Operation(c.oneOf("operation", text, append(names, OperationSync)...))
}

func (c *checker) oneOf(input, text string, allowed ...string) string {
	text = trimSpace(text)
	if !slices.Contains(allowed, text) {
		c.add(input, "must be one of "+strings.Join(allowed, ", "))
		return ""
	}
	return text
}

func (c *checker) boolean(input, text string) bool {
	value, ok := booleans[trimSpace(text)]
	if !ok {
		c.add(input, "must be true or false")
	}
	return value
}

// outputFile takes what can be the name of a file: a pasted secret with lines is
// none, and would be one for everyone to see.
func (c *checker) outputFile(text string) string {
	name := trimSpace(text)
	if strings.ContainsFunc(name, unicode.IsControl) {
		c.add("output_file", "must be the name of a file, in one line")
		return ""
	}
	return name
}

// domains returns the domain list to write: nil to leave it alone, empty for
// "any", which only allow_any_domain can say.
func (c *checker) domains(list *string, anywhere string) *nairi.Domains {
	any := c.boolean("allow_any_domain", anywhere)
	if list == nil {
		if any {
			return &nairi.Domains{}
		}
		return nil
	}
	if any {
		c.add("allow_any_domain", "contradicts allowed_domains; give one of them")
	}
	entries, err := splitDomains(*list)
	if err == nil && len(entries) == 0 {
		err = errors.New("is empty; an empty list would let the secret go to any host; name the hosts, " +
			"leave the input out to keep them as they are, or say allow_any_domain: true")
	}
	if err != nil {
		c.check("allowed_domains", err)
		return nil
	}
	domains, err := nairi.ParseDomains(entries)
	if errors.Is(err, nairi.ErrLoneStar) {
		err = fmt.Errorf("%w; if any host is meant, leave the list out and say allow_any_domain: true", err)
	}
	if err != nil {
		c.check("allowed_domains", err)
		return nil
	}
	return &domains
}

// splitDomains splits a list by new lines and commas, or reads a JSON array.
func splitDomains(text string) ([]string, error) {
	text = trimSpace(text)
	if strings.HasPrefix(text, "[") {
		var entries []string
		if json.Unmarshal([]byte(text), &entries) != nil {
			return nil, errors.New(`begins like a JSON array but is none of strings, as in ["api.example.com"]`)
		}
		return entries, nil
	}
	var entries []string
	for entry := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == ',' }) {
		if entry = trimSpace(entry); entry != "" {
			entries = append(entries, entry)
		}
	}
	return entries, nil
}

// valueSource is one input that gives a value.
type valueSource struct {
	input string
	read  func() (secret.Value, error)
}

// valueSources are the inputs of the three that were given.
func (c *checker) valueSources(f fields) []valueSource {
	var sources []valueSource
	if f.Value.text != nil {
		sources = append(sources, valueSource{"value", func() (secret.Value, error) {
			return secret.New(*f.Value.text), nil
		}})
	}
	if f.ValueEnv.text != nil {
		sources = append(sources, valueSource{"value_env", func() (secret.Value, error) {
			return fromVariable(trimSpace(*f.ValueEnv.text), c.Lookup)
		}})
	}
	if f.ValueFile.text != nil {
		sources = append(sources, valueSource{"value_file", func() (secret.Value, error) {
			return fromFile(*f.ValueFile.text, c.Open)
		}})
	}
	return sources
}

func fromVariable(name string, lookup Lookup) (secret.Value, error) {
	if name == "" {
		return secret.Value{}, errors.New("is empty; give the name of the variable that holds the value")
	}
	text, found := lookup(name)
	if !ascii.Name(name) || !found {
		return secret.Value{}, errors.New("names no variable of this step; give the variable's name, not the value, " +
			"and set the variable in the step's env")
	}
	return secret.New(text), nil
}

func fromFile(name string, open secret.Opener) (secret.Value, error) {
	if trimSpace(name) == "" {
		return secret.Value{}, errors.New("is empty; give the name of the file that holds the value")
	}
	return secret.FromFile(open, name)
}
