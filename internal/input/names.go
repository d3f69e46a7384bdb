package input

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/spelling"
)

// variableName is the name of a variable that hands over an input, or another
// tool's.
type variableName struct {
	text   string // all of it
	prefix string // that of prefixes which it begins with, in any case
	rest   string // what stands behind the prefix
}

// misspelt looks for inputs that were given under a name which is none. Only
// GitHub's runner itself warns of one; everywhere else it would be as if it had
// been left out. One that most likely was to be a guard or the operation is refused, all
// others are a warning, and what belongs to another tool is left alone. names lists the
// variables of the run; nil where they are not known.
func (c *checker) misspelt(names func() []string) {
	if names == nil {
		return
	}
	var unknown []string
	for _, name := range handedOver(names()) {
		switch spec, near := meant(name.rest); {
		case near:
			c.slip(name, spec)
		case name.prefix == settingPrefix && c.dialect("").HasSettings():
			unknown = append(unknown, name.shown())
			if isCondition(strings.ToLower(name.rest)) {
				c.add(name.shown(), "is a condition that nothing checks, because no input has this name. Leave it out, or correct the name")
			}
		}
	}
	if len(unknown) > 0 {
		c.warn(problem.Problem{Text: "No input is named " + few(unknown, ", ", " and ") + ". Correct the name, or leave it out"})
	}
}

// handedOver are the names that begin like those of inputs and are none, in
// alphabetical order.
func handedOver(all []string) []variableName {
	var names []variableName
	inputs := byVariable()
	slices.Sort(all)
	for _, text := range all {
		for _, prefix := range prefixes {
			if len(text) < len(prefix) || !strings.EqualFold(text[:len(prefix)], prefix) {
				continue
			}
			name := variableName{text, prefix, text[len(prefix):]}
			if _, known := inputs[name.rest]; !known || !strings.HasPrefix(text, prefix) {
				names = append(names, name)
			}
		}
	}
	return names
}

// IsGivenAny reports whether one of some variables hands over an input, or was to.
func IsGivenAny(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(strings.ToUpper(name), prefix) })
	})
}

// shown is the name for a message: whoever can set a variable can give it any.
func (n variableName) shown() string {
	const most = 64
	text := strings.Map(func(r rune) rune {
		if strings.ContainsRune(ascii.Word+".-", r) {
			return r
		}
		return '?'
	}, n.text)
	if utf8.RuneCountInString(text) > most {
		return text[:most] + "…"
	}
	return text
}

// meant is the input that a name most likely was to be.
func meant(rest string) (spec Spec, near bool) {
	name, least := spelling.Of(withoutPrefix(rest)), 0
	for _, known := range Specs() {
		slips, isNear := name.Slips(spelling.Of(known.Name))
		if !isNear && !sameBeginning(name.Text, known.Name) {
			continue
		}
		if !near || slips < least {
			spec, least, near = known, slips, true
		}
	}
	return spec, near
}

// withoutPrefix is a name without a second prefix, as of a setting that was given
// the name of its variable, or the vendor's.
func withoutPrefix(rest string) string {
	for _, prefix := range append([]string{"NAIRI_"}, prefixes...) {
		if len(rest) > len(prefix) && strings.EqualFold(rest[:len(prefix)], prefix) {
			return rest[len(prefix):]
		}
	}
	return rest
}

// sameBeginning reports whether two long names differ in their endings alone, as
// max_deletions and max_deletes.
func sameBeginning(a, b string) bool {
	const beginning, ending = 8, 5
	a, b = spelling.Fold(a), spelling.Fold(b)
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n >= beginning && len(a)-n <= ending && len(b)-n <= ending
}

// slip tells of a variable that most likely was to be an input.
func (c *checker) slip(name variableName, spec Spec) {
	right := name.prefix + strings.ToUpper(spec.Name)
	said, _ := c.lookup(right)
	other, _ := c.lookup(name.text)
	if strings.EqualFold(name.text, right) && said == other {
		return // to Windows the two are one variable
	}
	text := "is not an input, so it is not read. Did you mean " + spec.Name + " (" + right + ")?"
	if why := spec.needed(); why != "" && !c.saidAnyhow(name, spec) {
		c.add(name.shown(), text+" Nothing was sent, because "+why)
		return
	}
	c.warn(problem.Problem{Input: name.shown(), Text: text})
}

// needed is why a run does not go on without an input that was misspelt; "" if it does.
func (s Spec) needed() string {
	switch {
	case s.Name == Operation:
		return "the run would do something else"
	case s.guards:
		return "the run would not be limited by it"
	}
	return ""
}

// saidAnyhow reports whether the right name of such an input was given beside a wrong
// one, and either says the same or says more than the default: the wrong one may
// be an input of an action around this one.
func (c *checker) saidAnyhow(name variableName, spec Spec) bool {
	other, _ := c.lookup(name.text)
	return c.given(spec) || slices.ContainsFunc(c.flags.variables(spec), func(right string) bool {
		said, found := c.lookup(right)
		return found && strings.EqualFold(strings.TrimSpace(said), strings.TrimSpace(other))
	})
}
