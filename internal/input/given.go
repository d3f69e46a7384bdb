package input

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// givenValues are values that are handed over by name, beside the step's variables.
type givenValues struct {
	texts map[string]string
	// unread says that there are more of them, of which not even the names are
	// known: a plan does not read them, or they cannot be read.
	unread bool
	from   map[string]string // the input of each
}

// givenValues gathers the values of env_json and of values_file, every one of which is
// taken for a secret. A name that both have could mean either.
func (c *checker) givenValues() givenValues {
	g := givenValues{texts: map[string]string{}, from: map[string]string{}}
	if c.EnvJSON != "" {
		c.gather(&g, "env_json", c.EnvJSON, readJSON)
	}
	if c.ValuesFile != "" && (c.Operation == string(plan.OpSync) || c.isLint()) {
		c.gatherFile(&g)
	}
	return g
}

// format is how a file of values is read, by how its name ends, and for standard input
// by how the text begins; nil for one that is not known.
func (c *checker) format(name string) func(text string) ([]named, []string) {
	if c.isPiped(name) {
		return readEither
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".json":
		return readJSON
	case ".env":
		return readDotenv
	}
	return nil
}

// readEither reads what has no name: no line of a .env file begins with a brace.
func readEither(text string) ([]named, []string) {
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		return readJSON(text)
	}
	return readDotenv(text)
}

// gatherFile reads the file of values. A plan does not: what stands in a file of a
// pull request would be masked in the very plan that is to be reviewed.
func (c *checker) gatherFile(g *givenValues) {
	const input = "values_file"
	read := c.format(c.ValuesFile)
	if read == nil {
		c.add(input, "must end in .json or .env, which says how the file is written")
	}
	if g.unread = read == nil || isTrue(c.DryRun); g.unread {
		c.reads(input, c.ValuesFile)
		return
	}
	text, err := c.secretsOf(input)(c.ValuesFile, maxValues)
	value, marked := secret.New(string(text)).TrimByteOrderMark()
	if marked {
		c.warn(problem.Problem{Input: input, Text: markLeftOut})
	}
	if err == nil {
		err = value.CheckText()
	}
	if err != nil {
		if !errors.Is(err, env.ErrTooLarge) { // of which no form could be made in time
			c.keep(value)
		}
		c.check(input, err)
		g.unread = true
		return
	}
	c.gather(g, input, value.Reveal(), read)
}

// gather reads the texts of an input, and notes all that is wrong with them as
// one problem: what they name cannot be looked for then.
func (c *checker) gather(g *givenValues, input, text string, read func(string) ([]named, []string)) {
	values, wrong := read(text)
	from := g.from
	for _, value := range values {
		c.keep(secret.New(value.text))
		if first, twice := from[value.name]; twice {
			wrong = append(wrong, value.shown()+" is given "+again(c.spelled(first), c.spelled(input)))
		}
		from[value.name] = input
		g.texts[value.name] = value.text
	}
	if len(wrong) > 0 {
		c.keep(secret.New(text))
		c.check(input, errors.New("cannot be used. "+few(slices.Compact(wrong), ". ", ". And ")+c.example(input)))
		g.unread = true
	}
}

// again says where else a name is given.
func again(first, second string) string {
	if first == second {
		return "twice"
	}
	return "in " + first + " as well"
}

// example shows what is right, behind what is wrong. A file was written by a program.
func (c *checker) example(input string) string {
	if input != "env_json" {
		return ""
	}
	return ". Write it as in " + c.dialect(input).JSONOfTexts()
}

// named is a text with its name, and where in the list it stands.
type named struct {
	name, text string
	place      string // as in "Member 3" or "Line 3"
}

// maxShown is how long a name may be to be repeated: a longer one is a text in the
// wrong place.
const maxShown = 64

// shown is the name if it looks like one that somebody chose, else where it
// stands: a token in the wrong place has digits among small letters.
func (n named) shown() string {
	chosen := ascii.Only(n.name, ascii.Upper+ascii.Digits+"_") || ascii.Only(n.name, ascii.Letters+"_")
	if chosen && ascii.Name(n.name) && len(n.name) <= maxShown {
		return n.name
	}
	return n.place
}

// few are the first of a list that may be long, in one line, and how many more
// there are.
func few(texts []string, separator, and string) string {
	const most = 10
	if more := len(texts) - most; more > 0 {
		return fmt.Sprintf("%s%s%d more", strings.Join(texts[:most], separator), and, more)
	}
	return strings.Join(texts, separator)
}
