package action

import (
	"context"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// confirm asks whether to delete what the plan deletes, where somebody is there to answer.
// It returns why nothing is carried out; nil if it is.
func (s *step) confirm() error {
	question := s.report.DeleteQuestion()
	if question == "" || s.Terminal == nil || s.Command.Yes {
		return nil
	}
	var agrees bool
	s.time.asking(func(ctx context.Context) { agrees, _ = s.Terminal.Agrees(ctx, s.console.CleanLine(question)) })
	if err := apply.Ended(s.time.ctx); err != nil {
		return err
	}
	if !agrees {
		return plan.ErrDeclined
	}
	return nil
}

// leave carries nothing of the plan out, and says why.
func (s *step) leave(why error) {
	if s.report.Manifest {
		s.report.Results, s.report.Err = apply.Preview(s.report.Changes), why
		return
	}
	for _, change := range s.report.Changes {
		s.report.Results = append(s.report.Results, apply.Fail(change, why))
	}
}
