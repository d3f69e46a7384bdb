package cli

import (
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/input"
)

// Flag is a flag of a verb: that of an input, or one of the command line's own.
type Flag struct {
	Name    string // as in vault-id
	Group   string // the heading under which a help lists it
	Help    string // what it is, in a few words
	Takes   string // what stands for its text, as in FILE; "" for one that is true or false
	Default string
	Words   []string // all that it takes; nil if that is not a choice of words
	IsFile  bool     // whether it takes the name of a file
	IsList  bool     // whether it may be given several times
	spec    input.Spec
	also    string // what other programs call it, of one that stands for no input
}

// Names of the flags that stand for no input.
const (
	yesFlag   = "yes"
	jsonFlag  = "json"
	quietFlag = "quiet"
	helpFlag  = "help"
)

// own are the flags that stand for no input, each at the end of the group that it names.
var own = [...]*Flag{
	{Name: yesFlag, Group: "Safety", Help: "delete without asking", also: "y force"},
	{Name: jsonFlag, Group: "Output", Help: "print the outputs as one JSON object", also: "o format"},
	{Name: quietFlag, Group: "Output", Help: "print nothing but errors", also: "q silent"},
	{Name: helpFlag, Group: "Output", Help: "print this help"},
}

// asFlag is an input as a flag of some verbs.
func asFlag(spec input.Spec, group string, verbs ...*Verb) *Flag {
	f := &Flag{
		Name: strings.TrimPrefix(input.Flag(spec.Name), "--"), Group: group, Help: spec.Help(),
		Takes: spec.Placeholder(), Words: spec.Words(), IsFile: spec.IsFile(), spec: spec,
		IsList: slices.ContainsFunc(verbs, func(v *Verb) bool { return v.several(spec) }),
	}
	if spec.Default != input.NotGiven {
		f.Default = spec.Default
	}
	return f
}

// IsBoolean reports whether a flag is true or false.
func (f *Flag) IsBoolean() bool { return f.Takes == "" }

// isCalled reports whether other programs have a flag of a name that does what this one does.
func (f *Flag) isCalled(name string) bool {
	return f.spec.IsCalled(name) || slices.Contains(strings.Fields(f.also), name)
}

// String is a flag as it is written.
func (f *Flag) String() string { return "--" + f.Name }
