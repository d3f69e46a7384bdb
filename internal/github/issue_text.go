package github

import (
	"fmt"
	"strings"
)

// What surrounds the last line of an issue.
const (
	footerSeparator = "\n\n"
	footerHead      = "<sub>"
)

// text is the whole text of an issue.
func (u *upkeep) text() string {
	text := u.marker() + u.issue.Body
	if u.issue.Footer != "" {
		text = strings.TrimRight(text, "\n") + footerSeparator + u.issue.Footer
	}
	return text
}

// marker is the first line of what this run writes.
func (u *upkeep) marker() string { return u.mark + stamp{run: u.issue.Run}.String() }

// stamped is a text as this run leaves it: the same behind another marker.
func (u *upkeep) stamped(body string) string {
	_, rest, _ := strings.Cut(unixLines(body), "\n")
	return u.marker() + rest
}

// duplicate is the text of an issue that one of a lower number makes needless.
func (u *upkeep) duplicate(keep int) string {
	return u.marker() + fmt.Sprintf("Two runs opened an issue at the same time, and one is enough. Everything is in #%d.", keep)
}

// says reports whether an issue says what it is to say, whichever run wrote it.
func (u *upkeep) says(body string) bool {
	if !strings.HasPrefix(body, u.mark) {
		return false
	}
	_, there, _ := strings.Cut(unixLines(body), "\n")
	if u.issue.Footer != "" {
		there = withoutFooter(there)
	}
	return sameText(there, u.issue.Body)
}

// withoutFooter is a text without its last line, if that is the one of a run.
func withoutFooter(text string) string {
	at := strings.LastIndex(text, footerSeparator+footerHead)
	if at < 0 || strings.Contains(strings.TrimSpace(text[at:]), "\n") {
		return text
	}
	return text[:at]
}

// issueStamp reads the stamp of an issue that has a mark at the beginning of a line,
// and reports whether one does: somebody may have written above it.
func issueStamp(body, mark string) (s stamp, found bool) {
	body = "\n" + unixLines(body)
	at := strings.Index(body, "\n"+mark+" ")
	if at < 0 {
		return stamp{}, false
	}
	return readStamp(body[at+1:], mark)
}
