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
	Variables     Dialect = iota // a shell, GitLab and others: variables of the environment
	Expressions                  // GitHub, Gitea, Forgejo and act: with: and ${{ … }}
	Settings                     // Woodpecker: settings: of a plugin alone
	DroneSettings                // Drone and Harness: the same, and environment: beside them
	Flags                        // a command line
)

// HasSettings reports whether inputs are the settings of a plugin, which the platform
// reads as YAML first.
func (d Dialect) HasSettings() bool { return d == Settings || d == DroneSettings }

// DialectOf is the dialect of the platform that the variables show.
func DialectOf(lookup env.Lookup) Dialect { return detect(lookup).dialect() }

// WhyEmpty says how an input comes to be given but empty, and what to write so
// that it never is: word is its default, or "" if it has none, and leftOut is the
// word that every input takes for "left out".
func (d Dialect) WhyEmpty(input, word, leftOut string) string {
	switch d {
	case Expressions:
		return fmt.Sprintf("An expression such as ${{ inputs.%s }} is empty in a run that has no such input, as on a push or a schedule. "+
			"Write %s, or leave %s out", input, orElse(input, cmp.Or(word, leftOut)), input)
	case DroneSettings:
		// Every other empty text is left out (drone-runner-docker 1.8.4,
		// engine/convert.go).
		return fmt.Sprintf("Drone passes an empty setting only if the secret that from_secret names does not exist. Write %s: %s, or leave it out", input, cmp.Or(word, "…"))
	case Settings:
		return fmt.Sprintf("A setting that takes its value from a variable is empty if that variable is not set. Write %s: %s, or leave it out", input, cmp.Or(word, "…"))
	case Flags:
		return "The variable that it comes from may not be set. Set it, or leave it out"
	}
	return fmt.Sprintf("A variable that takes its value from another one is empty if that one is not set. Write %s=%s, or leave it out",
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
		return "Set it to ${{ github.token }}"
	}
	return "Give a token that may write comments"
}

// JSONOfTexts is an example of names and values as one JSON object.
func (d Dialect) JSONOfTexts() string {
	if d == Expressions {
		return `{"TOKEN": ${{ toJSON(secrets.TOKEN) }}}`
	}
	return `{"TOKEN": "the value of TOKEN"}`
}

// NoVariable says what to do where a variable that was named is not there.
// Woodpecker warns of environment: beside settings: (3.17,
// pipeline/frontend/yaml/linter/linter.go), so no advice there says to use it.
func (d Dialect) NoVariable() string {
	switch d {
	case Settings:
		return "Woodpecker advises against environment: in a plugin. Give the value "
	case DroneSettings:
		return "Set it in the step's environment, beside its settings, or give the value "
	case Flags:
		return "Export it, or give it "
	}
	return "Set it in the step's env, or give it "
}
