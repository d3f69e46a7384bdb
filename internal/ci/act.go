package ci

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nairi-community/vault-secret/internal/problem"
)

// act is github.com/nektos/act, which runs workflows on one's own machine. Its
// parser of commands (pkg/runner/command.go) differs from GitHub's in three ways:
//
//   - it is greedy: with "::" in the data, the name of the command is taken to
//     reach up to the last of them, and the line is printed as it is;
//   - the older spelling ##[add-mask] is greedy in the same way about "]";
//   - it undoes %25, %0A and %0D in no fixed order, so data with one of them
//     escaped comes out right only sometimes.
//
// So nothing is escaped for it: a percent sign that begins none of the three is
// taken as it stands.
type act struct{}

func (*act) derives(string) []string { return nil }

func (*act) failure(f problem.Failure) []message { return (&github{}).failure(f) }

func (*act) warning(text string) message { return (&github{}).warning(text) }

func (*act) finding(f finding) message { return f.annotated() }

func (*act) folds() bool { return false }

func (*act) dialect() Dialect { return Expressions }

// grace is for signals that are not act's: it kills (v0.2.87, pkg/container/host_environment.go,
// and removes containers by force).
func (*act) grace() time.Duration { return leastGrace }

// mask spells a form so that act takes it in whole, or else its longest pieces
// that act can take in: what stays readable then are the characters between
// them, and pieces under four characters. A form of such pieces alone, as is the
// path-escaped "::\n::", act cannot be told of.
func (a *act) mask(form string) []string {
	if spelled, ok := a.whole(form); ok {
		return []string{spelled}
	}
	var lines []string
	for _, pieces := range [][]string{
		strings.Split(form, "::"), strings.Split(form, "]"), strings.Split(broken.Replace(form), "\n"),
	} {
		for _, piece := range pieces {
			if piece != form && !tooShort(piece) {
				lines = append(lines, a.mask(strings.TrimSpace(piece))...)
			}
		}
	}
	return lines
}

// forgeExec is exec, a command of the runners of Gitea and Forgejo, which runs a
// workflow on one's own machine. It reads commands as act does, and has no reporter
// after that: it prints the line of every command, also of a mask, under the masks
// that it was told till then and by this line (gitea.com/gitea/runner v1.0.8 and
// code.forgejo.org/forgejo/runner v12, act/runner/command.go). So the line must hold
// the mask as it is, or it shows the secret escaped. Annotations it prints twice.
type forgeExec struct{ act }

// mask leaves the older spelling out for a form that it would change: there, Gitea's
// runner of the second half of 2026 undoes %5D and %3B too (UnescapeLegacyCommand).
func (e *forgeExec) mask(form string) []string {
	if !strings.Contains(":"+form, "::") || !strings.Contains(form, "%5D") && !strings.Contains(form, "%3B") {
		return e.act.mask(form)
	}
	var lines []string
	for _, piece := range strings.Split(form, ":") {
		if !tooShort(piece) {
			lines = append(lines, e.act.mask(strings.TrimSpace(piece))...)
		}
	}
	return lines
}

func (*forgeExec) failure(f problem.Failure) []message { return (&plain{}).failure(f) }

func (*forgeExec) warning(text string) message { return (&plain{}).warning(text) }

func (*forgeExec) finding(f finding) message { return f.line() }

func (*forgeExec) folds() bool { return false }

// broken has a line end in place of the percent sign of each escape.
var broken = strings.NewReplacer("%25", "\n25", "%0D", "\n0D", "%0A", "\n0A")

// tooShort reports whether a piece of a form is not worth masking, by the measure
// of a value's own lines.
func tooShort(piece string) bool {
	const minPiece = 4
	return utf8.RuneCountInString(strings.TrimSpace(piece)) < minPiece
}

// whole is the line that masks all of a form, if there is one.
func (*act) whole(form string) (string, bool) {
	if hasEscape(form) {
		return "", false
	}
	switch {
	case !strings.Contains(":"+form, "::"): // a leading colon joins the command's own
		return asItIs(form), true
	case !strings.Contains(form, "]"):
		return olderMask + form, true
	}
	return "", false
}
