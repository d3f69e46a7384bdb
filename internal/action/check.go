package action

import (
	"context"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/drift"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/report"
)

// check compares the vaults with the manifest. It reads, and writes nothing.
func (s *step) check(ctx context.Context, engine apply.Engine) {
	current, err := s.read(ctx, engine)
	if err != nil {
		s.report.Err = err
		return
	}
	s.compare(current)
	s.console.Findings(s.report.FindingList(), ci.WorkspaceOf(s.Env))
}

// compare finds what is off, which is a failure unless the inputs say otherwise.
func (s *step) compare(current [][]nairi.Secret) {
	compared := drift.Compare(s.config.Vaults, current, s.Now())
	s.report.Check = &report.Check{Compared: compared, Findings: drift.Findings(compared)}
	s.report.Unmanaged = plan.FindUnmanaged(s.config.Vaults, current, plan.Rules{})
	if s.config.FailOnDrift {
		s.report.Err = drift.Verdict(s.report.Check.Findings)
	}
}
