package action

import (
	"errors"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/generate"
	"github.com/nairi-community/vault-secret/internal/mask"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// openHandover opens what a generated value goes to beside the vault.
func (s *step) openHandover() (problems problem.List) {
	s.handover, problems = s.files.HandOver(ci.Wanted{
		File: s.config.GeneratedFile, Variable: s.config.GeneratedEnv, DryRun: s.config.Rules.DryRun,
	})
	return problems
}

// generate makes the values that changes need, masks them before anything else is done
// with them, and hands the one of a single secret over. It returns why it could not: then
// nothing was sent.
func (s *step) generate(changes []plan.Change) error {
	var made []secret.Value
	for i := range changes {
		if !changes[i].Generates() {
			continue
		}
		value, err := changes[i].Desired.Generate.Make(s.Random)
		if err != nil {
			return err
		}
		changes[i].Supply(value)
		made = append(made, value)
	}
	if len(made) == 0 {
		return nil
	}
	s.mask(made)
	if s.report.Manifest { // of which each value has one place
		return nil
	}
	return s.handover.Keep(made[0])
}

// mask masks values beside those that are masked already.
func (s *step) mask(values []secret.Value) {
	s.console.Mask(mask.OfAll(values, maskOptions(s.config)))
}

// generateOnly makes a value that no vault gets.
func (s *step) generateOnly() {
	spec := s.config.Generate
	s.report.Generated = &report.Generated{Spec: *spec, File: s.config.GeneratedFile, Variable: s.config.GeneratedEnv, Planned: s.config.Rules.DryRun}
	if s.config.Rules.DryRun {
		return
	}
	s.report.Err = s.makeOnly(spec)
}

func (s *step) makeOnly(spec *generate.Spec) error {
	value, err := spec.Make(s.Random)
	if err != nil {
		return err
	}
	s.mask([]secret.Value{value})
	if err := s.handover.Keep(value); err != nil {
		return err
	}
	if err := s.handover.Set(); err != nil {
		return problem.List{{
			Input: "generated_env", Text: err.Error(),
			Hint: "Nothing was sent, and nobody has the value. Make sure that this run can write to the file that GITHUB_ENV names.",
		}}
	}
	return nil
}

// endHandover hands the generated value on, unless nobody has it: what is known to have
// failed leaves no file. Of a mistake in this program it is not known what it came after.
func (s *step) endHandover() error {
	defer s.handover.Close()
	var mistake *problem.Panic
	outcome, _ := s.report.Outcome()
	if s.handover.IsIdle() || outcome == apply.Failed && !errors.As(s.report.Err, &mistake) {
		return s.handover.Drop()
	}
	if file := s.config.GeneratedFile; file != "" && (outcome == apply.Unknown || outcome == apply.Partial) {
		s.console.Print(s.report.KeptLine(file, s.handover.IsShort()))
	}
	return s.handover.Set()
}
