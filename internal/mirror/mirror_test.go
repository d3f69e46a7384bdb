package mirror_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/mirror"
)

func TestTargetsAreReadAndSpelledBack(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ü", 255)
	for text, want := range map[string]mirror.Target{
		"repo:octo/cats":                 {Store: mirror.Repository, Owner: "octo", Repo: "cats"},
		"repo:o/.github":                 {Store: mirror.Repository, Owner: "o", Repo: ".github"},
		"env:octo/cats/production":       {Store: mirror.Environment, Owner: "octo", Repo: "cats", Environment: "production"},
		"env:octo/cats/a b/c:d,ü":        {Store: mirror.Environment, Owner: "octo", Repo: "cats", Environment: "a b/c:d,ü"},
		"env:o/c/" + long:                {Store: mirror.Environment, Owner: "o", Repo: "c", Environment: long},
		"org:octo":                       {Store: mirror.Organization, Owner: "octo"},
		"org:octo:all":                   {Store: mirror.Organization, Owner: "octo", Visibility: mirror.All},
		"org:octo:private":               {Store: mirror.Organization, Owner: "octo", Visibility: mirror.Private},
		"org:octo:selected":              {Store: mirror.Organization, Owner: "octo", Visibility: mirror.Selected},
		"dependabot:octo/cats-and_dogs.": {Store: mirror.Dependabot, Owner: "octo", Repo: "cats-and_dogs."},
	} {
		got, err := mirror.Parse(text)
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
		if spelled := strings.TrimSuffix(text, ":"+string(want.Visibility)); got.String() != spelled {
			t.Errorf("%s is spelled %s", text, got)
		}
	}
}

func TestTextsThatAreNoTargets(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "octo/cats", "repo:", "repo:octo", "repo:octo/", "repo:/cats", "repo:octo/cats/dogs", "repo:octo/..", "repo:../cats", "repo:octo/ca ts",
		"repo: octo/cats", "Repo:octo/cats", "repo:octo/cats:private", "repo:octo/" + strings.Repeat("x", 101), "env:octo/cats", "env:octo/cats/",
		"env:octo/cats/\xff", "env:octo/cats/prod\u200buction", "env:octo/cats/a\u202eb", "env:octo/cats/a\u0085b", "env:octo/cats/a\u00a0b", "env:octo/cats/a\u2028b",
		"env:octo/cats/ a", "env:octo/cats/a\nb", "env:octo/cats/.", "env:octo/cats/..", "env:octo/cats/" + strings.Repeat("ü", 256),
		"org:", "org:octo/cats", "org:octo:", "org:octo:everyone", "org:octo:all:all", "org:..", "dependabot:octo", "dependabot:octo/cats/x", "user:octo",
	} {
		if got, err := mirror.Parse(text); !errors.Is(err, mirror.ErrTarget) || got != (mirror.Target{}) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

func TestAnErrorSaysHowAPlaceIsWritten(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"repo:octo":         "must be written as repo:OWNER/REPOSITORY",
		"repo: octo/cats":   "must be written as repo:OWNER/REPOSITORY",
		"env:octo/cats":     "must be written as env:OWNER/REPOSITORY/ENVIRONMENT",
		"org:octo:everyone": "must be written as org:NAME, org:NAME:private, org:NAME:all or org:NAME:selected",
		"dependabot:octo":   "must be written as dependabot:OWNER/REPOSITORY",
		"octo/cats":         mirror.ErrTarget.Error(),
	} {
		if _, err := mirror.Parse(text); err == nil || err.Error() != want {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestMirrorThatLags(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 4, 25, 12, 0, 0, 0, time.UTC)
	before, after := noon.Add(-time.Second), noon.Add(time.Second)
	there := mirror.State{Known: true, There: true, UpdatedAt: noon}
	for name, test := range map[string]struct {
		state     mirror.State
		newerThan *time.Time
		want      bool
	}{
		"nobody looked":       {mirror.State{}, &noon, false},
		"not there":           {mirror.State{Known: true}, nil, true},
		"of any age":          {there, nil, false},
		"newer":               {there, &before, false},
		"as old as it may be": {there, &noon, false},
		"older":               {there, &after, true},
	} {
		if got := (&mirror.Mirror{State: test.state}).Lags(test.newerThan); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestNamesThatGitHubKeepsToItself(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]error{"GITHUB_TOKEN": mirror.ErrName, "github_token": mirror.ErrName, "GITHUBTOKEN": nil, "MY_GITHUB_TOKEN": nil} {
		if err := mirror.CheckName(name); !errors.Is(err, want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
