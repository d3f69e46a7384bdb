package input

import (
	"fmt"
	"strings"
)

// Of is what the input is about: "one" secret, "many", or "" for both.
func (s Spec) Of() []string { return s.of }

// Not are operations that take the input and do nothing with it.
func (s Spec) Not() []string { return strings.Fields(s.tag.Get("not")) }

// Guards reports whether the input limits what a run writes.
func (s Spec) Guards() bool { return s.guards }

// Told are the values of a dotenv text, a line each, and what is wrong with it.
func Told(dotenv string) (lines []string) {
	values, wrong := readDotenv(dotenv)
	for _, value := range values {
		lines = append(lines, fmt.Sprintf("%s=%q", value.name, value.text))
	}
	for _, why := range wrong {
		lines = append(lines, "! "+why)
	}
	return lines
}
