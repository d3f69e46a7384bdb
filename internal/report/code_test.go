package report_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

func TestEachRefusalHasItsCode(t *testing.T) {
	t.Parallel()
	for code, refusals := range map[problem.Code]string{
		problem.BadInput:         "400 413 422",
		problem.Unauthorized:     "401 401-foreign 403",
		problem.Blocked:          "403-foreign",
		problem.VaultNotFound:    "404-vault",
		problem.SecretNotFound:   "404",
		problem.Timeout:          "408",
		problem.RateLimited:      "429 429-foreign 403-limited 403-foreign-limited",
		problem.ServerError:      "500 502-foreign 503 599-foreign",
		problem.UnexpectedAnswer: "301 307 405 409 418",
	} {
		for _, text := range strings.Fields(refusals) {
			err := &nairi.Error{Kind: nairi.Refused, Secret: secretID, Foreign: strings.Contains(text, "-foreign"), Limited: strings.HasSuffix(text, "-limited")}
			_, _ = fmt.Sscan(text[:3], &err.Status)
			if strings.HasSuffix(text, "-vault") {
				err.Secret = ""
			}
			wantCode(t, text, err, code)
		}
	}
	for kind, code := range map[nairi.Kind]problem.Code{
		nairi.Unexpected:  problem.UnexpectedAnswer,
		nairi.Network:     problem.Network,
		nairi.Certificate: problem.TLS,
		nairi.Handshake:   problem.TLS,
		nairi.Timeout:     problem.Timeout,
		nairi.Cancelled:   problem.Cancelled,
	} {
		wantCode(t, fmt.Sprintf("kind %d", kind), &nairi.Error{Kind: kind}, code)
	}
}

// wantCode checks the code of an error of a secret and of the run, wrapped too.
func wantCode(t *testing.T, name string, err error, want problem.Code) {
	t.Helper()
	for _, err := range []error{err, fmt.Errorf("while looking: %w", err)} {
		ofSecret, ofRun := of(apply.Fail(plan.Change{}, err)).Code(), ended(plan.Desired{}, err).Code()
		if ofSecret != want || ofRun != want {
			t.Errorf("%s: of a secret %q, of the run %q, want %q", name, ofSecret, ofRun, want)
		}
	}
}

func TestWhatAProxyRefusesHasTheCodeOfTheProxy(t *testing.T) {
	t.Parallel()
	for status, code := range map[int]problem.Code{
		407: problem.Blocked, 403: problem.Blocked, 400: problem.Blocked, 511: problem.Blocked,
		429: problem.RateLimited, 502: problem.Network, 503: problem.Network, 504: problem.Network,
	} {
		wantCode(t, fmt.Sprint(status), &nairi.Error{Kind: nairi.Proxy, Status: status}, code)
	}
}

// What to do about an error depends on more than its code.
func TestErrorsHaveHintsOfTheirOwn(t *testing.T) {
	t.Parallel()
	for hint, err := range map[string]error{
		problem.HintRefused:             refused(400, "value is too long"),
		problem.BadInput.Hint():         plan.ErrMismatch,
		problem.HintCredentials:         &nairi.Error{Kind: nairi.Proxy, Status: 407},
		problem.HintProxy:               &nairi.Error{Kind: nairi.Proxy, Status: 502},
		problem.HintClock:               &nairi.Error{Kind: nairi.Certificate, OutOfDate: true},
		problem.TLS.Hint():              &nairi.Error{Kind: nairi.Certificate},
		problem.Unauthorized.Hint():     refused(401, "no"),
		problem.Conflict.Hint():         plan.ErrConflict,
		problem.NotBegun.Hint():         fmt.Errorf("%w: %w", apply.ErrNotBegun, apply.ErrVaultIncomplete),
		problem.HintOldName:             fmt.Errorf("%w: %w: NEW has other hosts by now", apply.ErrNotBegun, apply.ErrOldName),
		problem.WrongKeyKind.Hint():     problem.List{{Code: problem.WrongKeyKind, Input: "api_key", Text: "is an agent's"}},
		problem.TooManyDeletes.Hint():   plan.ErrTooManyDeletes,
		problem.AmbiguousName.Hint():    plan.ErrAmbiguous,
		problem.VaultNotFound.Hint():    &nairi.Error{Kind: nairi.Refused, Status: 404},
		problem.SecretNotFound.Hint():   refused(404, "no"),
		problem.UnexpectedAnswer.Hint(): &nairi.Error{Kind: nairi.Unexpected},
	} {
		_, ofSecret := failureOf(of(apply.Fail(plan.Change{}, err)))
		_, ofRun := failureOf(ended(plan.Desired{}, err))
		if ofSecret != hint || ofRun != hint {
			t.Errorf("%v: %q and %q, want %q", err, ofSecret, ofRun, hint)
		}
	}
	_, unknown := failureOf(of(apply.Lost(creation, &nairi.Error{Kind: nairi.Refused, Status: 502, OutcomeUnknown: true})))
	if unknown != problem.UnknownState.Hint() {
		t.Errorf("of what is not known: %q", unknown)
	}
	many := manifest(named("A", apply.Fail(rotation, refused(400, "no"))), named("B", apply.Fail(rotation, refused(401, ""))))
	if _, hint := failureOf(many); hint != problem.HintRefused {
		t.Errorf("of many: %q", hint)
	}
}

func TestEachErrorOfThisProgramHasItsCode(t *testing.T) {
	t.Parallel()
	missing := problem.Problem{Input: "vault_id", Text: "is missing"}
	agentKey := problem.Problem{Code: problem.WrongKeyKind, Input: "api_key", Text: "is an agent's"}
	for code, errs := range map[problem.Code][]error{
		problem.SecretNotFound: {plan.ErrNotFound},
		problem.AlreadyExists:  {plan.ErrExists},
		problem.AmbiguousName:  {plan.ErrAmbiguous},
		problem.BadInput:       {plan.ErrMismatch, plan.ErrRename, problem.List{missing}, problem.List{missing, agentKey}},
		problem.Conflict:       {plan.ErrConflict, planned(plan.Desired{SecretID: secretID, IfUpdatedAt: &createdAt}).Err},
		problem.WrongKeyKind:   {problem.List{agentKey}},
		problem.TooManyDeletes: {plan.ErrTooManyDeletes},
		problem.WiderDomains:   {plan.ErrWidens},
		problem.NotBegun: {
			fmt.Errorf("%w: %w", apply.ErrNotBegun, apply.ErrVaultIncomplete),
			fmt.Errorf("%w: %w: %w", apply.ErrNotBegun, apply.ErrOldName, refused(401, "")),
		},
		problem.Cancelled:     {context.Canceled},
		problem.Timeout:       {context.DeadlineExceeded, fmt.Errorf("%w: %w", apply.ErrNotBegun, context.DeadlineExceeded)},
		problem.Unauthorized:  {fmt.Errorf("%w: %w", apply.ErrNotBegun, refused(401, ""))},
		problem.InternalError: {errors.New("some"), mistaken},
	} {
		for _, err := range errs {
			wantCode(t, err.Error(), err, code)
		}
	}
}
