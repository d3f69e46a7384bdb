// Package report turns a plan and its results into what people and later steps
// read: log text, outputs, a Markdown summary, an error's code and hint. It
// prints nothing.
package report

import (
	"errors"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// Report is one run of the program: what was desired, what was planned, and what
// became of it.
type Report struct {
	// Manifest says that many secrets were desired, by a manifest. Else it is
	// one, by the inputs, which is reported in more detail.
	Manifest bool
	// Source is the name of the manifest's file; empty if it has none.
	Source  string
	Desired []plan.Vault
	Changes []plan.Change
	Results []apply.Result // of the changes, in their order
	// Err is what went wrong with the run as a whole, and not with one change.
	Err       error
	Operation plan.Operation // of the run
	// DryRun says that the run only shows its plan.
	DryRun bool
	// Lint is of an operation that only looks at manifests.
	Lint Lint
	// Digest and Plan are those of the plan, for expect_plan; empty if there is none.
	Digest, Plan string
	// Check is what a check found; nil if it was none, or if it could not be made.
	Check *Check
	// undated leaves out how long ago something was, which each day changes.
	undated bool
	// VaultNames are those that the API gives vaults, by ID; some or all may not be known.
	VaultNames map[nairi.VaultID]string
	// Unmanaged are the secrets that the manifest does not name, and that are left alone.
	Unmanaged []plan.Unmanaged
	// Private says that only those read this who may see the repository, so that it may
	// name what the manifest does not.
	Private bool
	// Twins are names of the vaults that differ in case alone.
	Twins []plan.Twins
	// Shards are those that have something to write.
	Shards []plan.Shard
	// Exported is the manifest that an export wrote; nil for none.
	Exported *Exported
	// Listed is what a list shows; nil for none.
	Listed *Listed
	// Generated is a value that no vault gets; nil for none.
	Generated *Generated
	// Warned are the warnings of the run, in clean words.
	Warned []string
	// InFile says that a value which is made for a vault is in a file, too.
	InFile bool
	// About is what texts about the run were made of. Without a Version they do not say it.
	About About
	// Redact makes harmless a text that came from outside: secrets are taken out of
	// it before it is escaped for Markdown or JSON, since afterwards no redactor would
	// know them. Required.
	Redact func(string) string
	// Words spells our own words for whoever reads this; nil for a step.
	Words func(string) string
}

// apart reports whether results are read apart from errors, as those of a command line are.
func (r *Report) apart() bool { return r.Words != nil }

// own is a text of this program alone, in the words of whoever reads it.
func (r *Report) own(text string) string {
	if r.Words == nil {
		return text
	}
	return r.Words(text)
}

// one is the result of a single secret: what became of it, or else why there was
// no plan. It is the zero Result for a manifest.
func (r *Report) one() apply.Result {
	switch {
	case r.Manifest:
		return apply.Result{}
	case len(r.Results) == 1:
		return r.Results[0]
	}
	var change plan.Change
	if len(r.Desired) == 1 && len(r.Desired[0].Secrets) == 1 {
		change = plan.Change{VaultID: r.Desired[0].ID, Desired: r.Desired[0].Secrets[0]}
	}
	return apply.Fail(change, r.Err)
}

// Outcome is what became of the run, and whether anything changed.
func (r *Report) Outcome() (outcome apply.Outcome, changed bool) {
	seen := map[apply.Outcome]bool{}
	for i := range r.Results { // which are large
		seen[r.Results[i].Outcome] = true
		changed = changed || changedBy(&r.Results[i])
	}
	switch {
	case seen[apply.Unknown]:
		return apply.Unknown, changed
	case seen[apply.Partial], (r.Err != nil || seen[apply.Failed]) && changed:
		return apply.Partial, changed
	case r.Err != nil || seen[apply.Failed]:
		return apply.Failed, changed
	case r.generated():
		return r.Generated.outcome(), changed
	case !r.Manifest:
		return r.one().Outcome, changed
	case seen[apply.Planned]:
		return apply.Planned, changed
	case changed:
		return apply.Updated, changed
	}
	return apply.Unchanged, changed
}

// counts are how many results have each outcome.
func (r *Report) counts() map[apply.Outcome]int {
	counts := map[apply.Outcome]int{}
	for i := range r.Results {
		counts[r.Results[i].Outcome]++
	}
	return counts
}

// Code is that of the whole: of what is not known before anything else, then of
// the run as a whole, and then of what failed first. What was not begun for the
// sake of another failure comes after that.
func (r *Report) Code() problem.Code {
	var first problem.Code
	for _, result := range r.Results {
		code := codeOf(result)
		if result.Outcome == apply.Unknown {
			return code
		}
		if first == "" || first == problem.NotBegun && code != "" {
			first = code
		}
	}
	if r.Err != nil {
		return codeOfError(r.Err)
	}
	return first
}

// Exit codes.
const (
	ExitDone     = 0
	ExitFailed   = 1 // nothing was changed
	ExitBadInput = 2 // no request was sent
	ExitUnknown  = 3 // done in part, or not known
	// ExitCancelled is that of a program that SIGINT ended: 128 and its number.
	ExitCancelled = 130
)

// ExitCode is what the program ends with.
func (r *Report) ExitCode() int {
	var problems problem.List
	outcome, _ := r.Outcome()
	switch {
	case outcome == apply.Partial, outcome == apply.Unknown:
		return ExitUnknown
	case errors.As(r.Err, &problems):
		return ExitBadInput
	case outcome == apply.Failed:
		return ExitFailed
	}
	return ExitDone
}

// Changed reports whether something was changed, or may have been.
func (r *Report) Changed() bool {
	_, changed := r.Outcome()
	return changed
}

// HasNews reports whether the plan changes anything, or failed: whether there is
// something to tell a reviewer. That values are written again is none: it is so in
// every run. But a reviewer sees where they go beside the vaults.
func (r *Report) HasNews() bool {
	outcome, _ := r.Outcome()
	return outcome != apply.Unchanged && !r.rewrites() || len(r.quietMirrors()) > 0
}

// vault is the one that the run is about, or "" if there are several.
func (r *Report) vault() nairi.VaultID {
	if len(r.Desired) != 1 {
		return ""
	}
	return r.Desired[0].ID
}

// blocked reports whether nothing was carried out, as something could not be
// planned.
func (r *Report) blocked() bool { return plan.Blocked(r.Changes) }
