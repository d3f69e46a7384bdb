package action

import (
	"context"
	"errors"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
)

// crash notes a bug in this program that ended the run. Until the secrets are
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
	unwritten := s.part("The outputs of this step could not be written", s.outputs)
	unset := s.part("The generated value could not be handed on", s.endHandover)
	unkept := s.part("The results file could not be written", func() error { return s.files.WriteResults(s.report.AllResults) })
	_ = s.part("The summary of this step could not be written", func() error {
		s.report.About, s.report.Warned = s.about(), append(s.console.Warned(), s.lostWords(unwritten, unset, unkept)...)
		s.files.WriteSummary(s.report.Summary())
		return nil
	})
	code := report.ExitFailed
	_ = s.part("The result could not be shown", func() error { code = s.tell(unwritten, unset, unkept); return nil })
	if s.part("The issue could not be written", func() error { code = s.issue(ctx, code); return nil }) != nil {
		code = max(code, report.ExitFailed)
	}
	if ctx.Err() != nil {
		code = report.ExitCancelled
	}
	_ = s.part("The plan could not be posted to the pull request", func() error { s.comment(ctx); return nil })
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
	s.console.Warn(consequence + ": " + problem.Sentence(err.Error()))
	return err
}

func (s *step) outputs() error {
	for _, name := range s.report.Hidden() {
		s.console.Warn("The output " + name + s.words(" contains the value or an encoding of it. Later steps see ***."))
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
	code := s.report.ExitCode()
	failure, failed := s.report.Failure()
	for _, said := range s.lostWords(unwritten, unset, unkept, s.lost()) {
		if failed {
			s.console.Error(said)
		} else {
			failure, failed = problem.Failure{What: said, Hint: s.words(s.missing(unwritten, unset))}, true
			code = report.ExitFailed
			if s.report.Changed() {
				code = report.ExitUnknown
			}
		}
	}
	if failed {
		s.fail(failure)
	}
	return code
}

// lostWords say what could not be handed on, in one text; nil for nothing. The summary has
// it too: a step that failed has none that looks like success.
func (s *step) lostWords(errs ...error) []string {
	lost := errors.Join(errs...)
	if lost == nil {
		return nil
	}
	var sentences []string
	for line := range strings.Lines(lost.Error()) {
		sentences = append(sentences, problem.Spoken(s.words(strings.TrimSuffix(line, "\n"))))
	}
	return []string{strings.Join(sentences, " ")}
}

// fail tells of a failure: of its parts one by one, if it has any, and then of the whole.
// Of the one problem of a manifest that is its place, which the log of a platform with
// annotations has nowhere else.
func (s *step) fail(f problem.Failure) {
	faults := s.report.Faults()
	if len(faults) == 0 {
		s.console.Fail(f)
		return
	}
	for i := range faults {
		if _, known := input.Named(faults[i].Input); known {
			faults[i].Title = faults[i].Input
		}
	}
	s.console.Faults(faults, ci.WorkspaceOf(s.Env))
	var problems problem.List
	if errors.As(s.report.Err, &problems) && len(problems) == 1 {
		f.What, f.Hint = "", ""
		if faults[0].File != "" || faults[0].Line > 0 {
			f.What = "1 problem in " + faults[0].Position() + "; nothing was sent."
		}
	}
	s.console.Close(f)
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
		return "Everything was done. Run vault-secret list to see it."
	case s.Command != nil:
		return "Nothing was changed. Run it again where its output can be written."
	case unset != nil && s.config.GeneratedFile != "":
		return "The vault has the new value. Later steps have it only in the file that generated_file names."
	case unset != nil:
		return "The vault has the new value, and later steps do not. Run it again to make another one."
	case unwritten == nil:
		return "The log says what was done. Later steps have no results file."
	}
	return "The log says what was done. Later steps have no outputs."
}
