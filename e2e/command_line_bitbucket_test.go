package e2e

import (
	"maps"
	"slices"
	"strings"
)

// bitbucket is written from the reference of Bitbucket Pipelines: a script runs in bash
// with -e, and a step has the variables of its deployment environment.
var bitbucket = ci{"yaml", bitbucketSteps}

type bitbucketPipeline struct {
	Image     string
	Pipelines struct {
		Custom       map[string][]bitbucketStep
		PullRequests map[string][]bitbucketStep `yaml:"pull-requests"`
		Branches     map[string][]bitbucketStep
	}
}

type bitbucketStep struct {
	Step struct {
		Name             string
		Deployment       string
		ConcurrencyGroup string `yaml:"concurrency-group"`
		Script           []string
	}
}

func bitbucketSteps(r *ciRun) []shellStep {
	pipeline := readYAML[bitbucketPipeline](r.t, r.pipeline).Pipelines
	chosen := map[ciEvent][]bitbucketStep{
		byHand: pipeline.Custom["rotate"], ofPullRequest: pipeline.PullRequests["**"], onMain: pipeline.Branches["main"],
	}[r.on]
	var steps []shellStep
	for _, s := range chosen {
		step := s.Step
		if step.Deployment == writing {
			r.locked(step.Name, writing, step.ConcurrencyGroup)
		}
		env := merged(map[string]string{"BITBUCKET_BUILD_NUMBER": "7"}, r.secretsOf(step.Deployment))
		steps = append(steps, shellStep{shell: []string{"bash", "-ec"}, env: env, lines: strings.Join(step.Script, "\n")})
	}
	if known := slices.Sorted(maps.Keys(pipeline.PullRequests)); len(chosen) == 0 {
		r.t.Errorf("nothing is run; pull requests are %q", known)
	}
	return steps
}
