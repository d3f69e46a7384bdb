package main

import (
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/report"
)

// crashAt makes the program crash over the request that is of one kind, with the
// value in the message.
func (s *stage) crashAt(write bool) {
	s.transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		if (string(body) != "{}") == write {
			panic("no such thing as " + string(body) + r.Header.Get("Authorization") + value)
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		return http.DefaultTransport.RoundTrip(r)
	})
}

// A mistake in the program before a write is a failure.
func TestCrashBeforeTheWrite(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.crashAt(false)
	got := s.step(inputs{"secret_id": tokenID, "value": value})
	if got.code != report.ExitFailed || got.outputs["result"] != "failed" || got.outputs["changed"] != "false" {
		t.Errorf("exit code %d, %v", got.code, got.outputs)
	}
	got.says(t, "a mistake in this program: no such thing as ")
}

// One after a write has begun leaves in doubt what was done.
func TestCrashInTheWrite(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.crashAt(true)
	got := s.step(inputs{"secret_id": tokenID, "value": value})
	if got.code != report.ExitUnknown || got.outputs["result"] != "unknown" || got.outputs["changed"] != "true" {
		t.Errorf("exit code %d, %v", got.code, got.outputs)
	}
	got.says(t, "a mistake in this program: no such thing as ")
	if !strings.Contains(got.log, "crash_test.go") {
		t.Errorf("the log does not say where: %s", got.log)
	}
}

// A mistake while the inputs are read is one before anything was sent.
func TestCrashInTheInputs(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.crashOn = "INPUT_TRIM"
	got := s.step(inputs{"secret_id": tokenID, "value": value})
	if got.code != report.ExitFailed || len(got.requests) > 0 {
		t.Errorf("exit code %d, requests %q", got.code, got.requests)
	}
}

// A change whose outputs are lost is done, but later steps do not know.
func TestOutputsThatAreLost(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("/dev/full is Linux's")
	}
	s := newStage(t)
	s.env["GITHUB_OUTPUT"] = "/dev/full"
	got := s.step(inputs{"secret_id": tokenID, "value": value})
	if got.code != report.ExitUnknown {
		t.Errorf("exit code %d", got.code)
	}
	if d := gocmp.Diff([]string{rotated}, s.stored()); d != "" {
		t.Error(d)
	}
	if !strings.Contains(got.log, "updated: TOKEN") || !strings.Contains(got.log, "GITHUB_OUTPUT") {
		t.Errorf("the log does not tell: %s", got.log)
	}
	bad := s.step(inputs{"secret_id": tokenID, "value": ""})
	if bad.code != report.ExitBadInput {
		t.Errorf("exit code %d of a step that sent nothing", bad.code)
	}
}

// A mistake in one of the requests of a sync leaves that secret in doubt, and
// what is known of the others is said.
func TestCrashInOneOfMany(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.crashAt(true)
	with := s.syncs("TOKEN: {env: A, allowed_domains: [api.example.com]}", "GONE: {absent: true}")
	with["env_json"] = `{"A": "` + value + `"}`
	s.transport = listed{s.transport}
	got := s.step(with)
	if got.code != report.ExitUnknown || got.outputs["result"] != "unknown" || got.outputs["failed_count"] != "1" || got.outputs["unchanged_count"] != "1" {
		t.Errorf("exit code %d, %v", got.code, got.outputs)
	}
	if !strings.Contains(got.log, "unknown (unknown_state): TOKEN: a mistake in this program: no such thing as ") {
		t.Error(got.log)
	}
}

// listed lets lists through.
type listed struct{ http.RoundTripper }

func (l listed) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodGet {
		return http.DefaultTransport.RoundTrip(r)
	}
	return l.RoundTripper.RoundTrip(r)
}

// One in the look of a sync is before any write.
func TestCrashInTheLookOfASync(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.transport = roundTrip(func(*http.Request) (*http.Response, error) { panic("no " + s.Key) })
	got := s.step(s.syncs("TOKEN: {allowed_domains: [api.example.com]}"))
	if got.code != report.ExitFailed || got.outputs["result"] != "failed" || got.outputs["error_code"] != "internal_error" {
		t.Errorf("exit code %d, %v", got.code, got.outputs)
	}
}
