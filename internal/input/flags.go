package input

import (
	"strings"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// Flags are the inputs that a command line gives, by their names, as in vault_id; nil for
// a run without a command line.
type Flags map[string]string

// Flag is an input as a command line spells it.
func Flag(input string) string { return flagPrefix + strings.ReplaceAll(input, "_", "-") }

// Inputs of which a command line knows more than the table says.
const (
	Operation = "operation" // the verb says it
	DryRun    = "dry_run"   // and this one, if it is plan
	EnvKey    = "env_key"
	SecretID  = "secret_id"
	VaultID   = "vault_id" // of which few verbs take several
	Manifest  = "manifest"
	Value     = "value" // the secret that people try to give in most ways
)

// flagPrefix begins a flag, and no variable that is ever asked for.
const flagPrefix = "--"

// ourVault is the variable in which a shell has the vault for all of its commands. It is
// a default: an operation that takes no vault_id is not told one by it. A step does not read
// it. The key and the address are the vendor's own names, which all of its clients read
// (github.com/nairiai/pi-nairi-provider).
const ourVault = "NAIRI_VAULT_ID"

// over lays flags over an environment: each is found under its own spelling.
func (f Flags) over(lookup env.Lookup) env.Lookup {
	if f == nil {
		return lookup
	}
	return func(name string) (string, bool) {
		if flag, is := strings.CutPrefix(name, flagPrefix); is {
			text, given := f[strings.ReplaceAll(flag, "-", "_")]
			return text, given
		}
		return lookup(name)
	}
}

// variables are where to look for an input, the best place first.
func (f Flags) variables(spec Spec) []string {
	names := make([]string, 0, 4)
	if _, given := f[spec.Name]; given {
		names = append(names, Flag(spec.Name))
	}
	for _, prefix := range prefixes {
		names = append(names, prefix+strings.ToUpper(spec.Name))
	}
	if spec.shell != "" && (f != nil || spec.shell != ourVault) {
		names = append(names, spec.shell)
	}
	return names
}

// spelled is the name of an input where there is a command line: the variable that gave
// it, and else the flag, or what has no flag as everywhere.
func (f Flags) spelled(input, variable string) string {
	switch {
	case input == Operation && variable == Flag(input):
		return "vault-secret"
	case variable != "":
		return variable
	case input == EnvKey, input == SecretID && f[Operation] != string(plan.OpCreate):
		return "NAME" // the operand that a help shows
	}
	if spec, known := Named(input); known && (strings.Contains(input, "_") || spec.Never() == "") {
		return spec.spelled()
	}
	return input
}

// tellVariables notes the variables that a command line takes and no help names. They may be
// there for something else, or since long ago, and some change what is written.
func (c *checker) tellVariables() {
	if c.flags == nil {
		return
	}
	var names []string
	for _, spec := range Specs() {
		if variable := c.sources[spec.Name]; c.given(spec) && variable != Flag(spec.Name) && variable != spec.Variable() {
			names = append(names, variable)
		}
	}
	if len(names) > 0 {
		c.notes = append(c.notes, "From the environment: "+strings.Join(names, ", ")+".")
	}
}
