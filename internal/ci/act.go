package ci

import (
	"strings"
	"unicode/utf8"
)

// act is github.com/nektos/act, which runs workflows on one's own machine. Its
// parser of commands (pkg/runner/command.go) differs from GitHub's in three ways:
//
//   - it is greedy: with "::" in the data, the name of the command is taken to
//     reach up to the last of them, and the line is printed as it is;
//   - the older spelling ##[add-mask] is greedy in the same way about "]";
//   - it undoes %25, %0A and %0D in no fixed order, so data with one of them
//     escaped comes out right only sometimes.
type act struct{}

func (act) failure(text, hint string) []message { return github{}.failure(text, hint) }

func (act) warning(text string) message { return github{}.warning(text) }

// mask spells a form so that act takes it in whole, or else its longest pieces
// that act can take in: what stays readable then are the characters between
// them, and pieces under four characters. A form of such pieces alone, as is the
// path-escaped "::\n::", act cannot be told of.
func (a act) mask(form string) []string {
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

// broken has a line end in place of the percent sign of each escape.
var broken = strings.NewReplacer("%25", "\n25", "%0D", "\n0D", "%0A", "\n0A")

// tooShort reports whether a piece of a form is not worth masking, by the measure
// of a value's own lines.
func tooShort(piece string) bool {
	const minPiece = 4
	return utf8.RuneCountInString(strings.TrimSpace(piece)) < minPiece
}

// whole is the line that masks all of a form, if there is one.
func (act) whole(form string) (string, bool) {
	for _, escape := range []string{"%25", "%0A", "%0D"} {
		if strings.Contains(form, escape) {
			return "", false
		}
	}
	switch {
	case !strings.Contains(":"+form, "::"): // a leading colon joins the command's own
		return addMask(form), true
	case !strings.Contains(form, "]"):
		return "##[add-mask]" + strings.TrimPrefix(addMask(form), "::add-mask::"), true
	}
	return "", false
}
