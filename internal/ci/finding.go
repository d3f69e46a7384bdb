package ci

import (
	"fmt"
	"unicode/utf8"

	"github.com/nairi-community/vault-secret/internal/problem"
)

// Titles of annotations. There are no others: the runner masks none.
const (
	ourTitle      = "vault-secret"
	manifestTitle = "vault-secret: manifest"
)

// titled is a title of a fixed list behind ours.
func titled(title string) string {
	if title == "" {
		return ourTitle
	}
	return ourTitle + ": " + title
}

// Kinds of what is found, as commands spell them.
const (
	anError  = "error"
	aWarning = "warning"
)

// finding is something that was found in a file or an input, on its way to the log.
type finding struct {
	kind     string
	title    string
	place    place  // zero where a platform may not be told of it
	position string // the same as text, as editors read it
	text     string
}

// annotated is the finding on its line in the repository, or else with the line in
// front of it.
func (f finding) annotated() message {
	m := message{command: f.kind, title: f.title, place: f.place, text: f.text}
	if f.place.file == "" && f.position != "" {
		m.text = f.position + ": " + f.text
	}
	return m
}

// line is the finding as compilers print theirs: one without a place begins with its kind.
func (f finding) line() message {
	text := f.text
	if f.kind == aWarning || f.position == "" {
		text = f.kind + ": " + text
	}
	if f.position != "" {
		text = f.position + ": " + text
	}
	return message{text: text}
}

// Problems shows problems, each on its line of a file in the workspace as far as the
// platform can. What of them came from outside was redacted before. They are the result of
// a command line, and where that is not shown, they are its errors.
func (c *Console) Problems(list problem.List, w Workspace) {
	lines := c.findings(anError, list, w)
	c.result(lines)
	_ = c.write(c.to.unshown, lines)
}

// Faults shows problems that keep a run from its work, in the same way, as errors.
func (c *Console) Faults(list problem.List, w Workspace) {
	_ = c.write(c.to.errors, c.findings(anError, list, w))
}

// Findings shows what a check came to, in the same way: it is no problem of this run.
func (c *Console) Findings(list problem.List, w Workspace) {
	c.result(c.findings(aWarning, list, w))
}

// Doubts shows what is odd and no problem, in the same way.
func (c *Console) Doubts(list problem.List, w Workspace) {
	_ = c.write(c.to.log, c.findings(aWarning, list, w))
}

// mostAnnotations is how many of one kind a runner keeps of a step (actions/runner,
// ExecutionContext.cs: _maxCountPerIssueType).
const mostAnnotations = 10

// findings are the lines that show all. Of more than a runner keeps, the last that it
// keeps says how many more there are.
func (c *Console) findings(kind string, list problem.List, w Workspace) []string {
	annotated := len(list)
	if annotated > mostAnnotations {
		annotated = mostAnnotations - 1
	}
	var messages []message
	for i, p := range list {
		f := c.finding(kind, p, w)
		m := c.platform.finding(f)
		if i == annotated && m.command != "" {
			messages = append(messages, message{command: kind, title: m.title, text: moreOf(kind, len(list)-i)})
		}
		if i >= annotated {
			m = f.line()
		}
		messages = append(messages, m)
	}
	return c.spelled(messages)
}

// moreOf says how many there are beside those that are shown one by one.
func moreOf(kind string, n int) string {
	what := "problems"
	if kind == aWarning {
		what = "warnings"
	}
	return fmt.Sprintf("There are %d more %s.", n, what)
}

// finding is a problem in clean words.
func (c *Console) finding(kind string, p problem.Problem, w Workspace) finding {
	f := finding{kind: kind, title: titled(p.Title), text: cut(c.CleanLine(p.Said()))}
	if p.Line > 0 || p.File != "" {
		f.title, f.position = manifestTitle, c.CleanLine(p.Position())
	}
	if file := w.file(p.File); file != "" && c.Clean(file) == file {
		f.place = place{file, p.Line, p.Column}
	}
	return f
}

// longestText is how long the text of an annotation may be, in characters. The runner
// cuts at 4,096 (actions/runner, ExecutionContext.cs).
const longestText = 1000

func cut(text string) string {
	if utf8.RuneCountInString(text) <= longestText {
		return text
	}
	return string([]rune(text)[:longestText-1]) + "…"
}
