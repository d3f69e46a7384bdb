package action

import (
	"fmt"

	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/cli"
	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// refused is why a command line does nothing here; nil if it does. The runners of GitHub,
// Gitea and Forgejo read masks and outputs from an action, and a command line has none.
func refused(command *cli.Command, lookup env.Lookup) problem.List {
	if command == nil || ci.DialectOf(lookup) != ci.Expressions {
		return nil
	}
	return problem.List{{
		Text: "A job of GitHub, Gitea or Forgejo has no command line: only the action masks secrets in the log and hands outputs to later steps.",
		Hint: "Use the action in a step of its own, as the README shows.",
	}}
}

// refuse notes why nothing is done. The outputs are those of what was asked for all the
// same; a lint has none of its own, and would tell of each problem by itself.
func (s *step) refuse(why problem.List) {
	s.report.Err = why
	if operation := plan.Operation(s.Command.Flags[input.Operation]); operation != plan.OpLint {
		s.report.Operation, s.report.Manifest = operation, operation.IsOfManifest()
	}
}

// unprinted is a manifest that would go nowhere; nil for none. The object has no place for
// it, and a quiet command line prints no result.
func (s *step) unprinted() problem.List {
	const file = "export_file"
	if s.Command == nil || s.config.Operation != plan.OpExport || s.config.ExportFile != "" || s.Command.Flags[file] != "" {
		return nil
	}
	const nowhere = "is not set, and the manifest is not printed with %s. Name a file for it"
	switch {
	case s.Command.JSON:
		return problem.List{{Input: file, Text: fmt.Sprintf(nowhere, "--json")}}
	case s.Command.Quiet:
		return problem.List{{Input: file, Text: fmt.Sprintf(nowhere, "--quiet")}}
	}
	return nil
}
