package mask

import (
	"strings"
	"unicode/utf16"
)

// fragments holds what actions/runner masks besides a form and what is none
// itself (ValueEncoders.cs): its inside if it stands in double quotes, the two
// parts in which PowerShell shows a command with an ampersand, and spellings that
// are too short. No platform needs to be told of them; but the runner would cut
// them out of our own lines, and drop a job output that holds one.
func (c *collector) fragments(form string) {
	const minQuoted, minPart = 9, 6 // the runner's, in UTF-16
	if form[0] == '"' && form[len(form)-1] == '"' && hasUnits(form, minQuoted) {
		c.fragment(form[1 : len(form)-1])
	}
	if !atLeast(form, minExtra) {
		c.runnerSpellings(form)
	}
	if strings.IndexByte(form, '&') >= 0 {
		for _, part := range ampersand(form) {
			if hasUnits(part, minPart) {
				c.fragment(part)
			}
		}
	}
}

// runnerSpellings holds the runner's own encodings of a line.
func (c *collector) runnerSpellings(line string) {
	for _, form := range RunnerEncodings(line) {
		c.fragment(form)
	}
}

// runnerEscapers are the runner's encoders that spell character by character.
var runnerEscapers = []func(string) string{
	quotesEscaped, quotesDoubled, newtonsoftJSON, jsJSON.escape, strictEscape.escape, netXML.escape,
}

// RunnerEncodings are the spellings, character by character, in which GitHub's runner
// masks a line besides itself.
func RunnerEncodings(line string) []string {
	if plain(line) {
		return nil
	}
	forms := make([]string, len(runnerEscapers))
	for i, escape := range runnerEscapers {
		forms[i] = escape(line)
	}
	return forms
}

func (c *collector) fragment(text string) {
	if _, dup := c.seen[text]; !dup && atLeast(text, minOwn) {
		c.seen[text] = false
		c.local = append(c.local, text)
	}
}

// ampersand cuts a form that holds one behind its first "&+", where one more
// character is lost, or else behind its last "&".
func ampersand(form string) [2]string {
	if before, rest, ok := strings.Cut(form, "&+"); ok {
		for i := range rest {
			if i > 0 {
				return [2]string{before + "&+", rest[i:]}
			}
		}
		return [2]string{before + "&+"}
	}
	at := strings.LastIndexByte(form, '&') + 1
	return [2]string{form[:at], form[at:]}
}

// hasUnits reports whether text has n characters or more, as .NET counts them: none
// takes more than three bytes.
func hasUnits(text string, n int) bool {
	if len(text) >= 3*n {
		return true
	}
	for _, r := range text {
		n -= max(1, utf16.RuneLen(r))
	}
	return n <= 0
}
