package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// Plan are the lines that say what the steps will do; those that are as wanted
// are only counted.
func (s Sync) Plan() []string {
	if len(s.Steps) == 0 && s.Err != nil {
		return nil // there was none
	}
	var lines []string
	writes, kept := 0, 0
	for _, step := range s.Steps {
		switch {
		case step.Err != nil:
			lines = append(lines, fmt.Sprintf("plan: none for %s: %v", step.Change.Name(), step.Err)+s.in(step))
		case step.Change.Writes():
			lines = append(lines, Plan(step.Change)+s.in(step))
			writes++
		default:
			kept++
		}
	}
	return append(append(lines, s.widenings()...), fmt.Sprintf("plan: %d to write, %d as wanted", writes, kept))
}

// in says which vault a step is about, if that may be one of several.
func (s Sync) in(step plan.Step) string {
	if !s.Several {
		return ""
	}
	return " in " + string(step.VaultID)
}

// widenings call by name what may go to more hosts than before.
func (s Sync) widenings() []string {
	var lines []string
	for _, step := range s.Steps {
		if wider := step.Change.Widening(); len(wider) > 0 {
			lines = append(lines, fmt.Sprintf("wider than before: %s may now go to %s", step.Change.Name(), strings.Join(wider, " "))+s.in(step))
		}
	}
	return lines
}

// Done is one line that says what became of one step.
func (s Sync) Done(step plan.Step, result apply.Result) string {
	if result.Err != nil {
		return fmt.Sprintf("%s (%s): %s%s: %s", result.Outcome, CodeOf(result), step.Change.Name(), s.in(step), cause(result.Err))
	}
	return Report{VaultID: step.VaultID, Result: result}.Text()[0] + s.in(step)
}

// Text is what became of the run, for the log.
func (s Sync) Text() []string {
	if len(s.Results) == 0 {
		return Report{Result: s.failed()}.problems()
	}
	var parts []string
	counts := s.counts()
	for _, outcome := range apply.Outcomes {
		if n := counts[outcome]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, outcome))
		}
	}
	return []string{"in all: " + strings.Join(parts, ", ")}
}

// Failure is what went wrong, in one line, and what to do about it; empty if
// nothing did.
func (s Sync) Failure() (text, hint string) {
	outcome, _ := s.overall()
	code := s.code()
	if code == "" {
		return "", ""
	}
	if s.Err != nil {
		return fmt.Sprintf("%s (%s): %s", outcome, code, cause(s.Err)), Hint(code)
	}
	text = fmt.Sprintf("%s (%s): %s; the log has each", outcome, code, s.failing())
	if !s.begun() {
		text += "; nothing was written"
	}
	return text, Hint(code)
}

// failing names the first secrets that something is wrong with.
func (s Sync) failing() string {
	var names []string
	for i, r := range s.Results {
		if r.Err != nil {
			names = append(names, fmt.Sprintf("%s (%s)", s.Steps[i].Change.Name(), CodeOf(r)))
		}
	}
	const shown = 5
	listed := strings.Join(names[:min(len(names), shown)], ", ")
	if more := len(names) - shown; more > 0 {
		listed += fmt.Sprintf(" and %d more", more)
	}
	return fmt.Sprintf("%d of %d: %s", len(names), len(s.Results), listed)
}

// begun reports whether the steps were carried out: they are not if there is no
// plan for only one of them.
func (s Sync) begun() bool {
	return !slices.ContainsFunc(s.Steps, func(step plan.Step) bool { return step.Err != nil })
}
