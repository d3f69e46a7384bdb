package input

import (
	"strings"
	"time"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/event"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// checker checks inputs, and gathers the problems and the secrets that it comes
// across.
type checker struct {
	*Inputs
	env             env.Env
	event           event.Event
	now             time.Time
	problems        problem.List
	warnings        problem.List
	notes           []string
	secrets         []secret.Value
	files           []env.Named // that are read
	allowSuspicious bool
	toldBits        bool // whether it was told that a UUID has fewer bits
}

// add notes a problem of an input, in our own words alone.
func (c *checker) add(input, text string) {
	c.note(problem.Problem{Input: input, Text: c.own(text)})
}

// check notes err, if there is one, as a problem of an input.
func (c *checker) check(input string, err error) {
	if err != nil {
		c.note(problem.Problem{Input: input, Text: oneLine(err), Cause: err})
	}
}

// oneLine is an error of one or more lines as sentences in one.
func oneLine(err error) string { return problem.InOneLine(strings.Split(err.Error(), "\n")) }

// note notes a problem under the name of its input as the user wrote it.
func (c *checker) note(p problem.Problem) {
	p.Input = c.spelled(p.Input)
	c.problems = append(c.problems, p)
}

// warn notes what is odd and does not stop the run.
func (c *checker) warn(p problem.Problem) {
	p.Input = c.spelled(p.Input)
	c.warnings = append(c.warnings, p)
}

// maskInputs adds inputs that are secrets to those that must be masked, as they
// were given.
func (c *checker) maskInputs(names ...string) {
	for _, name := range names {
		if variable, found := c.sources[name]; found {
			text, _ := c.lookup(variable)
			c.secrets = append(c.secrets, secret.New(text))
		}
	}
}
