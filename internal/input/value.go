package input

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/manifest"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// valueFile is the input that names a file with the value.
const valueFile = "value_file"

// Spellings of trim.
const (
	trimNewline = "newline"
	trimNone    = "none"
)

// Spellings of value_encoding.
const (
	encodingText   = "text"
	encodingBase64 = manifest.Base64
)

// markLeftOut tells of the one thing that is dropped and can be seen in no editor.
const markLeftOut = "begins with a byte-order mark, which was left out"

// source is a value of which it is known where it was given.
type source struct {
	at      problem.Problem // without a text
	read    func() (secret.Value, error)
	part    string // of the entry in a manifest, that says where the value is, as in .env
	ifEmpty string // what an empty value means
	isFile  bool   // which an editor may have written
	encoded bool   // in base64
	about   about
}

// accept reads a value and checks it. It is masked whatever it is, and absent if
// there is a problem with it.
func (c *checker) accept(s source) secret.Value {
	read, err := s.read()
	c.keep(read)
	value := read
	if err == nil {
		value, err = c.decoded(s, read)
	} else {
		s.at.Key += s.part
	}
	if errors.Is(err, secret.ErrEmpty) {
		err = errors.New(s.ifEmpty)
	}
	if err != nil {
		s.at.Text, s.at.Cause = c.ownAt(s.at, oneLine(err)), err
		c.note(s.at)
		return secret.Value{}
	}
	c.suspect(s, value)
	c.suspectPublic(s, value, read)
	return value
}

// ownAt is a text of this program about a place. The keys of a manifest are no inputs.
func (c *checker) ownAt(at problem.Problem, text string) string {
	if at.Line > 0 || at.File != "" {
		return c.flags.phrased(text)
	}
	return c.own(text)
}

// keep notes a secret, to be masked.
func (c *checker) keep(value secret.Value) {
	if !value.IsZero() {
		c.secrets = append(c.secrets, value)
	}
}

// decoded is the value to store of what was read: the bytes that base64 stands
// for, exactly, or a text without the mark and the new line that an editor puts
// around it.
func (c *checker) decoded(s source, value secret.Value) (secret.Value, error) {
	exact := c.Trim == trimNone && !s.encoded
	if trimmed, marked := value.TrimByteOrderMark(); marked && s.isFile && !exact {
		value = trimmed
		c.keep(value)
		s.at.Text = markLeftOut
		c.warn(s.at)
	}
	if s.encoded {
		value, err := value.DecodeBase64()
		c.keep(value)
		if errors.Is(err, secret.ErrBinary) {
			err = fmt.Errorf("%w. To store the base64 itself, leave value_encoding out, and decode it where it is used", err)
		}
		return value, cmp.Or(err, value.Check())
	}
	if !exact {
		value = value.TrimNewline()
	}
	return value, value.Check()
}

// value takes the value from the one input that gives it.
func (c *checker) value() secret.Value {
	var chosen secret.Value
	sources := c.valueSources()
	for _, source := range sources {
		chosen = c.accept(source)
	}
	if len(sources) > 1 {
		c.add(Value, "The value is given in more than one way. Keep one of them")
	}
	return chosen
}

// valueSources are the inputs of the three that were given.
func (c *checker) valueSources() []source {
	var sources []source
	add := func(input string, from optional, ifEmpty string, read func(text string) (secret.Value, error)) {
		if from.given() {
			sources = append(sources, source{
				at: problem.Problem{Input: input}, ifEmpty: ifEmpty, isFile: input == valueFile,
				encoded: c.ValueEncoding == encodingBase64,
				about:   about{envKey: c.EnvKey, allow: c.own("allow_suspicious_value: true")},
				read:    func() (secret.Value, error) { return read(*from.text) },
			})
		}
	}
	isEmpty := c.whyEmpty()
	add(Value, c.Value, isEmpty, func(text string) (secret.Value, error) { return secret.New(text), nil })
	add("value_env", c.ValueEnv, "names a variable that "+isEmpty, c.fromVariable)
	add(valueFile, c.ValueFile, c.emptyFile(textOf(c.ValueFile)), func(name string) (secret.Value, error) {
		return fromFile(name, c.ValueEncoding == encodingBase64, c.secretsOf(valueFile))
	})
	return sources
}

func (c *checker) fromVariable(text string) (secret.Value, error) {
	name := strings.TrimSpace(text)
	if name == "" {
		return secret.Value{}, errors.New("is empty. Give the name of the variable that holds the value")
	}
	value, found := c.lookup(name)
	dialect := c.dialect("")
	switch named := ascii.Name(name); {
	case named && !found && dialect.HasSettings():
		return secret.Value{}, errors.New("names a variable that is not set. " + dialect.NoVariable() + "by value and from_secret")
	case !named || !found:
		return secret.Value{}, errors.New("names a variable that is not set. Give the variable's name, not its value, and set it in the step's env")
	}
	return secret.New(value), nil
}

// How much of a file is read: a value of the greatest length with the mark and the
// new line that are dropped, or in base64, in lines of any length.
const (
	maxFile        = secret.MaxSize + int64(len("\ufeff\r\n"))
	maxEncodedFile = 2 * secret.MaxSize
)

// fromFile reads a value byte for byte. Of a file that is too long it returns the
// beginning too, for the masks.
func fromFile(name string, encoded bool, read reader) (secret.Value, error) {
	if strings.TrimSpace(name) == "" {
		return secret.Value{}, errors.New("is empty. Give the name of the file that holds the value")
	}
	limit := maxFile
	if encoded {
		limit = maxEncodedFile
	}
	text, err := read(name, limit)
	switch {
	case errors.Is(err, env.ErrTooLarge):
		return secret.New(string(text)), secret.ErrTooLong
	case err != nil:
		return secret.Value{}, err
	}
	return secret.New(string(text)), nil
}
