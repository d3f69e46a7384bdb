package cli

import (
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/spelling"
)

// verbsNear are the verbs that a word was most likely meant to be: by another name that
// is known from other programs, or by a slip.
func verbsNear(word string) []string {
	var names []string
	for _, v := range verbs {
		names = append(names, v.Name)
		if slices.Contains(v.calls(), strings.ToLower(word)) {
			return []string{v.Name}
		}
	}
	return near(word, names)
}

// flagsNear are the flags of a verb that a name was most likely meant to be: by another name
// that is known from other programs, by whole words of it, as --vault, or by a slip.
func (v *Verb) flagsNear(name string) []string {
	flags := v.Flags()
	var parts []string
	for _, f := range flags {
		if f.isCalled(name) {
			return []string{f.String()}
		}
		if name != "" && strings.Contains("-"+f.Name+"-", "-"+name+"-") {
			parts = append(parts, f.String())
		}
	}
	if len(parts) > 0 {
		return parts
	}
	for _, f := range near(name, named(flags)) {
		parts = append(parts, "--"+f)
	}
	return parts
}

// flagsElsewhere is the flag of other verbs that a name was most likely meant to be, and
// these; "" for none.
func flagsElsewhere(name string) (meant string, takers []string) {
	if found := near(name, named(FlagsOf(Verbs()...))); len(found) > 0 {
		return found[0], takersOf(found[0])
	}
	return "", nil
}

// named are the names of flags.
func named(flags []*Flag) []string {
	var names []string
	for _, f := range flags {
		names = append(names, f.Name)
	}
	return names
}

// neverNear is the secret that the name of a flag means, or was most likely meant to.
func neverNear(name string) (input.Spec, bool) {
	var names []string
	for _, spec := range input.Specs() {
		if spec.Never() != "" {
			if spec.IsCalled(name) {
				return spec, true
			}
			names = append(names, spec.Name)
		}
	}
	folded := strings.ReplaceAll(name, "-", "_")
	if found := near(folded, names); len(found) > 0 {
		folded = found[0]
	}
	spec, _ := input.Named(folded)
	return spec, spec.Never() != ""
}

// near are the known words that are the fewest slips from a word, none if that could not
// be one of them.
func near(word string, known []string) []string {
	if !plainly(word) {
		return nil
	}
	return spelling.Guess(word, known)
}

// takersOf are the verbs that have a flag of a name.
func takersOf(name string) []string {
	var names []string
	for _, v := range verbs {
		if v.flag(name) != nil {
			names = append(names, v.Name)
		}
	}
	return names
}
