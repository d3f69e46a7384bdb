package input

import (
	"context"
	"strings"
	"time"

	"github.com/sethvargo/go-envconfig"

	"github.com/nairi-community/vault-secret/internal/env"
)

// Inputs are the inputs as they were given, not checked yet.
type Inputs struct {
	fields
	flags   Flags
	lookup  env.Lookup
	sources map[string]string // the variable of each input that was found
	empty   map[string]bool   // the guards that were given but empty
	awaits  bool              // whether the value is typed later
	err     error
}

// Read reads the text of every input from a command line, if there is one, and else from
// the environment. It opens no file.
func Read(lookup env.Lookup, flags Flags) *Inputs {
	i := &Inputs{flags: flags, lookup: flags.over(lookup), sources: map[string]string{}, empty: map[string]bool{}}
	i.err = envconfig.ProcessWith(context.Background(), &envconfig.Config{
		Target:   &i.fields,
		Lookuper: lookuper{Inputs: i, specs: byVariable()},
	})
	return i
}

// spelled is the name of an input as the user wrote it: "vault_id" in a
// workflow or a plugin's settings, "--vault-id" on a command line, and the variable where
// it came by another.
func (i *Inputs) spelled(input string) string {
	variable := i.sources[input]
	if i.flags != nil {
		return i.flags.spelled(input, variable)
	}
	for _, prefix := range prefixes {
		if variable == "" || variable == prefix+strings.ToUpper(input) {
			return input
		}
	}
	return variable
}

// Names are the names of all inputs as the user wrote them, in the order in which
// inputs are documented.
func (i *Inputs) Names() []string {
	var names []string
	for _, spec := range Specs() {
		names = append(names, i.spelled(spec.Name))
	}
	return names
}

// Timeout is the time for the whole run; the longest there may be, where the
// input is none.
func (i *Inputs) Timeout() time.Duration {
	timeout, err := parseDuration(i.fields.Timeout, maxTimeout)
	if err != nil {
		return maxTimeout
	}
	return timeout
}

// prefixes of the variables in which a platform hands over its inputs: GitHub,
// Gitea and Forgejo use INPUT_, Woodpecker and Drone PLUGIN_.
var prefixes = []string{inputPrefix, settingPrefix}

const (
	inputPrefix   = "INPUT_"
	settingPrefix = "PLUGIN_"
)

// byVariable are the inputs by the name that envconfig asks for, as in VAULT_ID.
func byVariable() map[string]Spec {
	specs := make(map[string]Spec, len(Specs()))
	for _, spec := range Specs() {
		specs[strings.ToUpper(spec.Name)] = spec
	}
	return specs
}

// lookuper is where envconfig looks: INPUT_X, then PLUGIN_X, then what a shell has. The runner sets INPUT_X="" for an input that was left out
// (actions/runner, ActionManifestManager.cs), which envconfig would count as
// found, so "" is passed over where an input cannot be given but empty, and so is
// white space, as of a variable that holds a new line.
type lookuper struct {
	*Inputs
	specs map[string]Spec
}

// Lookup implements envconfig.Lookuper. An input that cannot be given but empty
// comes without the white space around it: a variable pasted into a settings page
// easily ends in a new line. A guard that is given but empty is remembered, and
// then as if it were left out.
func (l lookuper) Lookup(key string) (string, bool) {
	spec := l.specs[key]
	for _, variable := range l.flags.variables(spec) {
		text, found := l.lookup(variable)
		trimmed := strings.TrimSpace(text)
		switch {
		case !found, trimmed == NotGiven, trimmed == "" && !spec.text && !spec.guards:
			continue
		case !spec.text:
			text = trimmed
		}
		l.sources[spec.Name] = variable
		l.empty[spec.Name] = text == "" && spec.guards
		return text, !l.empty[spec.Name]
	}
	return "", false
}

// byShell reports whether an input came by the variable in which a shell has it, which is for
// all commands that are not told another.
func (i *Inputs) byShell(input string) bool {
	spec, _ := Named(input)
	return spec.shell != "" && i.sources[input] == spec.shell
}

// text is what an input says, without the white space around it; "" for one that was not
// found.
func (i *Inputs) text(spec Spec) string {
	text, _ := i.lookup(i.sources[spec.Name])
	return strings.TrimSpace(text)
}

// given reports whether an input says something else than its default.
func (i *Inputs) given(spec Spec) bool {
	variable, found := i.sources[spec.Name]
	if !found || i.empty[spec.Name] || variable == ourVault {
		return false
	}
	text := i.text(spec)
	said, isBoolean := Boolean(text)
	isDefault := text == spec.Default || isBoolean && said == isTrue(spec.Default)
	return spec.Default == NotGiven || !isDefault
}
