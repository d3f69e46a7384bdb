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
	s.open = func(string) (io.ReadCloser, error) { panic("no " + s.with["api_key"]) }
	got := s.step(inputs{"secret_id": tokenID, "value_file": "name"})
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
