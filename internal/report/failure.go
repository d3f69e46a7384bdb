package report

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// Failure is what went wrong, in one line, and what to do about it; empty if
// nothing did.
func (r *Report) Failure() (text, hint string) {
	code := r.Code()
	if _, linted := r.linted(); linted || code == "" { // each problem of a lint is told by itself
		return "", ""
	}
	outcome, _ := r.Outcome()
	return fmt.Sprintf("%s (%s): %s", outcome, code, r.cause()), r.own(r.hint())
}

// cause is what went wrong: with the run, with its one secret, or with some of
// many.
func (r *Report) cause() string {
	if r.Err != nil {
		return r.brief(r.Err)
	}
	if one := r.one(); one.Err != nil {
		return r.why(&one)
	}
	text := r.failing() + r.own("; the log has each")
	if r.blocked() {
		text += "; nothing was written"
	}
	return text
}

// brief is an error in one line of bearable length.
func (r *Report) brief(err error) string {
	var problems problem.List
	switch {
	case errors.Is(err, plan.ErrUnmanaged):
		return r.said(err) + r.whichUnmanaged()
	case !errors.As(err, &problems) || len(problems) == 1:
		return r.said(err, r.Changes...)
	}
	return fmt.Sprintf("%d %s: %s", len(problems), r.own("problems with the inputs, listed in the log"), strings.Join(problems.Inputs(), ", "))
}

// failing names the first secrets that something is wrong with.
func (r *Report) failing() string {
	var names []string
	for i, result := range r.Results {
		if result.Err != nil {
			names = append(names, fmt.Sprintf("%s (%s)", r.name(&r.Changes[i]), codeOf(result)))
		}
	}
	const shown = 5
	listed := strings.Join(names[:min(len(names), shown)], ", ")
	if more := len(names) - shown; more > 0 {
		listed += fmt.Sprintf(" and %d more", more)
	}
	return fmt.Sprintf("%d of %d: %s", len(names), len(r.Results), listed)
}
