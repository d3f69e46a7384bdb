package report

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/drift"
	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// hint is what to do about the run.
func (r *Report) hint() string {
	var problems problem.List
	if errors.As(r.Err, &problems) {
		return problems.Hint()
	}
	code := r.Code()
	if code == problem.UnknownState && r.Operation == plan.OpCreate {
		return problem.HintCreated
	}
	if code == problem.AmbiguousName && r.Manifest {
		return problem.HintTwice
	}
	if code == problem.SecretNotFound && r.misspelt() {
		return problem.HintNear
	}
	if code == problem.MirrorFailed && r.Err == nil {
		return r.hintOfMirrors()
	}
	for _, err := range r.errs() {
		if codeOfError(err) == code {
			return r.hintOf(err, code)
		}
	}
	return code.Hint()
}

// hintOfMirrors is what to do about mirrors that do not have what the vaults have by now. A
// value that was made is nowhere to be read, but in a file that was asked for: while that is
// there, another run makes no value.
func (r *Report) hintOfMirrors() string {
	if slices.ContainsFunc(r.Results, forgotten) {
		return problem.HintForgotten
	}
	for i := range r.Results {
		if result := &r.Results[i]; lacking(result) && !makes(&result.Change) {
			return problem.HintMirrors
		}
	}
	if r.InFile {
		return problem.HintKept
	}
	return problem.HintMade
}

// forgotten reports whether a result has mirrors without the value of which the next run does
// not find that out.
func forgotten(result apply.Result) bool {
	lacks := func(target mirror.Target) bool {
		return slices.ContainsFunc(result.Mirrors, func(m apply.MirrorResult) bool { return m.Target == target && !isWritten(m) })
	}
	return lacking(&result) && result.Change.Forgets(lacks)
}

// misspelt reports whether a name that is not there most likely is a slip: then
// how to create a secret is no advice.
func (r *Report) misspelt() bool {
	for i := range r.Changes {
		if change := &r.Changes[i]; change.Err != nil && len(change.Near) > 0 {
			return true
		}
	}
	return false
}

// errs are what went wrong: with the run as a whole, or with its changes.
func (r *Report) errs() []error {
	if r.Err != nil {
		return []error{r.Err}
	}
	var errs []error
	for _, result := range r.Results {
		if result.Err != nil {
			errs = append(errs, result.Err)
		}
	}
	return errs
}

// hintOf is what to do about an error, which names the host that must be reached.
func (r *Report) hintOf(err error, code problem.Code) string {
	hint := hintOf(err, code)
	var request *nairi.Error
	if errors.As(err, &request) && request.Host != "" {
		hint = strings.ReplaceAll(hint, "the API's host", r.clean(request.Host))
	}
	return hint
}

// hintOf is what to do about an error: by its code, unless more is known of it.
func hintOf(err error, code problem.Code) string {
	var request *nairi.Error
	var refusal *plan.Refusal
	switch {
	case errors.As(err, &refusal) && refusal.Hint != "":
		return refusal.Hint
	case errors.Is(err, plan.ErrDeclined):
		return problem.HintDeclined
	case errors.Is(err, drift.ErrStale):
		return problem.HintStale
	case code == problem.NotBegun && errors.Is(err, apply.ErrOldName):
		return problem.HintOldName
	case !errors.As(err, &request):
		return code.Hint()
	case request.Kind == nairi.Proxy && request.Status == http.StatusProxyAuthRequired:
		return problem.HintCredentials
	case request.Kind == nairi.Proxy:
		return problem.HintProxy
	case request.OutOfDate:
		return problem.HintClock
	case request.Kind == nairi.Handshake:
		return problem.UnexpectedAnswer.Hint()
	case code == problem.Unauthorized && request.Status == http.StatusForbidden:
		return problem.HintForbidden
	case request.Foreign && (code == problem.Unauthorized || code == problem.VaultNotFound || code == problem.SecretNotFound):
		return problem.UnexpectedAnswer.Hint()
	case code == problem.BadInput:
		return problem.HintRefused
	}
	return code.Hint()
}
