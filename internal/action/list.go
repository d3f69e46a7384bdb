package action

import (
	"context"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/report"
)

// list shows what the vaults hold. It reads, and writes nothing.
func (s *step) list(ctx context.Context, engine apply.Engine) {
	current, err := s.read(ctx, engine)
	if err != nil {
		s.report.Err = err
		return
	}
	s.report.Listed = report.NewListed(current, s.Now())
	s.report.Twins = plan.FindTwins(s.config.Vaults, current, nil)
	s.showListed()
	s.warn(s.report.ListWarnings())
}

// showListed shows the secrets: whole in a log, to people in tables, and to the next program
// of a pipe in columns. A runner may give a step a terminal, as act does: its log is none.
func (s *step) showListed() {
	switch {
	case s.Command == nil:
		s.console.ResultOf(s.report.ListTable(0)...)
	case s.Width == 0:
		s.console.Columns(s.report.ListColumns()...)
	default:
		s.console.ResultOf(s.report.ListTable(s.Width)...)
	}
}
