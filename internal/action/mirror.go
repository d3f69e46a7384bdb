package action

import (
	"context"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/input"
)

// lookAtMirrors finds out what the mirrors have, before anything is planned: a token that
// may not write there is refused before anything is changed. In a dry run that is a
// warning, since the token of a pull request may not even look.
func (s *step) lookAtMirrors(ctx context.Context, abandon <-chan struct{}) error {
	switch {
	case !input.Mirrors(s.config.Vaults):
		return nil
	case s.config.GitHubToken.IsZero(): // which only a dry run may lack
		s.console.Print(s.words("The mirrors were not looked at: there is no github_token."))
		return nil
	}
	client, err := s.gitHub(abandon)
	if err != nil {
		err = &apply.MirrorLookError{Errs: []error{err}}
	} else {
		s.mirrors = client.Secrets(s.Random)
		err = apply.LookAtMirrors(ctx, s.mirrors, s.config.Vaults, s.config.Rules)
	}
	if err == nil || !s.config.Rules.DryRun || apply.Ended(ctx) != nil {
		return err
	}
	s.stack(err)
	s.warn(s.report.UnseenMirrors(err))
	return nil
}

// mirror writes the values to the mirrors of what the vaults have by now.
func (s *step) mirror(ctx context.Context) {
	if s.mirrors == nil {
		return
	}
	if mistake := apply.Mirror(ctx, s.mirrors, s.report.Results, s.tellMirrors); mistake != nil && s.report.Err == nil {
		s.report.Err = mistake
	}
}

// tellMirrors tells what became of the mirrors of one change.
func (s *step) tellMirrors(result apply.Result) {
	for _, m := range result.Mirrors {
		s.stack(m.Err)
	}
	if !s.report.Manifest {
		return
	}
	show := s.console.Result
	if result.Err != nil {
		show = s.console.Error
	}
	show(s.report.MirrorLines(result)...)
}
