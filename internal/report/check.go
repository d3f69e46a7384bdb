package report

import (
	"fmt"
	"strconv"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/drift"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// Check is what a check found.
type Check struct {
	Compared []drift.Compared // every name, in the order of the manifest
	Findings []drift.Finding  // of those, in the same order
}

// checkOutputs are the outputs of a check. What is not known, since a vault could not
// be read, is empty.
func (r *Report) checkOutputs() []ci.Output {
	return append([]ci.Output{output("results", r.results())}, r.checkNumbers()...)
}

// checkNumbers are those of them that are no JSON.
func (r *Report) checkNumbers() []ci.Output {
	known := func(text string) string {
		if r.Check == nil {
			return ""
		}
		return text
	}
	differences, stale := drift.Count(r.findings())
	return []ci.Output{
		output("unmanaged_count", known(strconv.Itoa(r.unmanaged()))),
		output("drift", known(strconv.FormatBool(differences+stale > 0))),
		output("drift_count", known(strconv.Itoa(differences))),
		output("stale_count", known(strconv.Itoa(stale))),
	}
}

// findings are those of the check; none if it could not be made.
func (r *Report) findings() []drift.Finding {
	if r.Check == nil {
		return nil
	}
	return r.Check.Findings
}

// findingsByVault are the same by vault, each in their order.
func (r *Report) findingsByVault() map[nairi.VaultID][]drift.Finding {
	findings := map[nairi.VaultID][]drift.Finding{}
	for _, f := range r.findings() {
		findings[f.VaultID] = append(findings[f.VaultID], f)
	}
	return findings
}

// checkElements are the results of a check: an element for each finding, and one for
// each name that is as the manifest says.
func (r *Report) checkElements() []element {
	var elements []element
	if r.Check != nil {
		for _, c := range r.Check.Compared {
			elements = append(elements, r.compared(c)...)
		}
	}
	return elements
}

// compared are the elements of one name. The ID of a name that is there twice is
// nobody's.
func (r *Report) compared(c drift.Compared) []element {
	e := element{
		VaultID: string(c.VaultID), EnvKey: r.clean(c.Name), Action: "gone", Result: string(apply.Unchanged), UpdatedAt: timestamp(c.UpdatedAt),
	}
	if len(c.IDs) == 1 {
		e.SecretID, e.Action = r.id(c.IDs[0]), "keep"
	}
	if len(c.Findings) == 0 {
		return []element{e}
	}
	var elements []element
	for _, f := range c.Findings {
		e.Action, e.ErrorCode = string(f.Kind), string(problem.Drift)
		if r.secretive(f) {
			e.EnvKey = ""
		}
		elements = append(elements, e)
	}
	return elements
}

// hidesCompared reports whether there is a secret in a name that was compared.
func (r *Report) hidesCompared() bool {
	if r.Check == nil {
		return false
	}
	for i := range r.Check.Compared {
		if r.hides(r.Check.Compared[i].Name) {
			return true
		}
	}
	return false
}

// secretive reports whether a finding's name is the vault's alone, and whoever reads
// this may be anybody.
func (r *Report) secretive(f drift.Finding) bool { return f.Kind == drift.Extra && !r.Private }

// checkEnding is what the check came to, in a few lines. A drift that is a failure is
// told as one, and on a command line as the result as well, which may be all that is kept.
func (r *Report) checkEnding() (ending Ending) {
	if len(r.Check.Findings) == 0 || r.Err == nil || r.apart() {
		ending.Results = []string{r.checkHeading() + "."}
	}
	ending.Notes = append(r.ageNote(), r.tolerated().unmanagedLines()...)
	return ending
}

// checkHeading is what the check came to in a few words.
func (r *Report) checkHeading() string {
	if tally := drift.Tally(r.findings()); tally != "" {
		return "Drift: " + tally
	}
	return "No drift: " + agree(r.wanted(), "secret matches the manifest", "secrets match the manifest")
}

// ageNote says, in one line or none, of how many values it is not known whether they are
// too old.
func (r *Report) ageNote() []string {
	n := 0
	for i := range r.Check.Compared {
		if c := &r.Check.Compared[i]; c.HasAge() && c.MaxAge > 0 && !c.AgeKnown() {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return []string{fmt.Sprintf("The API gives no updated_at for %s with a max_age, so %s not known.",
		counted(n, "secret"), plural(n, "its age is", "their ages are"))}
}

// wanted is how many secrets the manifest wants.
func (r *Report) wanted() int {
	n := 0
	for i := range r.Check.Compared {
		if r.Check.Compared[i].Wanted {
			n++
		}
	}
	return n
}

// tolerated is the report with only those of the secrets that the manifest does not
// name which may be there: of the others, the findings tell.
func (r *Report) tolerated() *Report {
	told := map[nairi.VaultID]bool{}
	for i := range r.Desired {
		told[r.Desired[i].ID] = r.Desired[i].AllManaged
	}
	only := *r
	only.Unmanaged = nil
	for _, unmanaged := range r.Unmanaged {
		if !told[unmanaged.VaultID] {
			only.Unmanaged = append(only.Unmanaged, unmanaged)
		}
	}
	return &only
}
