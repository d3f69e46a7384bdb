package action

import (
	"bytes"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
)

// roundTrip is a network in a test.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// crashAt makes the program crash over the requests that write, or over those that
// look, with the value in the message.
func (s *stage) crashAt(write bool) {
	s.transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		var body []byte
		if r.Body != nil {
			body, _ = io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
		}
		if writes(r, string(body)) == write {
			panic("no such thing as " + string(body) + r.Header.Get("Authorization") + value)
		}
		return http.DefaultTransport.RoundTrip(r)
	})
}

const crashed = " bug in vault-secret: no such thing as "

func TestACrashBeforeTheWriteIsAFailure(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.crashAt(false)
	one := s.step(checked)
	one.ends(t, report.ExitFailed, "failed", problem.InternalError)
	one.says(t, crashed)
	with := s.syncs("TOKEN: {env: A, allowed_domains: [api.example.com]}")
	with["env_json"] = `{"A": "` + value + `"}`
	many := s.step(with)
	many.ends(t, report.ExitFailed, "failed", problem.InternalError)
}

// What was done is in doubt once a write has begun.
func TestACrashInTheWriteLeavesItUnknown(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.crashAt(true)
	got := s.step(rotation)
	got.ends(t, report.ExitUnknown, "unknown", problem.UnknownState)
	got.says(t, crashed)
	if !strings.Contains(got.log, "crash_test.go") {
		t.Errorf("the log does not say where: %s", got.log)
	}
}

// A mistake in one of the requests of a sync leaves that secret in doubt, and
// what is known of the others is said.
func TestACrashInOneOfManyLeavesTheOthersKnown(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.crashAt(true)
	with := s.syncs("TOKEN: {env: A, allowed_domains: [api.example.com]}", "GONE: {absent: true}")
	with["env_json"] = `{"A": "` + value + `"}`
	got := s.step(with)
	got.ends(t, report.ExitUnknown, "unknown", problem.UnknownState)
	if got.outputs["failed_count"] != "1" || got.outputs["unchanged_count"] != "1" || !strings.Contains(got.log, "TOKEN may or may not have been updated: a"+crashed) {
		t.Errorf("outputs %v: %s", got.outputs, got.log)
	}
}

// A mistake while the inputs are read is one before anything was sent.
func TestACrashInTheInputsSendsNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.crashOn = "INPUT_TRIM"
	got := s.step(rotation)
	if got.code != report.ExitFailed || len(got.requests) > 0 {
		t.Errorf("exit code %d, requests %q", got.code, got.requests)
	}
}

// A change whose outputs are lost is done, but later steps do not know.
func TestOutputsThatAreLostAreAFailureOfTheirOwn(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("/dev/full is Linux's")
	}
	s := newStage(t)
	s.env["GITHUB_OUTPUT"] = "/dev/full"
	got := s.step(rotation)
	same(t, "exit code", report.ExitUnknown, got.code)
	same(t, "the vault", []string{rotated}, s.stored())
	if !strings.Contains(got.log, "Updated TOKEN") || !strings.Contains(got.log, "GITHUB_OUTPUT") {
		t.Errorf("the log does not tell: %s", got.log)
	}
	bad := s.step(inputs{"secret_id": tokenID, "value": ""})
	same(t, "exit code of a step that sent nothing", report.ExitBadInput, bad.code)
}
