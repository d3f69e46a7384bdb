package cli

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/report"
)

// wrong is what is wrong with a command line, and what to do instead.
type wrong struct{ what, hint string }

// reply is how it is said, with the help that explains more.
func (w *wrong) reply(verb string) *Reply {
	text := "error: " + w.what + "\n"
	if w.hint != "" {
		text += "hint: " + w.hint + "\n"
	}
	if verb == helpFlag {
		verb = ""
	}
	text += strings.TrimSuffix("Run vault-secret help "+verb, " ") + ".\n"
	return &Reply{Text: text, Code: report.ExitBadInput}
}

func wrongly(format string, args ...any) *wrong { return &wrong{what: fmt.Sprintf(format, args...)} }

func (w *wrong) but(format string, args ...any) *wrong {
	w.hint = fmt.Sprintf(format, args...)
	return w
}

// noVerb is said of a first argument that is not a verb.
func noVerb(first string) *wrong {
	if first == "" {
		return emptyOperand()
	}
	if isFlag(first) {
		return flagFirst(first)
	}
	if meant := verbsNear(first); len(meant) > 0 {
		return wrongly("%s is not a verb.", first).but("Did you mean %s?", either(meant, "or"))
	}
	var names []string
	for _, v := range verbs {
		names = append(names, v.Name)
	}
	return wrongly("The first argument is not a verb.").but("The verbs are %s.", either(names, "and"))
}

// flagFirst is said of a flag in the place of the verb.
func flagFirst(first string) *wrong {
	name := spelled(first)
	if spec, never := neverNear(name); never {
		return secretFlag(&Verb{}, spec)
	}
	if takers := takersOf(name); len(takers) > 0 {
		return wrongly("The verb comes before --%s.", name).but("Write it as in vault-secret %s --%s.", takers[0], name)
	}
	return wrongly("The first argument is not a verb, but a flag.").but("Write the verb first, as in vault-secret list.")
}

// unknown is what is wrong with a flag that a verb does not have.
func (l *line) unknown(name string) *wrong {
	v := l.verb
	if w := v.sayItself(name); w != nil {
		return w
	}
	if takers := takersOf(name); len(takers) > 0 {
		return wrongly("%s does not take --%s.", v.Name, name).but("It is a flag of %s.", either(takers, "and"))
	}
	if spec, never := neverNear(name); never {
		return secretFlag(v, spec)
	}
	if name == strings.ReplaceAll(ofSteps, "_", "-") {
		return wrongly("There is no flag --%s, because a program cannot set variables of its shell.", name).but("Name a file with --generated-file.")
	}
	if meant := v.flagsNear(name); len(meant) > 0 {
		return wrongly("%s has no flag %s.", v.Name, dashed(name)).but("Did you mean %s?", either(meant, "or"))
	}
	if meant, takers := flagsElsewhere(name); meant != "" {
		return wrongly("%s has no flag --%s.", v.Name, name).but("Did you mean --%s, which is a flag of %s?", meant, either(takers, "and"))
	}
	if len(name) == 1 && name != "-" && plainly(name) {
		return wrongly("There is no flag %s: none has a short form, except -h.", dashed(name))
	}
	return wrongly("Argument %d is no flag of %s.", l.at, v.Name)
}

// dashed is a flag as most people write it.
func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// sayItself is said of a flag that would say what the verb says; nil for any other.
func (v *Verb) sayItself(name string) *wrong {
	switch meant := strings.ReplaceAll(name, "-", "_"); {
	case meant == input.Operation && v.runs():
		return wrongly("There is no flag --%s, because the verb says it.", name).but("Leave it out, or begin with another verb.")
	case meant == input.DryRun && v.dryRun:
		return wrongly("%s does not take --%s, because it always is a dry run.", v.Name, name).but("Leave it out, or write sync to make the changes.")
	}
	return nil
}

// neverSays is why no command line takes a secret.
const neverSays = "everybody on this machine could read it in the list of processes, and the shell keeps it in its history."

// secretFlag is said of a flag that would be a secret.
func secretFlag(v *Verb, spec input.Spec) *wrong {
	return wrongly("There is no flag %s: %s", input.Flag(spec.Name), neverSays).instead(v, spec)
}

// valueOperand is said of NAME=value, and of a value behind the name.
func valueOperand(v *Verb) *wrong {
	spec, _ := input.Named(input.Value)
	if !v.serves(spec) {
		return wrongly("%s takes one name.", v.Name)
	}
	return wrongly("%s takes the name of a secret, and no value: %s", v.Name, neverSays).instead(v, spec)
}

// instead adds the right ways to give a secret.
func (w *wrong) instead(v *Verb, spec input.Spec) *wrong {
	ways := sentence(spec.Never()) + "."
	switch {
	case v.Name == "": // as of a flag before the verb
	case !v.serves(spec):
		ways = v.Name + " needs none."
	case spec.Name == input.Value:
		ways += " On a terminal, vault-secret " + v.Name + " NAME asks for it."
	}
	return w.but("%s If you typed a real secret, remove it from the history.", ways)
}

// oneOperand is said of several operands where there is one.
func oneOperand(v *Verb) *wrong {
	if v.Operand == aName {
		return valueOperand(v)
	}
	return wrongly("%s takes one argument.", v.Name)
}

func vaultOperand(v *Verb) *wrong {
	return wrongly("%s takes the name of a secret, or its ID (sec_…), and this looks like the ID of a vault.", v.Name).but("Name the vault with --vault-id.")
}

func namedTwice(name string) *wrong {
	return wrongly("The secret is given twice: as an argument, and with %s.", input.Flag(name)).but("Give it once.")
}

func emptyOperand() *wrong {
	return wrongly("An argument is empty.").but("A variable that is not set may be the reason.")
}

func noOperands(v *Verb) *wrong {
	w := wrongly("%s takes no arguments.", v.Name)
	if v.operation == plan.OpGenerate { // most likely the kind
		return w.but("Say what to make with --generate, as in --generate password.")
	}
	return w
}

func noShell() *wrong {
	return wrongly("completion needs the name of a shell.").but("Write bash, zsh or fish behind it.")
}

func withoutText(f *Flag) *wrong {
	return wrongly("%s needs an argument: %s.", f, f.Help).but("If it begins with a dash, write %s=…", f)
}

func unjoined(f *Flag, text string) *wrong {
	return wrongly("%s and %s must be one argument.", f, text).but("Write %s=%s.", f, text)
}

func notBoolean(f *Flag) *wrong {
	return wrongly("%s is true or false.", f).but("Write %s, or %s=false.", f, f)
}

func twice(f *Flag) *wrong { return wrongly("%s is given twice.", f).but("Give it once.") }

func empty(f *Flag) *wrong {
	return wrongly("%s is empty.", f).but("A variable that is not set may be the reason.")
}

// sentence is a text with a capital.
func sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// either joins words as a sentence does.
func either(words []string, last string) string {
	if n := len(words) - 1; n > 0 {
		return strings.Join(words[:n], ", ") + " " + last + " " + words[n]
	}
	return strings.Join(words, "")
}

// plainly reports whether a word is made of what known words are made of.
func plainly(word string) bool { return ascii.Only(word, ascii.Letters+ascii.Digits+"-_") }
