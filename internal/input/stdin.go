package input

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/nairi-community/vault-secret/internal/env"
)

// hyphen stands for standard input on a command line, in the inputs that name files of
// secrets.
const hyphen = "-"

// piped are the inputs that take standard input, in the order in which they are
// documented; none without a command line.
func (c *checker) piped() []string {
	var inputs []string
	for _, spec := range Specs() {
		if spec.holdsSecrets() && c.isPiped(c.text(spec)) {
			inputs = append(inputs, spec.Name)
		}
	}
	return inputs
}

func textOf(o optional) string {
	if o.text == nil {
		return ""
	}
	return *o.text
}

// isPiped reports whether an input that names a file of secrets takes standard input.
func (c *checker) isPiped(name string) bool { return c.flags != nil && name == hyphen }

// reader reads a file by its name, up to a limit.
type reader func(name string, limit int64) ([]byte, error)

// secretsOf reads the file of secrets that an input names, or standard input.
func (c *checker) secretsOf(input string) reader {
	return func(name string, limit int64) ([]byte, error) {
		if c.isPiped(name) {
			return c.readInput(input, limit)
		}
		c.reads(input, name)
		return c.readFile(name, limit)
	}
}

// readInput reads standard input, of which there is one.
func (c *checker) readInput(input string, limit int64) ([]byte, error) {
	for _, other := range c.piped() {
		if other != input {
			return nil, fmt.Errorf("is -, and so is %s. Standard input can be read only once, so name a file in one of them", c.spelled(other))
		}
	}
	c.reads(input, env.StandardInput)
	text, err := c.env.ReadFile(env.StandardInput, limit)
	switch {
	case errors.Is(err, env.Terminal):
		err = fmt.Errorf("%w. %s", err, c.insteadOfTyping(input))
	case err == nil && len(text) == 0:
		err = errors.New(emptyInput)
	}
	return text, err
}

// notRead is said where somebody may have piped a value in, and did not say so.
const notRead = "is not set. To take it from standard input, add --value-file -"

// pipedIn reports whether a command line has a pipe or a file for its standard input. Only
// reading it would tell what is in it, if anything.
func (c *checker) pipedIn() bool {
	if c.flags == nil || c.env.Stat == nil {
		return false
	}
	in, err := c.env.Stat(env.StandardInput)
	return err == nil && (in.Mode()&fs.ModeNamedPipe != 0 || in.Mode().IsRegular() && in.Size() > 0)
}

const emptyInput = "is -, and standard input is empty. The command that writes to it may have failed, or a variable may not be set"

// emptyFile says that nothing is in a file of secrets.
func (c *checker) emptyFile(name string) string {
	if c.isPiped(name) {
		return emptyInput
	}
	return "names a file that is empty"
}

// insteadOfTyping is what to do at a terminal, where a value that is typed would show.
func (c *checker) insteadOfTyping(input string) string {
	switch input {
	case valueFile:
		return "Leave " + c.spelled(input) + " out, and you are asked for the value"
	case keyFile:
		return "Pipe the key in, name a file, or set NAIRI_API_KEY"
	}
	return "Pipe the values in, or name a file"
}
