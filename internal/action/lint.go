package action

import (
	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// lint tells of the problems that there are with manifests. Each is an annotation where
// there are any; the log's last line has the number of them.
func (s *step) lint(problems problem.List) {
	s.console.Problems(problems, ci.WorkspaceOf(s.Env))
	if len(problems) > 0 {
		s.report.Err = problems
	}
}
