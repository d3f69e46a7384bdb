package cli

// Script is the completion of a shell for the verbs and flags of a test.
func Script(shell string, topics ...Topic) string { return script(shell, topics) }

// Topic is a verb and its flags.
type Topic = topic

// NewTopic makes one.
func NewTopic(v *Verb, flags ...*Flag) Topic { return topic{v, flags} }
