package action

import (
	"context"
	"html"
	"io"
	"net/http"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
)

// A GitHub that hangs must not keep the outputs of a write that is done: they and
// the summary are written before the first request about the comment.
func TestOutputsAreWrittenBeforeTheComment(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.onPullRequest()
	dir := t.TempDir()
	s.env["GITHUB_OUTPUT"], s.env["GITHUB_STEP_SUMMARY"] = filepath.Join(dir, "output"), filepath.Join(dir, "summary")
	asked := 0
	s.transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		if strings.Contains(r.URL.Path, "/repos/") {
			asked++
			if !strings.Contains(string(contents(s.env["GITHUB_OUTPUT"])), "\nupdated\n") || len(contents(s.env["GITHUB_STEP_SUMMARY"])) == 0 {
				t.Error("the comment is begun, and the outputs or the summary are not written")
			}
		}
		return http.DefaultTransport.RoundTrip(r)
	})
	with := s.syncs("TOKEN: {allowed_domains: [db.example.com]}")
	if got := s.step(with); got.code != 0 || asked == 0 {
		t.Errorf("exit code %d, %d requests to GitHub", got.code, asked)
	}
}

// A sync that used up its time can still say so on the pull request.
func TestTheCommentHasATimeOfItsOwn(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	server := s.onPullRequest()
	s.Set(func(o *nairitest.Options) { o.Script = nairitest.Script(t, "always*list:delay=1m") })
	with := s.syncs("TOKEN: {allowed_domains: [db.example.com]}")
	with["timeout"] = "1s"
	got := s.step(with)
	if got.outputs["error_code"] != string(problem.Timeout) {
		t.Errorf("exit code %d, outputs %v", got.code, got.outputs)
	}
	commented(t, server, []string{"timeout"}, nil)
}

// An event that cannot be read is no run without a pull request.
func TestAnEventThatCannotBeReadIsSaid(t *testing.T) {
	t.Parallel()
	for name, event := range map[string]string{
		"not there": "", "not JSON": "{", "two of them": `{"pull_request": {"number": 7}} {}`, "too large": strings.Repeat(" ", 25<<20+1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			server := s.onPullRequest()
			s.env["GITHUB_EVENT_PATH"] = filepath.Join(t.TempDir(), "event.json")
			if event != "" {
				s.env["GITHUB_EVENT_PATH"] = file(t, event)
			}
			with := s.syncs("TOKEN: {allowed_domains: [db.example.com]}")
			got := s.step(with)
			if got.code != 0 || len(server.Requests()) > 0 || strings.Contains(got.log, "there is no pull request") {
				t.Errorf("exit code %d: %s", got.code, got.log)
			}
			for _, want := range []string{"The plan could not be posted to the pull request: GITHUB_EVENT_PATH names ", "The event of this run was not fully searched for the values: GITHUB_EVENT_PATH names "} {
				if !strings.Contains(got.log, want) {
					t.Errorf("%q is not in the log: %s", want, got.log)
				}
			}
		})
	}
}

// full is a device that has no room.
func full(t *testing.T) string {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("/dev/full is Linux's")
	}
	return "/dev/full"
}

// Exit code 3 means that something was written. Outputs that cannot be written
// after nothing was are a failure.
func TestLostOutputsOfADryRunAreAFailure(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.env["GITHUB_OUTPUT"] = full(t)
	got := s.step(inputs{"secret_id": tokenID, "value": value, "dry_run": "true"})
	if got.code != report.ExitFailed || !strings.Contains(got.log, "Dry run: TOKEN would be updated.") {
		t.Errorf("exit code %d: %s", got.code, got.log)
	}
}

// Each file that could not be written is named.
func TestEveryLostFileIsNamed(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.env["GITHUB_OUTPUT"], s.env["DRONE_OUTPUT"] = full(t), full(t)
	got := s.step(inputs{"secret_id": tokenID, "value": value, "output_file": full(t)})
	if got.code != report.ExitUnknown {
		t.Errorf("exit code %d", got.code)
	}
	for _, name := range []string{"GITHUB_OUTPUT", "DRONE_OUTPUT", "output_file"} {
		if !strings.Contains(got.log, "The outputs cannot be written to the file that "+name+" names") {
			t.Errorf("%s is not named: %s", name, got.log)
		}
		if !strings.Contains(html.UnescapeString(got.summary), "the file that "+name+" names") {
			t.Errorf("%s is not named in the summary: %s", name, got.summary)
		}
	}
}

// A run that was cancelled ends as one, whatever became of its outputs.
func TestLostOutputsOfACancelledRunChangeNoExitCode(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.env["GITHUB_OUTPUT"] = full(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := s.stepIn(ctx, inputs{"secret_id": tokenID, "value": value}); got.code != report.ExitCancelled {
		t.Errorf("exit code %d", got.code)
	}
}

// Everything secret that is read is masked, whatever else is wrong.
func TestSecretsAreMaskedWhateverTheOperation(t *testing.T) {
	t.Parallel()
	for _, operation := range []string{"sinc", "sync", "set", "delete", ""} {
		t.Run("operation "+operation, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			log := &fragile{}
			s.stdout, s.anyAnnotation = log, true
			s.step(inputs{
				"operation": operation, "secret_id": tokenID, "value": value,
				"env_json": `{"A": "zebra-battery-staple"}`, "github_token": "ghs_of-nobody-at-all",
			})
			for i, secret := range []string{value, "zebra-battery-staple", "ghs_of-nobody-at-all", s.Key} {
				if !strings.Contains(string(log.text), "::add-mask::"+strings.ReplaceAll(secret, "%", "%25")+"\n") {
					t.Errorf("secret %d is not masked", i)
				}
			}
		})
	}
}

// A file that never ends is left when the time of the run is over.
func TestReadingAValueTakesTheTimeOfTheRun(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ended := make(chan struct{})
	defer close(ended)
	s.open = func(string) (io.ReadCloser, error) { <-ended; return nil, io.EOF }
	began := time.Now()
	got := s.step(inputs{"secret_id": tokenID, "value_file": "endless", "timeout": "1s"})
	if got.outputs["error_code"] != string(problem.Timeout) || len(got.requests) > 0 || time.Since(began) > patience {
		t.Errorf("after %v: exit code %d, outputs %v", time.Since(began), got.code, got.outputs)
	}
}
