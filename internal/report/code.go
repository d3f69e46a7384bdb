package report

import (
	"context"
	"errors"
	"net/http"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/drift"
	"github.com/nairi-community/vault-secret/internal/manifest"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// codeOf classifies a result; it is empty for one without an error.
func codeOf(result apply.Result) problem.Code {
	switch {
	case result.Err == nil:
		return ""
	case errors.Is(result.Err, apply.ErrTwice):
		return problem.AmbiguousName
	case lacking(&result): // whatever kept the mirrors from having the value
		return problem.MirrorFailed
	case result.Outcome == apply.Unknown:
		return problem.UnknownState
	}
	return codeOfError(result.Err)
}

// sentinels are the errors of this program that have a code.
var sentinels = []struct {
	err  error
	code problem.Code
}{
	{plan.ErrNotFound, problem.SecretNotFound},
	{plan.ErrExists, problem.AlreadyExists},
	{plan.ErrAmbiguous, problem.AmbiguousName},
	{plan.ErrMismatch, problem.BadInput},
	{plan.ErrConflict, problem.Conflict},
	{plan.ErrDeclined, problem.Cancelled},
	{plan.ErrTooManyDeletes, problem.TooManyDeletes},
	{plan.ErrWidens, problem.WiderDomains},
	{plan.ErrPlanChanged, problem.PlanChanged},
	{plan.ErrNoValue, problem.BadInput},
	{plan.ErrRename, problem.BadInput},
	{plan.ErrLacking, problem.BadInput},
	{plan.ErrUnmanaged, problem.Unmanaged},
	{apply.ErrVaultIncomplete, problem.NotBegun},
	{drift.ErrDiffers, problem.Drift},
	{drift.ErrStale, problem.Drift},
	{apply.ErrOldName, problem.NotBegun},
	{manifest.ErrTooLarge, problem.BadInput},
	{ci.ErrNotReplaced, problem.BadInput},
	{context.Canceled, problem.Cancelled},
	{context.DeadlineExceeded, problem.Timeout},
}

func codeOfError(err error) problem.Code {
	for _, known := range sentinels {
		if errors.Is(err, known.err) {
			return known.code
		}
	}
	var problems problem.List
	var request *nairi.Error
	var look *apply.MirrorLookError
	var mistake *problem.Panic
	switch {
	case errors.As(err, &mistake):
		return problem.InternalError
	case errors.As(err, &look):
		return problem.MirrorFailed
	case errors.As(err, &problems):
		return problems.Code()
	case errors.As(err, &request):
		return codeOfRequest(request)
	}
	return problem.InternalError
}

func codeOfRequest(err *nairi.Error) problem.Code {
	switch err.Kind {
	case nairi.Refused:
		return codeOfRefusal(err)
	case nairi.Proxy:
		return codeOfProxy(err.Status)
	case nairi.Unexpected:
		return problem.UnexpectedAnswer
	case nairi.Network:
		return problem.Network
	case nairi.Certificate, nairi.Handshake:
		return problem.TLS
	case nairi.Timeout:
		return problem.Timeout
	case nairi.Cancelled:
		return problem.Cancelled
	}
	return ""
}

// codeOfProxy classifies what a proxy answers in the place of the server: that it
// finds none is no refusal.
func codeOfProxy(status int) problem.Code {
	switch {
	case status == http.StatusTooManyRequests:
		return problem.RateLimited
	case status >= http.StatusInternalServerError && status != http.StatusNetworkAuthenticationRequired:
		return problem.Network
	}
	return problem.Blocked
}

func codeOfRefusal(err *nairi.Error) problem.Code {
	switch status := err.Status; {
	case err.Limited, status == http.StatusTooManyRequests:
		return problem.RateLimited
	case status == http.StatusForbidden && err.Foreign:
		return problem.Blocked
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return problem.Unauthorized
	case status == http.StatusNotFound && err.Secret == "":
		return problem.VaultNotFound
	case status == http.StatusNotFound:
		return problem.SecretNotFound
	case status == http.StatusBadRequest, status == http.StatusUnprocessableEntity,
		status == http.StatusRequestEntityTooLarge:
		return problem.BadInput
	case status == http.StatusRequestTimeout:
		return problem.Timeout
	case status >= http.StatusInternalServerError:
		return problem.ServerError
	}
	return problem.UnexpectedAnswer
}
