package cli

import (
	"slices"
	"strings"
)

// Shells are those that there are completions for.
func Shells() []string { return []string{"bash", "zsh", "fish"} }

// completion is the script that completes a command line in a shell. It is made of the
// tables alone, and what runs it asks neither the program nor a server: names of secrets
// are not completed, since that would read the key whenever somebody presses Tab.
func completion(shell string) *Reply { return &Reply{Text: script(shell, topics())} }

// topic is a verb and its flags.
type topic struct {
	*Verb
	flags []*Flag
}

func topics() []topic {
	var topics []topic
	for _, v := range Verbs() {
		topics = append(topics, topic{v, v.Flags()})
	}
	return topics
}

func script(shell string, topics []topic) string {
	var b strings.Builder
	switch shell {
	case "bash":
		bash(&b, topics)
	case "zsh":
		zsh(&b, topics)
	case "fish":
		fish(&b, topics)
	}
	return b.String()
}

// flagsOf are the flags of all topics, each once; one that is a list for some of them, twice.
func flagsOf(topics []topic) []*Flag {
	var flags []*Flag
	for _, t := range topics {
		for _, f := range t.flags {
			if !slices.ContainsFunc(flags, f.isNamesake) {
				flags = append(flags, f)
			}
		}
	}
	return flags
}

func (f *Flag) isNamesake(other *Flag) bool { return f.Name == other.Name && f.IsList == other.IsList }

// choices are all that a flag takes, if that is a choice.
func (f *Flag) choices() string {
	if f.IsBoolean() {
		return "true false"
	}
	return strings.Join(f.Words, " ")
}

// namesOf are the names of the topics that a function picks.
func namesOf(topics []topic, pick func(topic) bool) string {
	var names []string
	for _, t := range topics {
		if pick(t) {
			names = append(names, t.Name)
		}
	}
	return strings.Join(names, " ")
}

// escaped is a text with a backslash before each of some characters.
func escaped(text, characters string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune(characters, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
