package input

import (
	"cmp"
	"slices"
	"strings"
)

// Problem is one thing that is wrong with the inputs.
type Problem struct {
	Input string // its name as the user spelled it
	Text  string // what is wrong, and what would be right
	Cause error  // for errors.Is; nil for most
}

// String is the problem in one line.
func (p Problem) String() string { return p.Input + ": " + p.Text }

// Problems are all that is wrong with the inputs. No request may be sent.
type Problems []Problem

// Error implements error, in one line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "; ")
}

// Unwrap gives the causes.
func (p Problems) Unwrap() []error {
	var causes []error
	for _, problem := range p {
		if problem.Cause != nil {
			causes = append(causes, problem.Cause)
		}
	}
	return causes
}

// checker gathers problems.
type checker struct {
	Outside
	sources         map[string]string // the variable of each input
	problems        Problems
	warnings        Problems
	allowSuspicious bool
}

// inOrder returns the problems in the order in which inputs are documented.
func (c *checker) inOrder() Problems {
	place := map[string]int{}
	for i, spec := range Specs() {
		place[c.spelled(spec.Name)] = i
	}
	slices.SortStableFunc(c.problems, func(a, b Problem) int {
		return cmp.Compare(place[a.Input], place[b.Input])
	})
	return c.problems
}

// add notes a problem of an input.
func (c *checker) add(input, text string) {
	c.problems = append(c.problems, Problem{Input: c.spelled(input), Text: text})
}

// check notes err, if there is one, as a problem of an input.
func (c *checker) check(input string, err error) {
	if err != nil {
		text := strings.ReplaceAll(err.Error(), "\n", "; ")
		c.problems = append(c.problems, Problem{Input: c.spelled(input), Text: text, Cause: err})
	}
}

// spelled is the name of an input as the user wrote it: "vault_id" in a
// workflow or a plugin's settings, and the variable where it came by another.
func (c *checker) spelled(input string) string {
	variable := c.sources[input]
	for _, prefix := range prefixes {
		if variable == "" || variable == prefix+strings.ToUpper(input) {
			return input
		}
	}
	return variable
}
