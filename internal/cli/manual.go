package cli

import (
	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/report"
)

// Manual is the page that explains everything.
const Manual = "https://github.com/nairi-community/vault-secret/blob/v1/docs/command-line.md"

// About is what the program does, in a sentence.
const About = "Set the secrets of Nairi vaults, one by one or as a file says."

// Notes are what holds for all verbs.
var Notes = [...]string{
	"Flags and operands come in any order; -- ends the flags.",
	"A flag that takes a list may be given several times.",
	"A flag without an argument is true or false: --dry-run, --dry-run=false.",
	"A secret is never an argument, because everybody can see those.",
}

// Examples are of the program as a whole.
var Examples = [...]Example{
	{"Create a secret, and type its value", "vault-secret create STRIPE_KEY --allowed-domains api.stripe.com"},
	{"See what the vault holds", "vault-secret list"},
	{"Show what a manifest would change, and then make it so", "vault-secret plan && vault-secret sync"},
}

// Environment are the inputs that some verbs read from a variable of a shell.
func Environment(verbs ...*Verb) []input.Spec {
	var specs []input.Spec
	for _, spec := range input.Specs() {
		for _, v := range verbs {
			if spec.Variable() != "" && v.serves(spec) {
				specs = append(specs, spec)
				break
			}
		}
	}
	return specs
}

// ExitCode is what the program ends with, and what that means.
type ExitCode struct {
	Code    int
	Meaning string
}

// ExitCodes are all of them.
func ExitCodes() []ExitCode {
	return []ExitCode{
		{report.ExitDone, "it is done"},
		{report.ExitFailed, "it failed, and nothing was changed"},
		{report.ExitBadInput, "wrong usage or a bad input; nothing was sent"},
		{report.ExitUnknown, "it was done in part, or it is not known"},
		{report.ExitCancelled, "Ctrl-C or SIGTERM ended it"},
	}
}
