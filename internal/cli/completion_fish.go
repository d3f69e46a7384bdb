package cli

import (
	"slices"
	"strings"
)

// fish writes the script for fish, 3.0 or newer. Fish asks for the words of a flag, too,
// only while the flag's condition holds: while its text is typed, it does not count as given.
func fish(b *strings.Builder, topics []topic) {
	b.WriteString(`# Completes vault-secret in fish.
function __vault_secret_is --description 'whether the verb is one of some'
	set -l words (commandline -opc)
	contains -- "$words[2]" $argv
end
function __vault_secret_begins --description 'whether nothing follows a verb that is one of some'
	set -l words (commandline -opc)
	test (count $words) -lt 3; and __vault_secret_is $argv
end
function __vault_secret_lacks --argument-names flag --description 'whether a flag is not given, and the verb is one of some'
	__vault_secret_is $argv[2..-1]; or return
	set -l words (commandline -opc)
	if test "$words[-1]" = $flag; and not string match -q -- '-*' (commandline -ct)
		set -e words[-1]
	end
	not contains -- $flag $words; and not string match -q -- "$flag=*" $words
end
complete -c vault-secret -f
`)
	for _, t := range topics {
		fishLine(b, `__vault_secret_begins "" help`, "-a "+t.Name, t.Help)
	}
	fishLine(b, "__vault_secret_begins completion", "-a "+fishWord(strings.Join(Shells(), " ")), "")
	fishLine(b, "__vault_secret_is "+namesOf(topics, topic.takesFiles), "-F", "")
	for _, f := range flagsOf(topics) {
		is := "__vault_secret_lacks " + f.String()
		if f.IsList {
			is = "__vault_secret_is"
		}
		is += " " + namesOf(topics, func(t topic) bool { return slices.ContainsFunc(t.flags, f.isNamesake) })
		fishLine(b, is, f.fish(), f.Help)
	}
}

func (t topic) takesFiles() bool { return t.Operand == aFile }

// fishLine is one command of the script.
func fishLine(b *strings.Builder, condition, what, help string) {
	b.WriteString("complete -c vault-secret -n " + fishWord(condition) + " " + what)
	if help != "" {
		b.WriteString(" -d " + fishWord(help))
	}
	b.WriteByte('\n')
}

// fish is a flag, and what its text can be. Without -r and -x, that follows an equals sign
// or is left out.
func (f *Flag) fish() string {
	flag := "-l " + f.Name
	switch {
	case f.IsFile:
		return flag + " -r -F"
	case !f.IsBoolean():
		flag += " -x"
	}
	if words := f.choices(); words != "" {
		flag += " -a " + fishWord(words)
	}
	return flag
}

// fishWord is a text as one word. Quotes of fish know \\ and \', and no other shell's do.
func fishWord(text string) string { return "'" + escaped(text, `\'`) + "'" }
