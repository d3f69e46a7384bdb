package cli

import (
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// Verb is what a command line can ask for.
type Verb struct {
	Name     string
	Group    string // the heading under which a help lists it
	Help     string // what it does, in a few words
	Operand  string // what it takes beside flags, as in NAME; "" for nothing
	Several  bool   // whether it takes more than one of these, or none
	More     string // how it does it, in whole sentences
	Examples []Example

	operation plan.Operation // that it runs; "" for one that only prints
	dryRun    bool           // whether it changes nothing
	deletes   bool           // whether it can delete, and asks before
	also      string         // what other programs call it
}

// Example is a command line, and what it is good for.
type Example struct{ For, Line string }

// Verbs are all verbs, in the order in which a help lists them. They are everybody's, and
// not to be changed.
func Verbs() []*Verb { return verbs[:] }

// verbNamed is the verb of a name; nil if there is none.
func verbNamed(name string) *Verb {
	for _, v := range verbs {
		if v.Name == name {
			return v
		}
	}
	return nil
}

// Usage is how a verb is written.
func (v *Verb) Usage() string {
	usage := "vault-secret " + v.Name
	switch {
	case v.Several:
		usage += " [" + v.Operand + "...]"
	case v.Operand != "":
		usage += " " + v.Operand
	}
	if v.runs() {
		usage += " [flags]"
	}
	return usage
}

// runs reports whether a verb runs something, and does not only print.
func (v *Verb) runs() bool { return v.operation != "" }

// says are the inputs that a verb means, with their texts.
func (v *Verb) says() input.Flags {
	says := input.Flags{input.Operation: string(v.operation)}
	if v.dryRun {
		says[input.DryRun] = "true"
	}
	return says
}

// ofSteps is the input that is for a step alone: no program sets variables of the shell that
// it is run from.
const ofSteps = "generated_env"

// serves reports whether a verb does something with an input that it does not say itself.
func (v *Verb) serves(spec input.Spec) bool {
	said := spec.Name == input.Operation || v.dryRun && spec.Name == input.DryRun
	return v.runs() && !said && spec.Name != ofSteps && spec.Serves(v.operation)
}

// Flags are all that a verb takes, in the order and the groups of the inputs.
func (v *Verb) Flags() []*Flag { return FlagsOf(v) }

// FlagsOf are all that one of some verbs takes, in the order and the groups of the inputs.
func FlagsOf(verbs ...*Verb) []*Flag {
	var flags []*Flag
	group := ""
	for _, spec := range input.Specs() {
		if next := spec.Group(); next != "" {
			flags = append(flags, ownOf(group, verbs)...)
			group = next
		}
		if spec.Never() == "" && slices.ContainsFunc(verbs, func(v *Verb) bool { return v.serves(spec) }) {
			flags = append(flags, asFlag(spec, group, verbs...))
		}
	}
	return append(flags, ownOf(group, verbs)...)
}

// ownOf are the flags of some verbs that end a group and stand for no input.
func ownOf(group string, verbs []*Verb) []*Flag {
	var flags []*Flag
	for _, f := range own {
		if f.Group == group && slices.ContainsFunc(verbs, func(v *Verb) bool { return v.owns(f) }) {
			flags = append(flags, f)
		}
	}
	return flags
}

// owns reports whether a verb has a flag that stands for no input.
func (v *Verb) owns(f *Flag) bool {
	return (v.runs() || f.Name == helpFlag) && (v.deletes || f.Name != yesFlag)
}

// flag is the flag of a verb by its name; nil if it has none. Its group is not asked for.
func (v *Verb) flag(name string) *Flag {
	for _, f := range own {
		if f.Name == name && v.owns(f) {
			return f
		}
	}
	spec, known := input.Named(strings.ReplaceAll(name, "-", "_"))
	if !known || strings.Contains(name, "_") || spec.Never() != "" || !v.serves(spec) {
		return nil
	}
	return asFlag(spec, "", v)
}

// several reports whether a verb takes an input more than once.
func (v *Verb) several(spec input.Spec) bool {
	return spec.IsList() && (spec.Name != input.VaultID || v.Operand == aVault)
}

// calls are the names of a verb, its own first.
func (v *Verb) calls() []string { return append([]string{v.Name}, strings.Fields(v.also)...) }
