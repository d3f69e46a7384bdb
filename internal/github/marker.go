package github

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// Run is a run of a workflow: GITHUB_RUN_ID and GITHUB_RUN_ATTEMPT. Later ones
// have greater numbers. The zero Run is one that is not known.
type Run struct{ ID, Attempt int64 }

// ParseRun reads what the runner says of a run.
func ParseRun(id, attempt string) Run {
	run := Run{number(id), number(attempt)}
	if run.ID == 0 || run.Attempt == 0 {
		return Run{}
	}
	return run
}

// number is a number from 1, or 0.
func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return max(n, 0)
}

// String is the run as a marker has it: 8412345678.1.
func (r Run) String() string { return fmt.Sprintf("%d.%d", r.ID, r.Attempt) }

// after reports whether a run began after another, as far as both are known.
func (r Run) after(other Run) bool {
	return other != Run{} && cmp.Or(cmp.Compare(r.ID, other.ID), cmp.Compare(r.Attempt, other.Attempt)) > 0
}

// A marker begins the text of each of our comments and issues, and is not shown. It
// says which one it is, and of which run and commit:
//
//	<!-- vault-secret plan 36e8caeec5d5612acac2867f143a27cb run=8412345678.1 commit=9f2c1d4… plan=0123456789abcdef -->
//
// The key is hashed: what it holds cannot end the marker.
const (
	markerHead   = "<!-- vault-secret "
	markerKey    = 16 // bytes of the hash
	markerRun    = " run="
	markerCommit = " commit="
	markerPlan   = " plan="
	markerTail   = " -->\n"
	// maxMarker is how long one can be: with two numbers of 64 bits, and with a
	// commit and a plan in SHA-256.
	maxMarker = len(markerHead) + len(ofClosing) + 1 + 2*markerKey + len(markerRun) + 19 + 1 + 19 + len(markerCommit) + 64 + len(markerPlan) + 64 + len(markerTail)
)

// What a marker can be of.
const (
	ofPlan    = "plan"   // a comment on a pull request
	ofIssue   = "issue"  // an issue about a manifest
	ofClosing = "closed" // the comment with which a run closes that
)

// mark is the beginning of the markers of one key.
func mark(of, key string) string {
	hash := sha256.Sum256([]byte(key))
	return markerHead + of + " " + hex.EncodeToString(hash[:markerKey])
}

// stamp is what a marker says beside the key. What is not known is left out.
type stamp struct {
	run    Run
	commit string
	plan   string
}

func (s stamp) String() string {
	var text string
	if s.run != (Run{}) {
		text += markerRun + s.run.String()
	}
	if s.commit != "" {
		text += markerCommit + s.commit
	}
	if s.plan != "" {
		text += markerPlan + s.plan
	}
	return text + markerTail
}

// readStamp reads the stamp of a comment that begins with a mark, and reports
// whether it does. A marker without run and commit is of an earlier version.
func readStamp(body, mark string) (s stamp, found bool) {
	rest, found := strings.CutPrefix(unixLines(body), mark+" ")
	if !found {
		return stamp{}, false
	}
	line, _, _ := strings.Cut(rest, "\n")
	for _, field := range strings.Fields(line) {
		name, text, _ := strings.Cut(field, "=")
		switch name {
		case "run":
			id, attempt, _ := strings.Cut(text, ".")
			s.run = ParseRun(id, attempt)
		case "commit":
			s.commit = text
		case "plan":
			s.plan = text
		}
	}
	return s, true
}

// unixLines are lines with the ends that a text has which did not go through a web
// form.
func unixLines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }
