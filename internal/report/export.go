package report

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/manifest"
)

// Exported is a manifest of what vaults hold, and where it went.
type Exported struct {
	manifest.Export
	File   string // its name; empty for the log
	Merged bool   // into a text that was there
	Same   bool   // which had nothing to add
}

// exportOutputs are the outputs of an export.
func (r *Report) exportOutputs() []ci.Output {
	named := ""
	if r.Exported != nil {
		named = strconv.Itoa(r.Exported.Named)
	}
	return []ci.Output{output("exported_count", named)}
}

// ExportLines are the manifest itself, where it goes to the log.
func (r *Report) ExportLines() []string {
	if r.Exported == nil || r.Exported.File != "" {
		return nil
	}
	return r.exportedLines()
}

// exportedLines are the lines of the manifest. A text that was there may hold anything.
func (r *Report) exportedLines() []string {
	text := bytes.TrimSuffix(r.Exported.Text, []byte("\n"))
	lines := make([]string, 0, bytes.Count(text, []byte("\n"))+1)
	for _, line := range bytes.Split(text, []byte("\n")) {
		lines = append(lines, r.clean(string(bytes.TrimSuffix(line, []byte("\r")))))
	}
	return lines
}

// exportText says what the manifest does not, a line each, and then where it is.
func (r *Report) exportText() []string {
	var lines []string
	for _, remark := range r.Exported.Remarks {
		lines = append(lines, r.remarkLine(remark))
	}
	return append(lines, r.exportedLine())
}

func (r *Report) remarkLine(remark manifest.Remark) string {
	if len(r.Desired) < 2 {
		return remark.Text
	}
	return string(remark.Vault) + ": " + remark.Text
}

// exportedLine says what was written, and where it is.
func (r *Report) exportedLine() string {
	e := r.Exported
	file, named := r.clean(e.File), counted(e.Named, "secret")
	what := "The manifest names " + named
	switch {
	case e.Same && e.File != "":
		what = fmt.Sprintf("%s is unchanged: it names %s", file, named)
	case e.Merged && e.File != "":
		what = fmt.Sprintf("Added %s to %s, which now names %s", counted(e.Added, "secret"), file, named)
	case e.File != "":
		what = fmt.Sprintf("Wrote %s, which names %s", file, named)
	}
	what += " of " + counted(e.Vaults, "vault") + "."
	if left := r.leftOut(); left > 0 {
		what += fmt.Sprintf(" Left out: %s.", counted(left, "name"))
	}
	if e.Outside > 0 {
		what += fmt.Sprintf(" Not among the names that it owns: %s.", counted(e.Outside, "secret"))
	}
	return what
}

func (r *Report) leftOut() int {
	left := 0
	for _, remark := range r.Exported.Remarks {
		if remark.LeftOut {
			left++
		}
	}
	return left
}

// LeftOut warns, in one line or none, of the names that the manifest does not have.
func (r *Report) LeftOut() []string {
	left := r.leftOut()
	if left == 0 {
		return nil
	}
	var names []string
	for _, remark := range r.Exported.Remarks {
		if remark.LeftOut {
			names = append(names, remark.Name)
		}
	}
	return []string{fmt.Sprintf("The manifest leaves out %s of the vaults: %s. A comment in it says why. A sync with prune would delete them.", counted(left, "name"), group{names: names}.few())}
}

// exportSummary says what was written, what was not, and shows it.
func (r *Report) exportSummary() string {
	var b strings.Builder
	fmt.Fprintf(&b, "### ✅ Exported %s of %s\n\n", counted(r.Exported.Named, "secret"), counted(r.Exported.Vaults, "vault"))
	b.WriteString(escape(r.exportedLine()) + "\n\n")
	remarks := make([]string, len(r.Exported.Remarks))
	for i, remark := range r.Exported.Remarks {
		remarks[i] = "- " + escape(r.remarkLine(remark))
	}
	if left := linesUpTo(&b, remarks, maxMarkdown/4); left > 0 {
		fmt.Fprintf(&b, "- and %d more\n", left)
	}
	lines := r.exportedLines()
	fence := fenceFor(lines)
	b.WriteString("\n" + fence + "yaml\n")
	left := linesUpTo(&b, lines, maxMarkdown)
	b.WriteString(fence + "\n")
	if left > 0 {
		fmt.Fprintf(&b, "\nThe manifest has %s, which had no room here.\n", counted(left, "more line"))
	}
	return b.String()
}

// linesUpTo writes lines up to a size of the whole, and returns how many had no room.
func linesUpTo(b *strings.Builder, lines []string, most int) (left int) {
	for i, line := range lines {
		if b.Len()+len(line) > most {
			return len(lines) - i
		}
		b.WriteString(line + "\n")
	}
	return 0
}

// fenceFor is longer than any that the lines have.
func fenceFor(lines []string) string {
	longest := 2
	for _, line := range lines {
		for _, run := range strings.FieldsFunc(line, func(r rune) bool { return r != '`' }) {
			longest = max(longest, len(run))
		}
	}
	return strings.Repeat("`", longest+1)
}
