package action

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/github"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
)

// issue brings the issue about the manifest up to date, if that was asked for, and
// returns the exit code. A check that could not be made knows nothing, and leaves the
// issue as it is. One that found something and cannot say so where it was told to is a
// failure: on a schedule, nobody else would hear of it.
func (s *step) issue(ctx context.Context, code int) int {
	if !s.config.Issue || s.report.Check == nil || ctx.Err() != nil {
		return code
	}
	err := s.keepIssue(ctx)
	var outdated *github.Outdated
	switch {
	case err == nil:
		return code
	case errors.As(err, &outdated):
		s.console.Print("The issue is left alone: " + s.console.Clean(err.Error()) + ".")
		return code
	}
	text := "The issue could not be written: " + problem.Sentence(s.console.Clean(err.Error()))
	if code != report.ExitDone {
		s.console.Warn(text)
		return code
	}
	s.console.Fail(problem.Failure{
		What: text, Hint: s.words("Give the job permissions: issues: write, pass its token as github_token, and turn issues on in the settings of the repository."),
	})
	return report.ExitFailed
}

func (s *step) keepIssue(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, commentTime)
	defer cancel()
	client, err := s.gitHub(nil)
	if err != nil {
		return err
	}
	owner, repo, _ := s.event.Repository()
	text := s.report.Issue(s.report.About)
	return client.Issue(ctx, github.Repository{Owner: owner, Repo: repo}, github.Issue{
		Key: issueKey(s.manifest, s.config.Vaults), Run: s.run(), Off: text.Off, Title: s.console.CleanText(text.Title), Body: s.console.CleanText(text.Body),
		Footer: s.console.CleanText(text.Footer), Closing: s.console.CleanText(text.Closing),
	})
}

// issueKey tells apart the issues of a repository: by the manifest, and by the vaults of
// which that does not say the ID itself. One file may serve staging and production, and
// texts that are in no file all have one name: without the vaults, what a check of one
// finds would be closed by a check of another.
func issueKey(manifest string, vaults []plan.Vault) string {
	var ids []string
	for _, vault := range vaults {
		if vault.ByVariable || vault.Place.File == "" {
			ids = append(ids, string(vault.ID))
		}
	}
	slices.Sort(ids)
	return strings.Join(append([]string{manifest}, ids...), "\n")
}
