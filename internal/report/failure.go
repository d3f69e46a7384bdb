package report

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/drift"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// Failure is what went wrong with the run as a whole; failed is false if nothing did. A
// lint tells of each problem by itself.
func (r *Report) Failure() (f problem.Failure, failed bool) {
	code := r.Code()
	if _, linted := r.linted(); linted || code == "" {
		return problem.Failure{}, false
	}
	what := problem.Spoken(r.cause())
	if r.untouched(code) {
		what += " Nothing was changed."
	}
	return problem.Failure{Code: code, What: what, Hint: r.own(r.hint()), Request: r.request()}, true
}

// untouched reports whether a run that could change something is known not to have. Of bad
// inputs it is said that nothing was sent, and of a bug nothing is known.
func (r *Report) untouched(code problem.Code) bool {
	var problems problem.List
	outcome, changed := r.Outcome()
	reads := r.Operation.IsOfManifest() && r.Operation != plan.OpSync || r.Operation == plan.OpGenerate
	return outcome == apply.Failed && !changed && !reads && code != problem.InternalError && !errors.As(r.Err, &problems)
}

// Faults are the parts of a failure that are told one by one: the problems of inputs and
// manifests, or the secrets of a manifest that failed, each at its place. Nil for a failure
// that is about the run as a whole.
func (r *Report) Faults() problem.List {
	var problems problem.List
	switch {
	case errors.As(r.Err, &problems) && len(problems) == 1:
		return problem.List{r.alone(problems[0])}
	case r.Err != nil:
		return problems
	case !r.Manifest:
		return nil
	}
	for i := range r.Results {
		if result := &r.Results[i]; result.Err != nil {
			problems = append(problems, r.fault(result))
		}
	}
	return problems
}

// alone is the one problem of a run: no other line says what to do about its code.
func (r *Report) alone(p problem.Problem) problem.Problem {
	f := problem.Failure{Code: r.Code(), What: problem.Sentence(p.Text), Hint: r.own(r.hint())}
	p.Text = f.Sentences()
	return p
}

// fault is a secret of a manifest that failed.
func (r *Report) fault(result *apply.Result) problem.Problem {
	f := problem.Failure{Code: codeOf(*result), What: problem.Spoken(r.fate(result))}
	at := result.Change.Desired.Place
	return r.at(at, f.Sentences())
}

// fate is what became of a secret of a manifest that failed, and why.
func (r *Report) fate(result *apply.Result) string {
	change, vault, why := &result.Change, r.inVault(result.Change.VaultID), r.why(result)
	var refusal *plan.Refusal
	var request *nairi.Error
	switch {
	case inDoubt(result), errors.As(result.Err, &refusal) && vault == "": // which name the secret
		return why
	case result.Outcome == apply.Unknown, lacking(result), !change.Writes():
		return r.name(change) + vault + ": " + why
	case errors.As(result.Err, &request):
		why = strings.Replace(why, "refused to "+r.named(request, []plan.Change{*change}).Doing(), "refused it", 1)
	}
	return r.name(change) + vault + " was not " + string(change.Action) + "d: " + why
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
	of, unknown := " of "+counted(len(r.Results), "secret"), r.counts()[apply.Unknown]
	const doubt = " may or may not have been changed"
	switch {
	case unknown == 0:
		return strconv.Itoa(r.failed()) + of + " failed"
	case r.failed() == 0:
		return strconv.Itoa(unknown) + of + doubt
	}
	return fmt.Sprintf("%d%s failed, and %d%s", r.failed(), of, unknown, doubt)
}

// brief is an error in one line of bearable length.
func (r *Report) brief(err error) string {
	var problems problem.List
	switch {
	case errors.Is(err, plan.ErrUnmanaged):
		return r.said(err) + r.whichUnmanaged()
	case errors.Is(err, plan.ErrPlanChanged):
		lines := r.changed()
		return strings.Join(append([]string{problem.Sentence(r.said(err))}, lines[:min(len(lines), 1)]...), " ")
	case errors.Is(err, drift.ErrDiffers), errors.Is(err, drift.ErrStale):
		return r.said(err) + r.whichDiffer()
	case errors.As(err, &problems) && len(problems) == 1:
		return problems[0].String()
	case !errors.As(err, &problems):
		return r.said(err, r.Changes...)
	}
	return r.countOf(problems) + "; nothing was sent"
}

// request is what was sent when the run failed, and the status that came.
func (r *Report) request() string {
	var request *nairi.Error
	one := r.one()
	for _, err := range []error{r.Err, one.Err} {
		if errors.As(err, &request) {
			told := *request
			told.Message = r.clean(told.Message)
			return strings.ReplaceAll(told.Request(), string(told.Secret), r.id(told.Secret))
		}
	}
	return ""
}
