package action

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/nairi-community/vault-secret/internal/event"
	"github.com/nairi-community/vault-secret/internal/github"
	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/network"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
)

// commentTime is how long a comment may take. It has a time of its own, so that a
// run that used all of its own can still say so.
const commentTime = time.Minute

// comment shows the plan on the pull request that the run is for, if that was
// asked for, or that there is none: whatever went wrong, an earlier plan must not
// stay there as if it were of the present. A run that carries out a plan, for the commit of a
// pull request that was merged, says there what it did. It is a courtesy: one that cannot be
// made is a warning.
func (s *step) comment(ctx context.Context) {
	if !s.config.CommentPR || s.config.GitHubToken.IsZero() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, commentTime)
	defer cancel()
	pr, err := s.event.PullRequest(s.config.PullRequest)
	merged := errors.Is(err, event.ErrNoPullRequest)
	if err == nil || merged && s.report.About.Applies {
		err = s.commentOn(ctx, pr, merged)
	}
	var outdated *github.Outdated
	switch {
	case errors.Is(err, event.ErrNoPullRequest):
		s.console.Print("No comment: this run is not for a pull request.")
	case errors.As(err, &outdated) && s.config.PullRequest == 0:
		s.console.Print("No comment: " + s.console.Clean(err.Error()) + ".")
	case err != nil:
		s.console.Warn("The plan could not be posted to the pull request: " + problem.Sentence(s.console.Clean(err.Error())))
	}
}

func (s *step) commentOn(ctx context.Context, pr event.PullRequest, merged bool) error {
	client, err := s.gitHub(nil)
	if err != nil {
		return err
	}
	if merged {
		owner, repo, _ := s.event.Repository()
		pr, err = client.Merged(ctx, event.PullRequest{Owner: owner, Repo: repo, Number: 1, Head: s.event.Commit()})
	}
	if err != nil {
		return err
	}
	comment := github.Comment{
		Key: s.commentKey(), Run: s.run(), Body: s.console.CleanText(s.report.Comment()), Empty: !s.report.HasNews(), Merged: merged,
		Over: func(earlier, commit, plan string) string {
			return s.console.CleanText(s.report.Over(earlier, commit, plan))
		},
	}
	if !merged {
		comment.Plan = s.report.PlanMark()
	}
	return client.Comment(ctx, pr, comment)
}

// gitHub is a client of the API that the runner names. What it has on its way ends with the
// run or, if abandon is not nil, as that says.
func (s *step) gitHub(abandon <-chan struct{}) (*github.Client, error) {
	apiURL := s.Env.Get("GITHUB_API_URL")
	return github.NewClient(github.Options{
		APIURL: apiURL, ServerURL: s.Env.Get("GITHUB_SERVER_URL"),
		Token: s.config.GitHubToken, Transport: s.transport(github.Host(apiURL)),
		Timeout: s.config.RequestTimeout, Abandon: abandon, Version: s.Version, Notify: s.tellRetry, Now: s.Now, Random: s.Jitter,
	})
}

// commentKey tells the comments of the manifests of a pull request apart, and those of one
// file for several vaults. The job that plans and the one that applies have one comment; a
// text that is in no file is told apart from others by its job alone.
func (s *step) commentKey() string {
	job := ""
	if s.manifest == input.InlineName {
		job = s.Env.Get("GITHUB_JOB")
	}
	return strings.Join([]string{
		s.manifest, s.Env.Get("VAULT_ID"), s.config.Rules.Shard.String(), s.Env.Get("GITHUB_WORKFLOW"), job,
	}, "\n")
}

// run is this run as the runner numbers it.
func (s *step) run() github.Run {
	return github.ParseRun(s.Env.Get("GITHUB_RUN_ID"), s.Env.Get("GITHUB_RUN_ATTEMPT"))
}

// about says what the comment, the summary and the issue are made of. The name of a
// manifest that could not be read may be a secret in the wrong place.
func (s *step) about() report.About {
	owner, repo, known := s.event.Repository()
	about := report.About{Commit: s.event.Commit(), Version: s.Version, Applies: s.config.Operation == plan.OpSync && !s.config.Rules.DryRun}
	if shard := s.config.Rules.Shard; shard.Count > 1 {
		about.Shard = shard.String()
	}
	if known {
		about.RepositoryURL = s.repositoryURL(owner, repo)
	}
	if s.report.ReadFrom(s.manifest) {
		about.Manifest = s.manifest
	}
	if run := s.run(); run != (github.Run{}) {
		about.Run = strconv.FormatInt(run.ID, 10)
	}
	return about
}

// repositoryURL is the page of the repository on GitHub, and "" elsewhere: the
// pages of runs are numbered by other numbers on Forgejo and on Gitea before 1.26.
func (s *step) repositoryURL(owner, repo string) string {
	server, err := network.ParseURL(s.Env.Get("GITHUB_SERVER_URL"), "https://github.com")
	if err != nil || s.Env.IsTrue("GITEA_ACTIONS") || s.Env.IsTrue("FORGEJO_ACTIONS") {
		return ""
	}
	address := server.JoinPath(owner, repo).String()
	if strings.ContainsAny(address, "()[]") { // which would end a link
		return ""
	}
	return address
}
