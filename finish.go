package main

import (
	"cmp"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/report"
)

// reported is a run in the words of internal/report.
type reported interface {
	Outputs() []ci.Output
	Variables() []ci.Output
	Summary() string
	Text() []string
	Failure() (text, hint string)
	ExitCode() int
}

// single is what there is to say of a result.
func (s *step) single(result apply.Result) reported {
	return report.Report{VaultID: s.config.VaultID, Result: result, Redact: s.console.Redact}
}

// failed is a run that came to no plan.
func (s *step) failed(err error) reported {
	if s.config.Sync != nil {
		return report.Sync{Err: err, Redact: s.console.Redact}
	}
	return s.single(apply.Fail(plan.Change{Want: s.config.Want}, err))
}

// crashed is a run that a mistake in this program ended. Until the secrets are
// masked, the message of a panic may hold one and stays unsaid.
func (s *step) crashed(cause any) reported {
	err := errors.New("a mistake in this program")
	if s.masked {
		s.console.Print(strings.Split(string(debug.Stack()), "\n")...)
		err = fmt.Errorf("%w: %v", err, cause)
	}
	begun := s.begun.Load()
	switch {
	case s.config.Sync != nil:
		return report.Sync{Err: err, Lost: begun != nil, Redact: s.console.Redact}
	case begun != nil:
		return s.single(apply.Lost(*begun, err))
	}
	return s.failed(err)
}

// finish hands on what is known, outputs first, and returns the exit code.
func (s *step) finish(r reported) int {
	code := r.ExitCode()
	if s.cancelled() != nil {
		code = report.ExitCancelled
	}
	err := cmp.Or(s.files.WriteOutputs(r.Outputs()), s.files.WriteVariables(r.Variables()))
	s.files.WriteSummary(r.Summary())
	s.console.Print(r.Text()...)
	text, hint := r.Failure()
	switch {
	case err != nil && text == "":
		text, hint, code = err.Error(), "what was done is in the log; later steps have no outputs", report.ExitUnknown
	case err != nil:
		s.console.Print(err.Error())
	}
	if text != "" {
		s.console.Fail(text, hint)
	}
	return code
}
