package report_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/generate"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/report"
)

// generated is the report of a value that no vault gets.
func generated(g report.Generated) *report.Report {
	return &report.Report{
		Operation: plan.OpGenerate, Generated: &g,
		Redact: func(text string) string { return strings.ReplaceAll(text, "hidden", "***") },
	}
}

// A value that no vault gets is told of by its kind, and by who has it.
func TestAGeneratedValueIsToldOf(t *testing.T) {
	t.Parallel()
	password := generate.Spec{Kind: generate.Password, Size: 32, Symbols: generate.SafeSymbols}
	for _, tt := range []struct {
		generated report.Generated
		line      string
		summary   string
		outcome   apply.Outcome
	}{
		{
			report.Generated{Spec: password, File: "new-value"},
			"Generated a new value: a password of 32 characters, with 188 bits of randomness. It is in the file new-value.",
			"### ✅ Generated a new value\n\nIt is a password of 32 characters, with 188 bits of randomness. It is in the file <code>new-value</code>.\n",
			apply.Generated,
		},
		{
			report.Generated{Spec: generate.Spec{Kind: generate.Alphanumeric, Size: 40}, Variable: "NEW"},
			"Generated a new value: 40 letters and digits, with 238 bits of randomness. It is in the variable NEW of later steps.",
			"### ✅ Generated a new value\n\nIt is 40 letters and digits, with 238 bits of randomness. It is in the variable <code>NEW</code> of later steps.\n",
			apply.Generated,
		},
		{
			report.Generated{Spec: generate.Spec{Kind: generate.UUID}, File: "hidden-file", Variable: "NEW"},
			"Generated a new value: a UUID. It is in the file ***-file, and in the variable NEW of later steps.",
			"### ✅ Generated a new value\n\nIt is a UUID. It is in the file <code>***-file</code>, and in the variable <code>NEW</code> of later steps.\n",
			apply.Generated,
		},
		{
			report.Generated{Spec: generate.Spec{Kind: generate.Base64URL, Size: 32}, File: "new", Planned: true},
			"Dry run: a new value would be generated: 32 random bytes as base64url. Nothing was made.",
			"### Plan: generate a new value\n\nIt would be 32 random bytes as base64url. Nothing was made.\n",
			apply.Planned,
		},
	} {
		r := generated(tt.generated)
		if diff := cmp.Diff(report.Ending{Results: []string{tt.line}}, r.Ending()); diff != "" {
			t.Errorf("the log (-want +got): %s", diff)
		}
		if diff := cmp.Diff(tt.summary, strings.ReplaceAll(r.Summary(), "&#42;", "*")); diff != "" {
			t.Errorf("the summary (-want +got): %s", diff)
		}
		if outcome, changed := r.Outcome(); outcome != tt.outcome || changed || r.ExitCode() != report.ExitDone || r.Code() != "" {
			t.Errorf("%s, changed %t, exit code %d, %s", outcome, changed, r.ExitCode(), r.Code())
		}
	}
}

// What could not be handed over was not generated.
func TestAGeneratedValueThatNobodyGotIsAFailure(t *testing.T) {
	t.Parallel()
	r := generated(report.Generated{Spec: generate.Spec{Kind: generate.UUID}, File: "new"})
	r.Err = errors.New("there is no room for it")
	if outcome, changed := r.Outcome(); outcome != apply.Failed || changed || r.ExitCode() != report.ExitFailed || len(r.Ending().Results) > 0 {
		t.Errorf("%s, changed %t, exit code %d, %q", outcome, changed, r.ExitCode(), r.Ending().Results)
	}
	if strings.Contains(r.Summary(), "✅") {
		t.Errorf("the summary is %s", r.Summary())
	}
}
