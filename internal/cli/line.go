package cli

import (
	"flag"
	"io"
	"strings"

	"github.com/nairi-community/vault-secret/internal/input"
)

// endOfFlags says that what follows are operands, whatever they look like.
const endOfFlags = "--"

// line is a command line that is being read.
type line struct {
	verb     *Verb
	set      *flag.FlagSet // of those that were met
	given    map[string]bool
	command  *Command
	operands []string
	wrong    *wrong // the first thing that is, if anything
	at       int    // which argument is read, the verb being the first
}

func newLine(v *Verb) *line {
	l := &line{
		verb: v, given: map[string]bool{},
		set: flag.NewFlagSet("", flag.ContinueOnError), command: &Command{Verb: v.Name, Flags: v.says()},
	}
	// Errors of package flag repeat what was given, so there are none: what is wrong is found
	// before it, or by take.
	l.set.SetOutput(io.Discard)
	return l
}

// meet is the flag of a name, ready to be parsed; nil if the verb has none. A verb has some
// forty flags, and most command lines a few: to make all of them would take longer than the
// rest of reading them.
func (l *line) meet(name string) *Flag {
	f := l.verb.flag(name)
	if f == nil || l.set.Lookup(name) != nil {
		return f
	}
	take := func(text string) error {
		l.take(f, text)
		return nil // for package flag would repeat the text
	}
	if f.IsBoolean() {
		l.set.BoolFunc(name, "", take)
	} else {
		l.set.Func(name, "", take)
	}
	return f
}

// read reads flags and operands, in any order, up to the first that is wrong.
func (l *line) read(arguments []string) {
	for rest := arguments; len(rest) > 0 && l.wrong == nil; {
		l.at = len(arguments) - len(rest) + 2
		width := 1
		switch first := rest[0]; {
		case first == endOfFlags:
			l.operands = append(l.operands, rest[1:]...)
			width = len(rest)
		case isFlag(first):
			width = l.flag(rest)
		default:
			l.operands = append(l.operands, first)
		}
		rest = rest[width:]
	}
	if l.wrong == nil {
		l.wrong = l.place()
	}
}

// isFlag reports whether an argument is a flag. A dash alone stands for standard input.
func isFlag(argument string) bool { return len(argument) > 1 && argument[0] == '-' }

// flag reads the flag at the beginning of arguments, and returns how many it took.
func (l *line) flag(arguments []string) (width int) {
	name := spelled(arguments[0])
	given := strings.Contains(arguments[0], "=")
	f := l.meet(name)
	width = 1
	if f == nil {
		l.wrong = l.unknown(name)
		return width
	}
	if !given && len(arguments) > 1 {
		l.wrong = apart(f, arguments[1])
	}
	if !given && !f.IsBoolean() {
		width = 2
	}
	switch {
	case l.wrong != nil:
	case len(arguments) < width:
		l.wrong = withoutText(f)
	default:
		_ = l.set.Parse(arguments[:width])
	}
	return min(width, len(arguments))
}

// apart is what is wrong with a flag that is not joined by an equals sign to what follows;
// nil if nothing is.
func apart(f *Flag, next string) *wrong {
	_, isBoolean := input.Boolean(next)
	switch {
	case f.IsBoolean() && isBoolean:
		return unjoined(f, next)
	case !f.IsBoolean() && isFlag(next):
		return withoutText(f)
	}
	return nil
}

// spelled is the name of a flag as package flag reads it: with one dash or two, up to an
// equals sign.
func spelled(argument string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(argument[1:], "-"), "=")
	return name
}

// take notes the text of a flag, or what is wrong with it.
func (l *line) take(f *Flag, text string) {
	_, isBoolean := input.Boolean(text)
	switch {
	case f.IsBoolean() && !isBoolean:
		l.wrong = notBoolean(f)
	case l.given[f.Name] && !f.IsList:
		l.wrong = twice(f)
	case f.spec.Name == "":
		l.command.own(f, text)
	case l.isEmpty(f, text):
		l.wrong = empty(f)
	default:
		l.command.add(f.spec.Name, text)
	}
	l.given[f.Name] = true
}

// isEmpty reports whether a text of a flag is empty, or that before it in a list is. What is
// wrong with one that stands alone the input says, if it can tell empty and left out apart.
func (l *line) isEmpty(f *Flag, text string) bool {
	before, given := l.command.Flags[f.spec.Name]
	if strings.TrimSpace(text) == "" {
		return given || f.spec.Default != input.NotGiven
	}
	return given && strings.TrimSpace(before) == ""
}

// own sets a flag that stands for no input.
func (c *Command) own(f *Flag, text string) {
	said, _ := input.Boolean(text)
	switch f.Name {
	case jsonFlag:
		c.JSON = said
	case quietFlag:
		c.Quiet = said
	case yesFlag:
		c.Yes = said
	}
}

// add adds the text of an input. A list may be given piece by piece.
func (c *Command) add(name, text string) {
	if before, given := c.Flags[name]; given {
		text = before + "\n" + text
	}
	c.Flags[name] = text
}
