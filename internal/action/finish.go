package action

import (
	"context"
	"errors"
	"strings"

	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
)

// crash notes a mistake in this program that ended the run. Until the secrets are
// masked, the message of a panic may hold one and stays unsaid.
func (s *step) crash(mistake *problem.Panic) {
	if !s.masked {
		s.report.Err = mistake.Silent()
		return
	}
	s.report.Err = mistake
}

// finish hands on what is known and returns the exit code. The outputs come
// first, and what may hang or fail for others' reasons last. A mistake in one
// part takes no other with it.
func (s *step) finish(ctx context.Context) int {
	s.stack(s.report.Err)
	unwritten := s.part("the outputs are missing", s.outputs)
	unkept := s.part("the results file is missing", func() error { return s.files.WriteResults(s.report.AllResults) })
	_ = s.part("the summary of this step is missing", func() error { s.files.WriteSummary(s.report.Summary()); return nil })
	code := report.ExitFailed
	_ = s.part("the result cannot be told", func() error { code = s.tell(unwritten, unkept); return nil })
	if s.part("the issue could not be written", func() error { code = s.issue(ctx, code); return nil }) != nil {
		code = max(code, report.ExitFailed)
	}
	if ctx.Err() != nil {
		code = report.ExitCancelled
	}
	_ = s.part("the plan is not on the pull request", func() error { s.comment(ctx); return nil })
	return code
}

// part does one part of finish. A mistake in it is a warning, which begins with
// the consequence, and an error.
func (s *step) part(consequence string, do func() error) (err error) {
	mistake := problem.Recovered(func() { err = do() })
	if mistake == nil {
		return err
	}
	err = mistake
	if !s.masked {
		err = mistake.Silent()
	}
	s.stack(err)
	s.console.Warn(consequence + ": " + err.Error())
	return err
}

func (s *step) outputs() error {
	for _, name := range s.report.Hidden() {
		s.console.Warn("the output " + name + " contains the secret or a form of it, and is hidden: later steps see ***")
	}
	return s.files.Write(s.report.Outputs(), s.report.Variables())
}

// tell prints what became of the run, and returns the exit code. Outputs, or a file of
// results, that could not be written are a failure of their own if there is no other.
func (s *step) tell(unwritten, unkept error) int {
	s.console.Print(s.report.Text()...)
	code := s.report.ExitCode()
	text, hint := s.report.Failure()
	if lost := errors.Join(unwritten, unkept); lost != nil {
		said := strings.ReplaceAll(lost.Error(), "\n", "; ")
		if text != "" {
			s.console.Print(said)
		} else {
			text, hint = said, "what was done is in the log; later steps have no "+missing(unwritten)
			code = report.ExitFailed
			if s.report.Changed() {
				code = report.ExitUnknown
			}
		}
	}
	if text != "" {
		s.console.Fail(text, hint)
	}
	return code
}

// missing is what later steps do without.
func missing(unwritten error) string {
	if unwritten == nil {
		return "results file"
	}
	return "outputs"
}
