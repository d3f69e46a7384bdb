package report

import (
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/drift"
)

// IssueText is what an issue about a check says.
type IssueText struct {
	Off   bool   // whether something is off
	Title string // is always the same for one manifest
	// Body is Markdown, and is the same for as long as the findings are: it says nothing
	// of the run, and nothing that only a day changes.
	Body string
	// Footer is the last line, which says what this was made of.
	Footer string
	// Closing is the comment with which the issue is closed.
	Closing string
}

// maxIssue is for the text of an issue, in bytes; GitHub takes 65,536 characters.
const maxIssue = 60_000

// aroundTables is for what stands around the tables of an issue.
const aroundTables = 4 << 10

// Issue is a check as the text of an issue. It never holds a value. That a check could
// not be made is nothing for an issue.
func (r *Report) Issue(about About) IssueText {
	text := IssueText{
		Off: len(r.findings()) > 0, Title: r.issueTitle(about.Manifest),
		Footer: "<sub>**drift**" + r.origin(about) + "</sub>",
	}
	if text.Off {
		text.Body = r.issueBody(about.Manifest)
	} else {
		text.Closing = fmt.Sprintf("**%s**\n\n<sub>**no drift**%s</sub>\n", escape(r.checkHeading()), r.origin(about))
	}
	return text
}

// mostTitle is how many characters of a manifest's name are in a title.
const mostTitle = 200

// issueTitle names the manifest if its name is plain: a title is no Markdown, in which
// a text from outside could be made harmless.
func (r *Report) issueTitle(manifest string) string {
	if manifest == "" || len(manifest) > mostTitle || !ascii.Only(manifest, ascii.Word+"./-") || r.clean(manifest) != manifest {
		manifest = "the manifest"
	}
	return "vault-secret: the vaults differ from " + manifest
}

// issueBody is what is off.
func (r *Report) issueBody(manifest string) string {
	undated := *r
	undated.undated = true
	tail := "**What to do:** " + r.issueAdvice() + "\n\n" + issueRules + "\n"
	var b strings.Builder
	fmt.Fprintf(&b, "**%s.** %s\n\n%s", drift.Tally(r.findings()), r.issueLead(manifest), r.reachMore(maxIssue/3))
	left := 0
	findings := r.findingsByVault()
	for _, vault := range r.Desired {
		left += undated.findingTable(&b, vault.ID, findings[vault.ID], maxIssue-aroundTables)
	}
	if left > 0 {
		fmt.Fprintf(&b, "%s left out here. The summary of the run and its log show more.\n\n", agree(left, "more is", "more are"))
	}
	return b.String() + tail
}

// issueLead says between which two there is a difference.
func (r *Report) issueLead(manifest string) string {
	says := "the manifest"
	if manifest != "" {
		says = code(r.clean(manifest))
	}
	differences, stale := drift.Count(r.findings())
	if differences == 0 {
		return fmt.Sprintf("%s in %s %s older than %s allows.", plural(stale, "A value", "Values"), r.theVaults(), plural(stale, "is", "are"), says)
	}
	return fmt.Sprintf("%s from %s.", plural(len(r.Desired), "The vault differs", "The vaults differ"), says)
}

// issueAdvice says what to do about what is off.
func (r *Report) issueAdvice() string {
	var advice []string
	differences, stale := drift.Count(r.findings())
	if differences > 0 {
		advice = append(advice, fmt.Sprintf("Run <code>operation: sync</code> to make %s match the manifest, or change the manifest.", r.theVaults()))
	}
	if stale > 0 {
		advice = append(advice, plural(stale, "Rotate the value that is too old.", "Rotate the values that are too old."))
	}
	return strings.Join(advice, " ")
}

// issueRules say what becomes of the issue.
const issueRules = "A check updates this text when something changes, closes the issue once nothing is off, and reopens it when something is off again. " +
	"To take the issue over, edit it and delete the first line of its text, a comment that is not shown. Then no check touches it."
