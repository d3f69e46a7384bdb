package report_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/report"
)

func failed(err error) apply.Result { return apply.Fail(plan.Change{}, err) }

func TestCodeOfRequests(t *testing.T) {
	t.Parallel()
	status := func(code int) *nairi.Error {
		return &nairi.Error{Kind: nairi.Refused, Status: code, Secret: secretID}
	}
	foreign := func(code int) *nairi.Error {
		e := status(code)
		e.Foreign = true
		return e
	}
	ofVault := func(code int) *nairi.Error {
		e := status(code)
		e.Secret = ""
		return e
	}
	kind := func(k nairi.Kind) *nairi.Error { return &nairi.Error{Kind: k} }
	tests := []struct {
		err  *nairi.Error
		want report.Code
	}{
		{status(301), report.UnexpectedAnswer},
		{status(307), report.UnexpectedAnswer},
		{status(400), report.BadInput},
		{status(401), report.Unauthorized},
		{foreign(401), report.Unauthorized},
		{status(403), report.Unauthorized},
		{foreign(403), report.Blocked},
		{ofVault(404), report.VaultNotFound},
		{status(404), report.SecretNotFound},
		{status(405), report.UnexpectedAnswer},
		{status(408), report.Timeout},
		{status(409), report.UnexpectedAnswer},
		{status(413), report.BadInput},
		{status(418), report.UnexpectedAnswer},
		{status(422), report.BadInput},
		{status(429), report.RateLimited},
		{foreign(429), report.RateLimited},
		{status(500), report.ServerError},
		{foreign(502), report.ServerError},
		{status(503), report.ServerError},
		{foreign(599), report.ServerError},
		{kind(nairi.Unexpected), report.UnexpectedAnswer},
		{kind(nairi.Network), report.Network},
		{kind(nairi.Certificate), report.TLS},
		{kind(nairi.Handshake), report.TLS},
		{kind(nairi.Timeout), report.Timeout},
		{kind(nairi.Cancelled), report.Cancelled},
	}
	for _, tt := range tests {
		name := fmt.Sprintf("kind %d status %d foreign %t secret %q", tt.err.Kind, tt.err.Status, tt.err.Foreign, tt.err.Secret)
		if got := report.CodeOf(failed(tt.err)); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
		if got := report.CodeOf(failed(fmt.Errorf("while looking: %w", tt.err))); got != tt.want {
			t.Errorf("%s, wrapped: got %q, want %q", name, got, tt.want)
		}
	}
}

func TestCodeOfOwnErrors(t *testing.T) {
	t.Parallel()
	missing := input.Problem{Input: "vault_id", Text: "is missing"}
	agentKey := input.Problem{Input: "api_key", Text: "is an agent's", Cause: nairi.ErrAgentKey}
	lost := apply.Lost(plan.Change{}, refused(500, ""))
	tests := map[string]struct {
		result apply.Result
		want   report.Code
	}{
		"no error":                  {apply.Preview(rotation), ""},
		"not found":                 {failed(&plan.Error{Problem: plan.ErrNotFound}), report.SecretNotFound},
		"not found, no value":       {failed(&plan.Error{Problem: plan.ErrNotFound, Detail: "no value"}), report.SecretNotFound},
		"exists":                    {failed(&plan.Error{Problem: plan.ErrExists}), report.AlreadyExists},
		"ambiguous":                 {failed(&plan.Error{Problem: plan.ErrAmbiguous}), report.AmbiguousName},
		"mismatch":                  {failed(&plan.Error{Problem: plan.ErrMismatch}), report.BadInput},
		"another updated_at":        {failed(&plan.Error{Problem: plan.ErrConflict}), report.Conflict},
		"one bad input":             {failed(input.Problems{missing}), report.BadInput},
		"an agent's key":            {failed(input.Problems{agentKey}), report.WrongKeyKind},
		"an agent's key among bad":  {failed(input.Problems{missing, agentKey}), report.BadInput},
		"cancelled before it began": {failed(fmt.Errorf("nothing was sent: %w", context.Canceled)), report.Cancelled},
		"not known":                 {lost, report.UnknownState},
		"any other error":           {failed(errors.New("some")), report.InternalError},
	}
	for name, tt := range tests {
		if got := report.CodeOf(tt.result); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}

func TestEveryCodeHasAHint(t *testing.T) {
	t.Parallel()
	spelling := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	for _, code := range report.Codes {
		if !spelling.MatchString(string(code)) {
			t.Errorf("%q is not in snake case", code)
		}
		hint := report.Hint(code)
		if hint == "" || strings.ContainsAny(hint, "\r\n") || strings.HasSuffix(hint, ".") {
			t.Errorf("%s: the hint is not one line without a final period: %q", code, hint)
		}
	}
	if sorted := slices.Sorted(slices.Values(report.Codes)); len(slices.Compact(sorted)) != len(report.Codes) {
		t.Errorf("a code is listed twice: %v", report.Codes)
	}
	if hint := report.Hint("no_such_code"); hint != "" {
		t.Errorf("a code that does not exist has the hint %q", hint)
	}
}

func TestExitCode(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		result apply.Result
		want   int
	}{
		"created":                   {done(creation, apply.Created, stored()), 0},
		"updated":                   {done(rotation, apply.Updated, stored()), 0},
		"unchanged":                 {apply.Preview(keeping), 0},
		"deleted":                   {done(deletion, apply.Deleted, nil), 0},
		"absent":                    {apply.Preview(gone), 0},
		"planned":                   {apply.Preview(creation), 0},
		"failed at the server":      {failed(refused(401, "")), 1},
		"failed at the plan":        {failed(&plan.Error{Problem: plan.ErrMismatch}), 1},
		"failed by a mistake":       {failed(errors.New("some")), 1},
		"bad inputs":                {failed(input.Problems{{Input: "value"}}), 2},
		"unknown":                   {apply.Lost(rotation, errors.New("some")), 3},
		"unknown though well-meant": {apply.Lost(rotation, input.Problems{{Input: "value"}}), 3},
	}
	for name, tt := range tests {
		if got := report.ExitCode(tt.result); got != tt.want {
			t.Errorf("%s: got %d, want %d", name, got, tt.want)
		}
	}
}
