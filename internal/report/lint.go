package report

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// Lint is what was linted, and what was found that is no problem.
type Lint struct {
	Files    int          // how many; 0 if the manifest has no name
	Warnings problem.List // texts from outside in them are clean
	Notes    []string     // what was not checked, and why
}

// linted reports whether manifests were linted to the end, and the problems that they
// have.
func (r *Report) linted() (problems problem.List, ok bool) {
	if r.Operation != plan.OpLint {
		return nil, false
	}
	return problems, r.Err == nil || errors.As(r.Err, &problems)
}

// lintLine is what became of a lint, in one line.
func (r *Report) lintLine(problems problem.List) string {
	if len(problems) > 0 {
		return fmt.Sprintf("%s%s. [%s]", counted(len(problems), "problem"), within(problems), r.Code())
	}
	line := fmt.Sprintf("No problems in %s: %s in %s.", r.lintedFiles(), counted(r.desired(), "secret"), counted(len(r.Desired), "vault"))
	if n := len(r.Lint.Warnings); n > 0 {
		line += " " + counted(n, "warning") + "."
	}
	return line
}

// lintedFiles is how many files were linted.
func (r *Report) lintedFiles() string {
	if r.Lint.Files == 0 {
		return "the manifest"
	}
	return counted(r.Lint.Files, "file")
}

// within is where problems are: in how many files, if they all are in files.
func within(problems problem.List) string {
	files := map[string]bool{}
	for _, p := range problems {
		if files[p.File] = true; p.File == "" {
			return ""
		}
	}
	return " in " + counted(len(files), "file")
}

// desired is how many secrets the manifests name.
func (r *Report) desired() int {
	n := 0
	for _, vault := range r.Desired {
		n += len(vault.Secrets)
	}
	return n
}

// lintSummary is a lint as Markdown.
func (r *Report) lintSummary(problems problem.List) string {
	sign := "✅ "
	if len(problems) > 0 {
		sign = "❌ "
	}
	var b strings.Builder
	fmt.Fprintf(&b, "### %s%s\n\n", sign, strings.TrimSuffix(strings.TrimSuffix(r.lintLine(problems), " ["+string(problem.BadInput)+"]"), "."))
	for _, note := range r.Lint.Notes {
		b.WriteString(escape(note) + "\n\n")
	}
	b.WriteString(r.lintTable(problems, r.Lint.Warnings))
	return b.String()
}

// lintTable has the problems, and then the warnings, narrow enough for a phone. Those that
// there is no room for are counted.
func (r *Report) lintTable(problems, warnings problem.List) string {
	if len(problems)+len(warnings) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("| Where | What |\n| --- | --- |\n")
	left := 0
	for i, p := range append(problems[:len(problems):len(problems)], warnings...) {
		sign := "❌ Problem"
		if i >= len(problems) {
			sign = "⚠️ Warning"
		}
		row := fmt.Sprintf("| %s | %s<br>%s |\n", code(p.Position()), sign, r.problemSaid(p, ""))
		if b.Len()+len(row) > maxMarkdown {
			left++
			continue
		}
		b.WriteString(row)
	}
	if left > 0 {
		fmt.Fprintf(&b, "\n%s more have no room here.\n", thousands(left))
	}
	return b.String()
}
