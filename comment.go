package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/github"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/report"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// comment shows a plan on the pull request that the run is of. It is a courtesy:
// one that cannot be made is a warning, even if that is a mistake in this program.
func (s *step) comment(ctx context.Context, r report.Sync) {
	defer func() {
		if cause := recover(); cause != nil {
			s.console.Warn(fmt.Sprintf("the plan is not on the pull request: a mistake in this program: %v", cause))
		}
	}()
	event, _ := s.lookup("GITHUB_EVENT_PATH")
	text, err := secret.ReadFile(s.open, event, github.MaxEvent)
	pr, found := github.PullRequestOf(s.lookup, text)
	if err != nil || !found {
		s.console.Print("there is no pull request to comment on")
		return
	}
	client, err := s.github()
	if err == nil {
		err = client.Comment(ctx, pr, github.Comment{Key: s.commentKey(), Body: s.console.Clean(r.Summary()), Empty: !r.Writes()})
	}
	if err != nil {
		s.console.Warn("the plan is not on the pull request: " + err.Error())
	}
}

func (s *step) github() (*github.Client, error) {
	transport, err := nairi.NewTransport(s.config.CACert, s.lookup)
	if err != nil {
		return nil, err
	}
	address, _ := s.lookup("GITHUB_API_URL")
	return github.NewClient(github.Options{
		APIURL: address, Token: s.config.Sync.GitHubToken, Transport: transport, Timeout: s.config.RequestTimeout, Version: version,
	})
}

// commentKey tells the comments of the jobs and manifests of a pull request apart.
func (s *step) commentKey() string {
	parts := []string{s.config.Sync.Source, s.config.Sync.Rules.Shard.String()}
	for _, name := range []string{"GITHUB_WORKFLOW", "GITHUB_JOB"} {
		text, _ := s.lookup(name)
		parts = append(parts, text)
	}
	return strings.Join(parts, "\n")
}
