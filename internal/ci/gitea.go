package ci

import (
	"slices"
	"strings"
	"time"

	"github.com/nairi-community/vault-secret/internal/problem"
)

// gitea is the runner of Gitea, and Forgejo's, which began as the same code.
// Older versions of their reporters do not undo the escapes in the data of a
// command (act_runner, internal/pkg/report/reporter.go), newer ones do
// (gitea.com/gitea/runner, act/runner/command.go), so a form that holds an escape by
// itself is spelled both ways; any other means the same to both as it stands. They
// print annotations as they are, so those are spelled as text.
type gitea struct{}

func (*gitea) mask(form string) []string {
	if !hasEscape(form) {
		return []string{asItIs(form)}
	}
	var lines []string
	for _, piece := range undecoded(form) {
		lines = append(lines, asItIs(piece))
	}
	if slices.Equal(lines, []string{asItIs(form)}) {
		lines = append(lines, addMask(form))
	}
	return lines
}

func (*gitea) derives(string) []string { return nil }

func (*gitea) failure(f problem.Failure) []message { return (&plain{}).failure(f) }

func (*gitea) warning(text string) message { return (&plain{}).warning(text) }

// finding is an annotation all the same: it is the one spelling in which a forge's page
// or its tools can tell where in the repository a line is about.
func (*gitea) finding(f finding) message {
	if f.place.file == "" {
		return f.line()
	}
	return f.annotated()
}

// folds: the pages of both forges fold groups as those of GitHub do.
func (*gitea) folds() bool { return true }

func (*gitea) dialect() Dialect { return Expressions }

// grace is for signals that are not the runner's: it kills (gitea.com/gitea/runner v1.0.8,
// act/container/host_environment.go; Forgejo's runner v12, act/container/util.go).
func (*gitea) grace() time.Duration { return leastGrace }

// undecoded is a form as the older reporters take it. The newer ones decode it
// once more, v1.0.8 in any order, to lines of which some may be so short that their
// masks would cut every log to pieces; then only its parts are masked, cut within each
// escape. A form that has no long enough part, such as a%0Ab, is masked all the same:
// better that newer reporters hide too much than that older ones show it. A form with a
// lone carriage return is masked in parts too, because v1.0.8 masks it as one text,
// which never shows; and so is one with %25 and %0D, of which that may take the %25 for
// the begin of another %0D, in whichever way it is spelled.
func undecoded(form string) []string {
	lone := strings.Contains(strings.ReplaceAll(form, "%0D%0A", ""), "%0D")
	lines := append(decodedLines(form), decodedLines(strings.ReplaceAll(form, "%25", "%"))...)
	mixed := strings.Contains(form, "%25") && strings.Contains(form, "%0D")
	if !lone && !mixed && !slices.ContainsFunc(lines, tooShort) {
		return []string{form}
	}
	for _, cut := range []*strings.Replacer{apart, overlapping} {
		pieces := slices.DeleteFunc(strings.Split(cut.Replace(form), "\n"), tooShort)
		if len(pieces) > 0 {
			return pieces
		}
	}
	return []string{form}
}

// Two cuts within escapes. Pieces that overlap are longer, but of neighbours in a
// text only the first is masked.
var (
	apart       = strings.NewReplacer("%25", "%\n25", "%0D", "%\n0D", "%0A", "%\n0A")
	overlapping = strings.NewReplacer("%25", "%2\n25", "%0D", "%0\n0D", "%0A", "%0\n0A")
)
