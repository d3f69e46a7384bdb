package ci

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/env"
)

// Dialect is the language in which a platform's users write their steps, for
// advice that they can paste.
type Dialect int

// The dialects.
const (
	Variables   Dialect = iota // a shell, GitLab and others: variables of the environment
	Expressions                // GitHub, Gitea, Forgejo and act: with: and ${{ … }}
	Settings                   // Woodpecker, Drone and Harness: settings: of a plugin
)

// DialectOf tells the dialect by the variables that a platform sets. That
// Woodpecker has CI=woodpecker and Drone DRONE=true is in their lists of variables
// (https://woodpecker-ci.org/docs/usage/environment,
// https://docs.drone.io/pipeline/environment/reference/drone/).
func DialectOf(lookup env.Lookup) Dialect {
	e := env.Env{Lookup: lookup}
	switch {
	case hasActions(detect(lookup)):
		return Expressions
	case e.Get("CI") == "woodpecker", e.Get("CI_SYSTEM_NAME") == "woodpecker", e.IsTrue("DRONE"), e.Get("CI") == "drone":
		return Settings
	}
	return Variables
}

// hasActions reports whether a platform runs actions as GitHub does.
func hasActions(p platform) bool {
	_, other := p.(plain)
	return !other
}

// WhyEmpty says how an input comes to be given but empty, and what to write so
// that it never is: word is its default, or "" if it has none, and leftOut is the
// word that every input takes for "left out".
func (d Dialect) WhyEmpty(input, word, leftOut string) string {
	switch d {
	case Expressions:
		return fmt.Sprintf("an expression such as ${{ inputs.%s }} is empty in a run that has no such input, as on a push or a schedule; "+
			"write %s, or leave %s out", input, orElse(input, cmp.Or(word, leftOut)), input)
	case Settings:
		return fmt.Sprintf("a setting that takes its value from a variable is empty if that variable is not set; write %s: %s, or leave it out", input, cmp.Or(word, "…"))
	}
	return fmt.Sprintf("a variable that takes its value from another one is empty if that one is not set; write %s=%s, or leave it out",
		"INPUT_"+strings.ToUpper(input), cmp.Or(word, "…"))
}

// orElse is the expression for an input, or else for a word. It goes by the text,
// as the number 0 is as false as an empty text
// (https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#operators).
func orElse(input, word string) string {
	if word == "false" || word == "true" {
		return fmt.Sprintf("${{ inputs.%s || %s }}", input, word)
	}
	return fmt.Sprintf("${{ format('{0}', inputs.%s) || '%s' }}", input, word)
}

// Token is how a step is given the token of its run, for advice.
func (d Dialect) Token() string {
	if d == Expressions {
		return "such as ${{ github.token }}"
	}
	return "that may write comments"
}

// JSONOfTexts is an example of names and values as one JSON object.
func (d Dialect) JSONOfTexts() string {
	if d == Expressions {
		return `{"TOKEN": ${{ toJSON(secrets.TOKEN) }}}`
	}
	return `{"TOKEN": "the value of TOKEN"}`
}

// NoVariable says what to do where a variable that was named is not there.
// Woodpecker takes no environment: beside settings:
// (https://woodpecker-ci.org/docs/usage/plugins/overview), so that a plugin has
// none of its user's.
func (d Dialect) NoVariable() string {
	if d == Settings {
		return "a plugin has no variables beside its settings; give the value "
	}
	return "set it in the step's env, or give it "
}
