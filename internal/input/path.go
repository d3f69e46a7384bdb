package input

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/nairi"
)

// readFile reads a file that an input names. Of a name that cannot be there it is
// said why.
func (c *checker) readFile(name string, limit int64) ([]byte, error) {
	text, err := c.env.ReadFile(name, limit)
	return text, c.explain(name, err)
}

// reads notes a file that the run reads, now or when its plan is carried out.
func (c *checker) reads(input, name string) {
	if c.env.Stat == nil {
		return
	}
	if info, err := c.env.Stat(name); err == nil {
		c.files = append(c.files, env.Named{Input: c.spelled(input), Info: info})
	}
}

// explain adds to an error what it most likely comes from, and what to do.
func (c *checker) explain(name string, err error) error {
	advice := ""
	switch {
	case errors.Is(err, env.NameTooLong):
		advice = "Give the name of the file, not its content"
	case errors.Is(err, env.NotThere), errors.Is(err, env.FileOnWay):
		if why := misread(name); why != "" {
			return respelled{errors.New(c.own(why)), err}
		}
		advice = fromWhere(name)
	case errors.Is(err, env.Outside), errors.Is(err, env.Pipe), errors.Is(err, env.Device):
		advice = "If you mean it, give its whole path, which works everywhere but in a manifest"
	case errors.Is(err, env.Folder):
		advice = "Name a file in it"
	}
	if advice == "" || errors.Is(err, env.ErrTooLarge) {
		return c.ownError(err)
	}
	return c.ownError(fmt.Errorf("%w. %s", err, advice))
}

// notExpanded are the ways in which a name waits for somebody to make something
// else of it. Nobody does: no shell reads an input.
var notExpanded = []struct {
	looks func(name string) bool
	why   string
}{
	{func(n string) bool { return strings.ContainsAny(strings.TrimSpace(n), "\n\r\x00") },
		"has several lines, or is not text. Give the name of the file, not its content"},
	{func(n string) bool { return n == "-" }, "is -, which does not mean standard input here. Name a file, such as /dev/stdin"},
	{func(n string) bool { return strings.Contains(n, "${{") }, "contains ${{, an expression that was not evaluated"},
	{func(n string) bool { return strings.HasPrefix(n, "~") }, "begins with ~, which is not expanded. Write the whole path"},
	{namesVariable, "contains a variable or a command, which is not expanded. Write the whole path"},
	{inQuotes, "begins and ends with a quote, which would be part of the name. Leave the quotes out"},
	{func(n string) bool { return strings.Contains(n, "://") || strings.HasPrefix(n, "file:") },
		"is a URL. Write the path alone"},
	{func(n string) bool { return filepath.Separator == '/' && hasDrive(n) }, "begins with a drive letter, which only Windows has"},
	{func(n string) bool { return filepath.Separator == '/' && strings.Contains(n, `\`) }, `contains a \, and on this system / separates folders`},
	{func(n string) bool { return strings.ContainsAny(n, "*?[") }, noWildcards},
	{func(n string) bool { return strings.TrimSpace(n) != n }, "begins or ends with white space, which would be part of the name"},
	{func(n string) bool { return os.IsPathSeparator(n[len(n)-1]) }, "ends like the name of a folder. Name a file in it"},
}

const noWildcards = "contains a wildcard, which is not expanded. Name one file"

// misread is why a name was meant otherwise than it is read; "" for a name that
// can be one.
func misread(name string) string {
	for _, kind := range notExpanded {
		if name != "" && kind.looks(name) {
			return kind.why
		}
	}
	return ""
}

func fromWhere(name string) string {
	if filepath.IsAbs(name) {
		return ""
	}
	return "A relative path starts at the working folder"
}

// fileToWrite takes what can be the name of a file: a pasted secret with lines is
// none, and would be one for everyone to see. The file need not be there yet, so
// that a name which was meant otherwise would make one where nobody looks for it.
func (c *checker) fileToWrite(input, name string) string {
	why := misread(name)
	switch {
	case strings.ContainsFunc(name, unicode.IsControl):
		why = "must be the name of a file, in one line"
	case c.flags != nil && nairi.LooksLikeKey(name): // which would be there for everyone to see
		why = "looks like an API key. Name a file here, and revoke the key: it is in the history of the shell"
	case name == "-":
		why = "is -, which does not mean standard output here. Leave it out, or name a file"
	case why != "" && c.exists(name):
		why = ""
	}
	if why != "" {
		c.add(input, why)
		return ""
	}
	return name
}

func (c *checker) exists(name string) bool {
	if c.env.Stat == nil {
		return false
	}
	_, err := c.env.Stat(name)
	return err == nil
}

func inQuotes(name string) bool {
	return len(name) > 1 && name[0] == name[len(name)-1] && strings.IndexByte("\"'`", name[0]) >= 0
}

// namesVariable reports whether a name has $NAME, ${NAME}, $(command) or %NAME% in
// it.
func namesVariable(name string) bool {
	for _, rest, found := strings.Cut(name, "$"); found; _, rest, found = strings.Cut(rest, "$") {
		if rest != "" && (strings.ContainsRune("{(", rune(rest[0])) || ascii.Name(rest[:1])) {
			return true
		}
	}
	_, rest, _ := strings.Cut(name, "%")
	variable, _, closed := strings.Cut(rest, "%")
	return closed && ascii.Name(variable)
}

// hasDrive reports whether a name begins like C:\ or C:/.
func hasDrive(name string) bool {
	return len(name) > 2 && ascii.Name(name[:1]) && name[1] == ':' && strings.IndexByte(`\/`, name[2]) >= 0
}
