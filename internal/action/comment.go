package action

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/nairi-community/vault-secret/internal/event"
	"github.com/nairi-community/vault-secret/internal/github"
	"github.com/nairi-community/vault-secret/internal/network"
	"github.com/nairi-community/vault-secret/internal/report"
)

// commentTime is how long a comment may take. It has a time of its own, so that a
// run that used all of its own can still say so.
const commentTime = time.Minute

// comment shows the plan on the pull request that the run is for, if that was
// asked for, or that there is none: whatever went wrong, an earlier plan must not
// stay there as if it were of the present. It is a courtesy: one that cannot be
// made is a warning.
func (s *step) comment(ctx context.Context) {
	if !s.config.CommentPR || s.config.GitHubToken.IsZero() {
		return
	}
	pr, err := s.event.PullRequest(s.config.PullRequest)
	if errors.Is(err, event.ErrNoPullRequest) {
		s.console.Print("No comment: this run is not for a pull request.")
		return
	}
	if err == nil {
		err = s.commentOn(ctx, pr)
	}
	var outdated *github.Outdated
	switch {
	case errors.As(err, &outdated) && s.config.PullRequest == 0:
		s.console.Print("No comment: " + s.console.Clean(err.Error()) + ".")
	case err != nil:
		s.console.Warn("the plan is not on the pull request: " + s.console.Clean(err.Error()))
	}
}

func (s *step) commentOn(ctx context.Context, pr event.PullRequest) error {
	ctx, cancel := context.WithTimeout(ctx, commentTime)
	defer cancel()
	client, err := s.gitHub(nil)
	if err != nil {
		return err
	}
	return client.Comment(ctx, pr, github.Comment{
		Key: s.commentKey(), Run: s.run(), Body: s.console.CleanText(s.report.Comment(s.about(pr))), Empty: !s.report.HasNews(),
	})
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

// commentKey tells the comments of the jobs and manifests of a pull request apart.
func (s *step) commentKey() string {
	return strings.Join([]string{
		s.manifest, s.config.Rules.Shard.String(), s.Env.Get("GITHUB_WORKFLOW"), s.Env.Get("GITHUB_JOB"),
	}, "\n")
}

// run is this run as the runner numbers it.
func (s *step) run() github.Run {
	return github.ParseRun(s.Env.Get("GITHUB_RUN_ID"), s.Env.Get("GITHUB_RUN_ATTEMPT"))
}

// about says what the comment is made of. The name of a manifest that could not be
// read may be a secret in the wrong place.
func (s *step) about(pr event.PullRequest) report.About {
	about := report.About{Commit: pr.Head, Version: s.Version, RepositoryURL: s.repositoryURL(pr)}
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
func (s *step) repositoryURL(pr event.PullRequest) string {
	server, err := network.ParseURL(s.Env.Get("GITHUB_SERVER_URL"), "https://github.com")
	if err != nil || s.Env.IsTrue("GITEA_ACTIONS") || s.Env.IsTrue("FORGEJO_ACTIONS") {
		return ""
	}
	address := server.JoinPath(pr.Owner, pr.Repo).String()
	if strings.ContainsAny(address, "()[]") { // which would end a link
		return ""
	}
	return address
}
