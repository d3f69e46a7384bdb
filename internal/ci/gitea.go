package ci

import (
	"slices"
	"strings"
)

// gitea is the runner of Gitea, and Forgejo's, which began as the same code.
// Older versions of their reporters do not undo the escapes in the data of a
// command (act_runner, internal/pkg/report/reporter.go), newer ones do
// (gitea.com/gitea/runner, act/runner/command.go), so a form with a % is spelled
// both ways. They print annotations as they are, so those are spelled as text.
type gitea struct{}

func (gitea) mask(form string) []string {
	lines := []string{addMask(form)}
	if !strings.Contains(form, "%") {
		return lines
	}
	for _, piece := range undecoded(form) {
		lines = append(lines, "::add-mask::"+piece)
	}
	return lines
}

func (gitea) failure(text, hint string) []message { return plain{}.failure(text, hint) }

func (gitea) warning(text string) message { return plain{}.warning(text) }

// undecoded is a form as the older reporters take it. The newer ones decode it
// once more, to lines of which some may be so short that their masks would cut
// every log to pieces; then its parts are told instead, cut within each escape. A
// form that has no long enough part, such as a%0Ab, is told all the same: better
// that newer reporters hide too much than that older ones show it.
func undecoded(form string) []string {
	if !slices.ContainsFunc(decodedLines(form), tooShort) {
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
