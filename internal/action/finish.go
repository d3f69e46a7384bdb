package action

import (
	"context"
	"errors"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ci"
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
	unset := s.part("the generated value is missing", s.endHandover)
	unkept := s.part("the results file is missing", func() error { return s.files.WriteResults(s.report.AllResults) })
	_ = s.part("the summary of this step is missing", func() error { s.files.WriteSummary(s.report.Summary()); return nil })
	code := report.ExitFailed
	_ = s.part("the result cannot be told", func() error { code = s.tell(unwritten, unset, unkept); return nil })
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
		s.console.Warn("the output " + name + s.words(" contains the secret or a form of it, and is hidden: later steps see ***"))
	}
	if s.Command != nil && s.Command.JSON {
		s.console.Object(s.report.Object())
	}
	return s.files.Write(s.report.Outputs(), s.report.Variables())
}

// tell prints what became of the run, and returns the exit code. Outputs, a file of
// results or a result of a command line that could not be written are a failure of their
// own if there is no other.
func (s *step) tell(unwritten, unset, unkept error) int {
	ending := s.report.Ending()
	s.console.Result(ending.Results...)
	s.console.Print(ending.Notes...)
	s.console.Error(ending.Problems...)
	code := s.report.ExitCode()
	text, hint := s.report.Failure()
	if lost := errors.Join(unwritten, unset, unkept, s.lost()); lost != nil {
		said := s.words(strings.ReplaceAll(lost.Error(), "\n", "; "))
		if text != "" {
			s.console.Error(said)
		} else {
			text, hint = said, s.missing(unwritten, unset)
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

// lost is what became of the result of a command line that could not be printed. Whoever
// stops reading lines has what they want; a program that did not read of what was changed
// has not.
func (s *step) lost() error {
	if s.Command == nil {
		return nil
	}
	err, needed := s.console.Lost(), s.Command.JSON && s.report.Changed()
	if errors.Is(err, ci.ErrGone) && !needed {
		return nil
	}
	return err
}

// missing is what to do without outputs or a result.
func (s *step) missing(unwritten, unset error) string {
	switch {
	case s.Command != nil && s.report.Changed():
		return "what was to be done is done; look at it with vault-secret list"
	case s.Command != nil:
		return "nothing was changed; run it again where there is room for what it prints"
	case unset != nil && s.config.GeneratedFile != "":
		return "the vault has the new value, and later steps have it in the file that generated_file names alone"
	case unset != nil:
		return "the vault has the new value, and later steps do not; run it again for another one"
	case unwritten == nil:
		return "what was done is in the log; later steps have no results file"
	}
	return "what was done is in the log; later steps have no outputs"
}
