package action

import (
	"context"
	"strings"
	"time"

	"github.com/nairi-community/vault-secret/internal/event"
	"github.com/nairi-community/vault-secret/internal/github"
)

// commentTime is how long a comment may take. It has a time of its own, so that a
// run that used all of its own can still say so.
const commentTime = time.Minute

// comment shows the plan on the pull request that the run is for, if that was
// asked for. It is a courtesy: one that cannot be made is a warning.
func (s *step) comment(ctx context.Context) {
	if !s.config.CommentPR {
		return
	}
	pr, found := s.event.PullRequest()
	switch err := s.event.Err(); {
	case !found && err != nil && s.event.ForPullRequest():
		s.console.Warn("the plan is not on the pull request: " + err.Error())
		return
	case !found:
		s.console.Print("there is no pull request to comment on")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, commentTime)
	defer cancel()
	if err := s.commentOn(ctx, pr); err != nil {
		s.console.Warn("the plan is not on the pull request: " + err.Error())
	}
}

func (s *step) commentOn(ctx context.Context, pr event.PullRequest) error {
	client, err := github.NewClient(github.Options{
		APIURL: s.Env.Get("GITHUB_API_URL"), Token: s.config.GitHubToken, Transport: s.transport(),
		Timeout: s.config.RequestTimeout, Version: s.Version, Now: s.Now, Random: s.Jitter,
	})
	if err != nil {
		return err
	}
	return client.Comment(ctx, pr, github.Comment{
		Key: s.commentKey(), Body: s.console.CleanText(s.report.Summary()), Empty: !s.report.HasNews(),
	})
}

// commentKey tells the comments of the jobs and manifests of a pull request apart.
func (s *step) commentKey() string {
	return strings.Join([]string{
		s.config.Manifest, s.config.Rules.Shard.String(), s.Env.Get("GITHUB_WORKFLOW"), s.Env.Get("GITHUB_JOB"),
	}, "\n")
}
