package ci

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sethvargo/go-githubactions"

	"github.com/nairi-community/vault-secret/internal/mask"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// github is GitHub's own runner. It masks the lines of each mask one by
// one, and several encodings of each by itself.
type github struct{}

// mask leaves the last character of a form out that ends at its first "&+". One
// of the runner's encoders reads on behind it, fails, and with it the step; of
// the form nothing is masked then (ValueEncoders.cs, PowerShellPostAmpersandEscape).
// It makes a second mask of a form without the white space around it, which must
// not end there either.
func (*github) mask(form string) []string {
	form = strings.TrimSpace(form)
	if strings.HasSuffix(form, "&+") && strings.Count(form, "&+") == 1 {
		form = strings.TrimSuffix(form, "+")
	}
	return []string{addMask(form)}
}

// derives are the encodings that the runner masks beside a form (actions/runner,
// HostContext.cs), but for those in base64: it has the padding that only a text of its own
// has. A form that is sent in another spelling has other encodings.
func (g *github) derives(form string) []string {
	if !slices.Equal(g.mask(form), []string{addMask(form)}) {
		return nil
	}
	return mask.RunnerEncodings(form)
}

func (*github) failure(f problem.Failure) []message {
	return []message{{command: anError, title: titled(f.Title()), text: cut(f.Sentences())}}
}

func (*github) warning(text string) message { return message{command: "warning", text: text} }

func (*github) folds() bool { return true }

func (*github) dialect() Dialect { return Expressions }

// grace is half a second less than the time after which a second signal follows
// the first. Three seconds after the grace the runner kills (actions/runner 2.336.0,
// ProcessInvoker.cs: 7.5 s after SIGINT it sends SIGTERM, and 2.5 s later SIGKILL).
func (*github) grace() time.Duration { return 7 * time.Second }

// addMask is the command that every runner of the family reads, with the data
// escaped as actions/toolkit does.
func addMask(form string) string {
	command := githubactions.Command{Name: "add-mask", Message: form}
	return command.String()
}

// asItIs is the same for data in which there is nothing to escape.
func asItIs(form string) string { return newerMask + form }

// hasEscape reports whether a form holds what runners undo in the data of a command,
// so that they would mask another text.
func hasEscape(form string) bool {
	return strings.Contains(form, "%25") || strings.Contains(form, "%0A") || strings.Contains(form, "%0D")
}

func (*github) finding(f finding) message { return f.annotated() }

// annotation is a command that shows a text beside the run. Its title is fixed, and
// what else it has is a checked name and numbers: the runner masks the message of an
// annotation and none of its properties (actions/runner, IssueExtensions.cs).
func annotation(m message) string {
	properties := githubactions.CommandProperties{"title": cmp.Or(m.title, ourTitle)}
	if m.place.file != "" {
		properties["file"] = m.place.file
		for name, number := range map[string]int{"line": m.place.line, "col": m.place.column} {
			if number > 0 {
				properties[name] = strconv.Itoa(number)
			}
		}
	}
	command := githubactions.Command{Name: m.command, Message: m.text, Properties: properties}
	return command.String()
}
