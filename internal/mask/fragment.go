package mask

import "strings"

// fragments holds what actions/runner masks besides a form and what is none
// itself (ValueEncoders.cs): its inside if it stands in double quotes, the two
// parts in which PowerShell shows a command with an ampersand, and spellings that
// are too short. No platform needs to be told of them; but the runner would cut
// them out of our own lines, and drop a job output that holds one.
func (c *collector) fragments(form string) {
	const minQuoted, minPart = 9, 6 // the runner's
	if form[0] == '"' && form[len(form)-1] == '"' && atLeast(form, minQuoted) {
		c.fragment(form[1:len(form)-1], minOwn)
	}
	if !atLeast(form, minExtra) && !plain(form) {
		for _, escape := range runnerEscapers {
			c.fragment(escape(form), minOwn)
		}
	}
	if strings.IndexByte(form, '&') >= 0 {
		upto, after := ampersand(form)
		c.fragment(upto, minPart)
		c.fragment(after, minPart)
	}
}

// runnerEscapers are the runner's encoders that spell character by character.
var runnerEscapers = []func(string) string{
	quotesEscaped, quotesDoubled, newtonsoftJSON, jsJSON.escape, strictEscape.escape, netXML.escape,
}

func (c *collector) fragment(text string, least int) {
	if _, dup := c.seen[text]; !dup && atLeast(text, least) {
		c.seen[text] = struct{}{}
		c.local = append(c.local, text)
	}
}

// ampersand cuts a form that holds one behind its first "&+", where one more
// character is lost, or else behind its last "&".
func ampersand(form string) (upto, after string) {
	if before, rest, ok := strings.Cut(form, "&+"); ok {
		for i := range rest {
			if i > 0 {
				return before + "&+", rest[i:]
			}
		}
		return before + "&+", ""
	}
	at := strings.LastIndexByte(form, '&') + 1
	return form[:at], form[at:]
}
