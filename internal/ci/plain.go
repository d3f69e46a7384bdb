package ci

// plain is any other place: a shell, or a CI that cannot be told of a secret
// while a step runs, such as Woodpecker, Drone and GitLab.
type plain struct{}

func (plain) mask(string) []string { return nil }

func (plain) failure(text, hint string) []message {
	return []message{{text: "error: " + text}, {text: "hint: " + hint}}
}

func (plain) warning(text string) message { return message{text: "warning: " + text} }
