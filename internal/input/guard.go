package input

import (
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// dialect is the language of whoever wrote the inputs. A setting of a plugin is
// one wherever the plugin runs.
func (c *checker) dialect(input string) ci.Dialect {
	dialect := ci.DialectOf(c.lookup)
	if c.flags != nil {
		return ci.Flags
	}
	if dialect == ci.Variables && strings.HasPrefix(c.sources[input], settingPrefix) {
		return ci.Settings
	}
	return dialect
}

// whyEmpty says that a secret is empty, and why it may be in this run. Drone hands a secret that
// does not exist on as an empty text, and neither it nor Woodpecker has those of
// GitHub's reasons.
func (c *checker) whyEmpty() string {
	if c.dialect("").HasSettings() {
		return "is empty. Check that the secret that from_secret names exists and is available for this event, or that the variable it comes from is set"
	}
	return c.event.WhyEmpty()
}

// emptyGuards notes the inputs that limit what the run writes and were given but
// empty. Left out means the default; empty means that whatever was to fill them
// did not, and a run that went on without the limit would be the harm that it was
// given against.
func (c *checker) emptyGuards() {
	for _, spec := range Specs() {
		if c.empty[spec.Name] {
			word := strings.TrimPrefix(spec.Default, NotGiven)
			c.add(spec.Name, "is empty, so it is unclear what was meant. "+c.dialect(spec.Name).WhyEmpty(spec.Name, word, NotGiven))
		}
	}
}

// notTexts are what GitHub's expressions make of a result that is no text
// (https://docs.github.com/en/actions/reference/workflows-and-actions/evaluate-expressions-in-workflows-and-actions).
var notTexts = []string{"Object", "Array"}

// isNotText reports whether a text is one of them.
func isNotText(text string) bool { return slices.Contains(notTexts, strings.TrimSpace(text)) }

const (
	notText = "is only the word Object or Array, which an expression that is not text turns into. "
	sayJSON = "Use one item of it, or all of it with toJSON"
)

// butFor are the problems that are not about an input.
func butFor(input string, problems problem.List) problem.List {
	var others problem.List
	for i := range problems {
		if problems[i].Input != input {
			others = append(others, problems[i])
		}
	}
	return others
}

// noExpressions notes the inputs that were to be filled by an expression which is
// no text. What else is said of such an input is a consequence, and goes. A value
// is suspicious instead, as any other may be stored by whoever means it.
func (c *checker) noExpressions() {
	for _, spec := range Specs() {
		variable, given := c.sources[spec.Name]
		if !given || spec.Name == Value {
			continue
		}
		if text, _ := c.lookup(variable); !isNotText(text) {
			continue
		}
		name := c.spelled(spec.Name)
		c.problems = butFor(name, c.problems)
		c.add(spec.Name, notText+sayJSON)
	}
}
