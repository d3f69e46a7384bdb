package action

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/report"
)

// fragile is a writer that panics, once, over a line that holds a text.
type fragile struct {
	text []byte
	at   string
}

func (f *fragile) Write(p []byte) (int, error) {
	if f.at != "" && bytes.Contains(p, []byte(f.at)) {
		f.at = ""
		panic("no line like " + string(p))
	}
	f.text = append(f.text, p...)
	return len(p), nil
}

func (f *fragile) Bytes() []byte { return f.text }

// A mistake in telling of one secret ends no goroutine with the program: the
// others are written, and what is known of each is in the outputs.
func TestAMistakeInTellingOfASecretLosesNoResult(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	with := s.syncsFifty()
	s.stdout = &fragile{at: "Created S07"}
	got := s.step(with)
	if got.code != report.ExitUnknown || got.outputs["result"] != "partial" || got.outputs["error_code"] != "internal_error" {
		t.Errorf("exit code %d, outputs %v", got.code, got.outputs)
	}
	if got.outputs["created_count"] != "50" || len(resultsIn(t, got.outputs["results"])) != 50 || len(s.stored()) != 51 {
		t.Errorf("outputs %v", got.outputs)
	}
	if !strings.Contains(got.log, "mistake_test.go") {
		t.Errorf("the log does not say where: %s", got.log)
	}
}

// A mistake in the summary is told, and takes nothing with it. The outputs are
// written once.
func TestAMistakeInTheSummaryIsAWarning(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.crashOn = "GITHUB_STEP_SUMMARY" // which is asked for when it is written
	got := s.step(inputs{"secret_id": tokenID, "value": value})
	if got.code != report.ExitDone || got.outputs["result"] != "updated" {
		t.Errorf("exit code %d, outputs %v", got.code, got.outputs)
	}
	for _, want := range []string{
		"::warning title=vault-secret::The summary of this step could not be written: a bug in vault-secret: no ***.",
		"mistake_test.go", "Updated TOKEN",
	} {
		if !strings.Contains(got.log, want) {
			t.Errorf("%q is not in the log: %s", want, got.log)
		}
	}
}

// Before anything is masked the message of a panic may hold a secret: it is not
// said, whatever the program was about to find out.
func TestAMistakeBeforeTheMasksShowsNothing(t *testing.T) {
	t.Parallel()
	for _, variable := range []string{
		"GITHUB_ACTIONS", "ACT", "GITHUB_OUTPUT", "DRONE_OUTPUT", "INPUT_OPERATION", "GITHUB_EVENT_PATH", "HTTPS_PROXY",
	} {
		t.Run(variable, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.crashOn, s.anyAnnotation = variable, true
			got := s.step(inputs{"secret_id": tokenID, "value": value})
			if got.code != report.ExitFailed || len(got.requests) > 0 {
				t.Errorf("exit code %d, requests %q", got.code, got.requests)
			}
			if !strings.Contains(got.log, "A bug in vault-secret.") || strings.Contains(got.log, "goroutine") {
				t.Errorf("log %s", got.log)
			}
			if result := got.outputs["result"]; result != "failed" && !strings.Contains(got.log, "\nresult=failed\n") {
				t.Errorf("no outputs: %s", got.log)
			}
		})
	}
}

// Of many, the log has the stack of the one that met the mistake.
func TestAMistakeInOneOfManyKeepsItsStack(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodPost {
			panic("no create")
		}
		return http.DefaultTransport.RoundTrip(r)
	})
	with := s.syncs("TOKEN: {allowed_domains: [db.example.com]}", "NEW: {env: A, any_domain: true}")
	with["env_json"] = `{"A": "` + value + `"}`
	got := s.step(with)
	if got.code != report.ExitUnknown || got.outputs["updated_count"] != "1" || got.outputs["failed_count"] != "1" {
		t.Errorf("exit code %d, outputs %v", got.code, got.outputs)
	}
	if !strings.Contains(got.log, "mistake_test.go") {
		t.Errorf("the log does not say where: %s", got.log)
	}
}
