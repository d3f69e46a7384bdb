package ci

import (
	"strings"

	"github.com/sethvargo/go-githubactions"
)

// github is GitHub's own runner. It masks the lines of what it is told one by
// one, and several encodings of each by itself.
type github struct{}

// mask leaves the last character of a form out that ends at its first "&+". One
// of the runner's encoders reads on behind it, fails, and with it the step; of
// the form nothing is masked then (ValueEncoders.cs, PowerShellPostAmpersandEscape).
// It makes a second mask of a form without the white space around it, which must
// not end there either.
func (github) mask(form string) []string {
	form = strings.TrimSpace(form)
	if strings.HasSuffix(form, "&+") && strings.Count(form, "&+") == 1 {
		form = strings.TrimSuffix(form, "+")
	}
	return []string{addMask(form)}
}

func (github) failure(text, hint string) []message {
	end := "."
	if strings.HasSuffix(text, "?") {
		end = ""
	}
	return []message{{command: "error", text: text + end + " Hint: " + hint}}
}

func (github) warning(text string) message { return message{command: "warning", text: text} }

// addMask is the command that every runner of the family reads, with the data
// escaped as actions/toolkit does.
func addMask(form string) string {
	command := githubactions.Command{Name: "add-mask", Message: form}
	return command.String()
}

// annotation has a title of fixed text only: the runner masks the message of an
// annotation and not its title (actions/runner, IssueExtensions.cs).
func annotation(kind, text string) string {
	command := githubactions.Command{
		Name:       kind,
		Message:    text,
		Properties: githubactions.CommandProperties{"title": "vault-secret"},
	}
	return command.String()
}
