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
		problem.RateLimited:      "429 429-foreign",
		problem.ServerError:      "500 502-foreign 503 599-foreign",
		problem.UnexpectedAnswer: "301 307 405 409 418",
	} {
		for _, text := range strings.Fields(refusals) {
			err := &nairi.Error{Kind: nairi.Refused, Secret: secretID, Foreign: strings.HasSuffix(text, "-foreign")}
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

func TestEachErrorOfThisProgramHasItsCode(t *testing.T) {
	t.Parallel()
	missing := problem.Problem{Input: "vault_id", Text: "is missing"}
	agentKey := problem.Problem{Code: problem.WrongKeyKind, Input: "api_key", Text: "is an agent's"}
	for code, errs := range map[problem.Code][]error{
		problem.SecretNotFound: {plan.ErrNotFound},
		problem.AlreadyExists:  {plan.ErrExists},
		problem.AmbiguousName:  {plan.ErrAmbiguous},
		problem.BadInput:       {plan.ErrMismatch, problem.List{missing}, problem.List{missing, agentKey}},
		problem.Conflict:       {plan.ErrConflict, planned(plan.Desired{SecretID: secretID, IfUpdatedAt: &createdAt}).Err},
		problem.WrongKeyKind:   {problem.List{agentKey}},
		problem.TooManyDeletes: {plan.ErrTooManyDeletes},
		problem.WiderDomains:   {plan.ErrWidens},
		problem.NotBegun:       {fmt.Errorf("%w: %w", apply.ErrNotBegun, apply.ErrVaultIncomplete)},
		problem.Cancelled:      {context.Canceled},
		problem.Timeout:        {context.DeadlineExceeded, fmt.Errorf("%w: %w", apply.ErrNotBegun, context.DeadlineExceeded)},
		problem.Unauthorized:   {fmt.Errorf("%w: %w", apply.ErrNotBegun, refused(401, ""))},
		problem.InternalError:  {errors.New("some"), mistaken},
	} {
		for _, err := range errs {
			wantCode(t, err.Error(), err, code)
		}
	}
}
