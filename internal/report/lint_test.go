package report_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
)

// lint is the report of a lint of two vaults with these problems and warnings.
func lint(problems, warnings problem.List) *report.Report {
	r := &report.Report{
		Operation: plan.OpLint, Manifest: true, Redact: func(text string) string { return text },
		Desired: []plan.Vault{{ID: "a", Secrets: make([]plan.Desired, 3)}, {ID: "b", Secrets: make([]plan.Desired, 1)}},
		Lint:    report.Lint{Files: 2, Warnings: warnings},
	}
	if len(problems) > 0 {
		r.Err = problems
	}
	return r
}

func TestTheLastLineOfALint(t *testing.T) {
	t.Parallel()
	a, b, text := problem.Problem{File: "a.yml"}, problem.Problem{File: "b.yml"}, problem.Problem{Input: "secrets", Line: 1}
	for want, r := range map[string]*report.Report{
		"No problems in 2 files: 4 secrets in 2 vaults.":             lint(nil, nil),
		"No problems in 2 files: 4 secrets in 2 vaults. 1 warning.":  lint(nil, problem.List{a}),
		"No problems in 2 files: 4 secrets in 2 vaults. 2 warnings.": lint(nil, problem.List{a, b}),
		"1 problem in 1 file. [bad_input]":                           lint(problem.List{a}, nil),
		"3 problems in 2 files. [bad_input]":                         lint(problem.List{a, b, a}, problem.List{a}),
		"2 problems. [bad_input]":                                    lint(problem.List{a, {Input: "values"}}, nil),
		"1 problem. [bad_input]":                                     lint(problem.List{text}, nil),
	} {
		if d := cmp.Diff([]string{want}, ending(r)); d != "" {
			t.Errorf("(-want +got)\n%s", d)
		}
		if failure, hint := failureOf(r); failure+hint != "" {
			t.Errorf("%q is told once more: %q", want, failure)
		}
		wantCode, wantResult := report.ExitDone, "unchanged"
		if strings.Contains(want, "bad_input") {
			wantCode, wantResult = report.ExitBadInput, "failed"
		}
		outcome, changed := r.Outcome()
		if r.ExitCode() != wantCode || string(outcome) != wantResult || changed {
			t.Errorf("%q: exit code %d, %s", want, r.ExitCode(), outcome)
		}
		for _, output := range append(r.Outputs(), r.Variables()...) {
			if strings.Contains(output.Name, "count") || output.Name == "results" {
				t.Errorf("a lint has the output %s", output.Name)
			}
		}
	}
}

// Whatever stands in a manifest, the summary has one table of two columns, in which it
// shows as it is, and fits.
func TestTheSummaryOfALintKeepsItsColumns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) problem.List {
			var list problem.List
			for i := range rapid.IntRange(0, 4).Draw(t, label) {
				list = append(list, problem.Problem{File: hostile().Draw(t, "file"), Line: i, Key: hostile().Draw(t, "key"), Text: hostile().Draw(t, "text")})
			}
			return list
		}
		problems, warnings := draw("problems"), draw("warnings")
		lines := strings.Split(lint(problems, warnings).Summary(), "\n")
		rows := 0
		for _, line := range lines[2:] {
			if strings.Contains(line, " | ❌ Problem<br>") || strings.Contains(line, " | ⚠️ Warning<br>") {
				rows++
				inert(t, line)
				if strings.Count(line, "|") != 3 {
					t.Fatalf("a row of other columns: %q", line)
				}
			}
		}
		if rows != len(problems)+len(warnings) || len(lines) > rows+6 {
			t.Fatalf("%d rows in %q", rows, lines)
		}
	})
}

func TestTheSummaryOfALintFits(t *testing.T) {
	t.Parallel()
	var many problem.List
	for i := range 5000 {
		many = append(many, problem.Problem{File: "a.yml", Line: i + 1, Key: fmt.Sprint("KEY_", i), Text: "is wrong"})
	}
	summary := lint(many, nil).Summary()
	if len(summary) > 64<<10 || !strings.HasPrefix(summary, "### ❌ 5000 problems in 1 file\n") || !strings.Contains(summary, " more have no room here.\n") {
		t.Errorf("%d bytes: %.200s", len(summary), summary)
	}
}
