package report

import (
	"context"
	"errors"
	"net/http"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// Code is a stable name for a class of errors: the error_code output.
type Code string

// The codes.
const (
	BadInput         Code = "bad_input"
	WrongKeyKind     Code = "wrong_key_kind"
	Unauthorized     Code = "unauthorized"
	VaultNotFound    Code = "vault_not_found"
	SecretNotFound   Code = "secret_not_found"
	AmbiguousName    Code = "ambiguous_name"
	AlreadyExists    Code = "already_exists"
	RateLimited      Code = "rate_limited"
	Blocked          Code = "blocked_by_proxy_or_waf"
	TLS              Code = "tls"
	Network          Code = "network"
	Timeout          Code = "timeout"
	ServerError      Code = "server_error"
	UnexpectedAnswer Code = "unexpected_answer"
	UnknownState     Code = "unknown_state"
	Conflict         Code = "conflict"
	TooManyDeletes   Code = "too_many_deletes"
	WiderDomains     Code = "wider_domains"
	NotBegun         Code = "not_begun"
	Cancelled        Code = "cancelled"
	// InternalError is a mistake in this program.
	InternalError Code = "internal_error"
	// NotStarted is set by launch.sh, where there is no program to run.
	NotStarted Code = "not_started"
)

// CodeOf classifies a result; it is empty for one without an error.
func CodeOf(result apply.Result) Code {
	switch {
	case result.Err == nil:
		return ""
	case result.Outcome == apply.Unknown:
		return UnknownState
	}
	return codeOfError(result.Err)
}

// own are the errors of this program and their codes.
var own = []struct {
	err  error
	code Code
}{
	{plan.ErrNotFound, SecretNotFound},
	{plan.ErrExists, AlreadyExists},
	{plan.ErrAmbiguous, AmbiguousName},
	{plan.ErrMismatch, BadInput},
	{plan.ErrConflict, Conflict},
	{plan.ErrTooManyDeletes, TooManyDeletes},
	{plan.ErrWidens, WiderDomains},
	{apply.ErrIncomplete, NotBegun},
	{context.Canceled, Cancelled},
	{context.DeadlineExceeded, Timeout},
}

func codeOfError(err error) Code {
	for _, known := range own {
		if errors.Is(err, known.err) {
			return known.code
		}
	}
	var problems input.Problems
	var request *nairi.Error
	switch {
	case errors.As(err, &problems):
		return codeOfProblems(problems)
	case errors.As(err, &request):
		return codeOfRequest(request)
	}
	return InternalError
}

// codeOfProblems singles one mistake out, if it is the only one: the variable
// NAIRI_API_KEY holds an agent's key on the machines of agents.
func codeOfProblems(problems input.Problems) Code {
	if len(problems) == 1 && errors.Is(problems, nairi.ErrAgentKey) {
		return WrongKeyKind
	}
	return BadInput
}

// kinds are the codes of requests that were not refused by a status.
var kinds = map[nairi.Kind]Code{
	nairi.Unexpected:  UnexpectedAnswer,
	nairi.Network:     Network,
	nairi.Certificate: TLS,
	nairi.Handshake:   TLS,
	nairi.Timeout:     Timeout,
	nairi.Cancelled:   Cancelled,
}

func codeOfRequest(err *nairi.Error) Code {
	if err.Kind != nairi.Refused {
		return kinds[err.Kind]
	}
	switch status := err.Status; {
	case status == http.StatusForbidden && err.Foreign:
		return Blocked
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return Unauthorized
	case status == http.StatusNotFound && err.Secret == "":
		return VaultNotFound
	case status == http.StatusNotFound:
		return SecretNotFound
	case status == http.StatusBadRequest, status == http.StatusUnprocessableEntity,
		status == http.StatusRequestEntityTooLarge:
		return BadInput
	case status == http.StatusRequestTimeout:
		return Timeout
	case status == http.StatusTooManyRequests:
		return RateLimited
	case status >= http.StatusInternalServerError:
		return ServerError
	}
	return UnexpectedAnswer
}

// hints say what to do about each code.
var hints = map[Code]string{
	BadInput:         "correct what is named above; the README's tables say what each input takes",
	WrongKeyKind:     "create a public key (nr_…) in the dashboard under Settings, API Key, and use it as api_key",
	Unauthorized:     "check that api_key is a public key (nr_…) of this organization and has not been revoked; revoking takes effect at once",
	VaultNotFound:    "check vault_id, and that api_key belongs to the organization that has this vault",
	SecretNotFound:   "check the name or ID of the secret; only operation set, create or sync creates one, by its name, with a value and a list of domains",
	AmbiguousName:    "give the secret_id of the one that is meant; nothing was changed",
	AlreadyExists:    "use operation set or update to change a secret that exists",
	RateLimited:      "wait, then run the job again; spread jobs that use the same key",
	Blocked:          "the answer is not from the API: a proxy or firewall before it refused the request; ask who runs this runner's network, and check base_url",
	TLS:              "the server's certificate is not trusted here, or something else answers in its place; check base_url and the runner's CA certificates",
	Network:          "the server cannot be reached from this runner; check base_url, the runner's network and its HTTPS_PROXY",
	Timeout:          "the server did not answer in time; run the job again",
	ServerError:      "the server failed; run the job again, and ask Nairi's support if it goes on",
	UnexpectedAnswer: "the answer is not what the API documents; check base_url, and that no proxy answers in the API's place",
	UnknownState:     "the write may or may not have been done; look at the secret in the dashboard; running the job again is safe",
	Conflict:         "somebody else changed the secret; look at it, and run the job again with its present updated_at",
	TooManyDeletes:   "check that the manifest names what it should; nothing was changed; if so many deletes are meant, say max_deletes",
	WiderDomains:     "nothing was changed; have the new hosts reviewed, and leave deny_widening out of the run that writes them",
	NotBegun:         "see to the secret of the same vault that could not be created, and run the job again",
	Cancelled:        "the job was cancelled; run it again",
	InternalError:    "this is a mistake in the action; report it, with its version and this log",
	NotStarted:       "use a released version, on Linux, macOS or Windows",
}

// Hint says what to do about a code, in one line.
func Hint(code Code) string { return hints[code] }

// Codes lists every code in the order in which they are documented.
var Codes = []Code{
	BadInput, WrongKeyKind, Unauthorized, VaultNotFound, SecretNotFound, AmbiguousName, AlreadyExists, RateLimited,
	Blocked, TLS, Network, Timeout, ServerError, UnexpectedAnswer, UnknownState, Conflict,
	TooManyDeletes, WiderDomains, NotBegun, Cancelled,
	InternalError, NotStarted,
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

// ExitCode is what the program ends with after a result.
func ExitCode(result apply.Result) int {
	var problems input.Problems
	switch {
	case result.Err == nil:
		return ExitDone
	case result.Outcome == apply.Unknown:
		return ExitUnknown
	case errors.As(result.Err, &problems):
		return ExitBadInput
	}
	return ExitFailed
}
