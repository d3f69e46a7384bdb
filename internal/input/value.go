package input

import (
	"errors"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// Spellings of trim.
const (
	trimNewline = "newline"
	trimNone    = "none"
)

// source is a value of which it is known where it was given.
type source struct {
	at      problem.Problem // without a text
	read    func() (secret.Value, error)
	ifEmpty string // what an empty value means
}

// accept reads a value and checks it. It is masked whatever it is, and absent if
// there is a problem with it.
func (c *checker) accept(s source) secret.Value {
	value, err := s.read()
	if !value.IsZero() {
		c.secrets = append(c.secrets, value)
	}
	if err == nil {
		if c.Trim != trimNone {
			value = value.TrimNewline()
		}
		err = value.Check()
	}
	if errors.Is(err, secret.ErrEmpty) {
		err = errors.New(s.ifEmpty)
	}
	if err != nil {
		s.at.Text, s.at.Cause = oneLine(err), err
		c.note(s.at)
		return secret.Value{}
	}
	c.suspect(s.at, value)
	return value
}

// suspect notes what is suspicious about a value, as a problem or a warning.
func (c *checker) suspect(at problem.Problem, value secret.Value) {
	found := suspicions(value)
	if where := c.event.Find(value); where != "" {
		found = append(found, refuse("stands in the event of this run, in "+where+
			", where everyone who can see the run can read it; make a new one and hand that over as a secret"))
	}
	for _, suspicion := range found {
		at.Text = suspicion.text
		if !suspicion.refuse || c.allowSuspicious {
			c.warn(at)
			continue
		}
		at.Text += "; to store it all the same, say allow_suspicious_value: true"
		c.note(at)
	}
}

// value takes the value from the one input that gives it.
func (c *checker) value() secret.Value {
	var chosen secret.Value
	sources := c.valueSources()
	for _, source := range sources {
		chosen = c.accept(source)
	}
	if len(sources) > 1 {
		c.add("value", "give only one of value, value_env and value_file")
	}
	return chosen
}

// valueSources are the inputs of the three that were given.
func (c *checker) valueSources() []source {
	var sources []source
	add := func(input string, from optional, ifEmpty string, read func(text string) (secret.Value, error)) {
		if from.given() {
			sources = append(sources, source{
				at: problem.Problem{Input: input}, ifEmpty: ifEmpty,
				read: func() (secret.Value, error) { return read(*from.text) },
			})
		}
	}
	isEmpty := "is empty; " + c.event.WhyEmpty()
	add("value", c.Value, isEmpty, func(text string) (secret.Value, error) { return secret.New(text), nil })
	add("value_env", c.ValueEnv, isEmpty, c.fromVariable)
	add("value_file", c.ValueFile, "names a file that is empty", c.fromFile)
	return sources
}

func (c *checker) fromVariable(text string) (secret.Value, error) {
	name := strings.TrimSpace(text)
	if name == "" {
		return secret.Value{}, errors.New("is empty; give the name of the variable that holds the value")
	}
	value, found := c.lookup(name)
	if !ascii.Name(name) || !found {
		return secret.Value{}, errors.New("names no variable of this step; give the variable's name, not the value, " +
			"and set the variable in the step's env")
	}
	return secret.New(value), nil
}

// maxFile is how much of a file is read: a value of the greatest length with the
// new line that is dropped.
const maxFile = secret.MaxSize + int64(len("\r\n"))

// fromFile reads a value byte for byte. Of a file that is too long it returns the
// beginning too, for the masks.
func (c *checker) fromFile(name string) (secret.Value, error) {
	if strings.TrimSpace(name) == "" {
		return secret.Value{}, errors.New("is empty; give the name of the file that holds the value")
	}
	text, err := c.env.ReadFile(name, maxFile)
	switch {
	case errors.Is(err, env.ErrTooLarge):
		return secret.New(string(text)), secret.ErrTooLong
	case err != nil:
		return secret.Value{}, err
	}
	return secret.New(string(text)), nil
}

// envJSON reads an object of texts, every one of which is taken for a secret.
func (c *checker) envJSON() map[string]string {
	if c.EnvJSON == "" {
		return nil
	}
	values, err := parseTexts(c.EnvJSON)
	if err != nil {
		c.check("env_json", err)
		c.maskInputs("env_json")
		return nil
	}
	for _, value := range values {
		c.secrets = append(c.secrets, secret.New(value))
	}
	return values
}
