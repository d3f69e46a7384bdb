package e2e

import (
	"maps"
	"slices"
	"strings"
)

// gitLab is written from gitlab-runner v16.9.1 (shells/bash.go) and GitLab's reference of
// the YAML. The jobs of a stage share nothing but what they report; ours need no more.
var gitLab = ci{"yaml", gitLabSteps}

type gitLabPipeline struct {
	Stages    []string
	Variables map[string]string
	Default   gitLabJob
	Jobs      map[string]gitLabJob `yaml:",inline"`
}

type gitLabJob struct {
	Stage         string
	Rules         []struct{ If string }
	Image         string
	Environment   struct{ Name, Action string }
	ResourceGroup string `yaml:"resource_group"`
	Variables     map[string]string
	BeforeScript  []string `yaml:"before_script"`
	Script        []string
	Artifacts     struct {
		Reports struct{ Dotenv string }
	}
}

func gitLabSteps(r *ciRun) []shellStep {
	pipeline := readYAML[gitLabPipeline](r.t, r.pipeline)
	var steps []shellStep
	for _, stage := range pipeline.Stages {
		for _, name := range slices.Sorted(maps.Keys(pipeline.Jobs)) {
			if job := pipeline.Jobs[name]; job.Stage == stage && job.runs(r) {
				if job.Environment.Name == writing {
					r.locked(name, writing, job.ResourceGroup)
				}
				steps = append(steps, job.step(r, pipeline))
			}
		}
	}
	return steps
}

// runs reports whether one of the rules holds.
func (j gitLabJob) runs(r *ciRun) bool {
	known := map[ciEvent]map[string]string{
		byHand:        {"$CI_PIPELINE_SOURCE": "web", "$CI_COMMIT_BRANCH": "main"},
		ofPullRequest: {"$CI_PIPELINE_SOURCE": "merge_request_event", "$CI_COMMIT_BRANCH": ""},
		onMain:        {"$CI_PIPELINE_SOURCE": "push", "$CI_COMMIT_BRANCH": "main"},
	}[r.on]
	known["$CI_DEFAULT_BRANCH"] = "main"
	return slices.ContainsFunc(j.Rules, func(rule struct{ If string }) bool { return r.holdsFor(rule.If, known) })
}

func (j gitLabJob) step(r *ciRun, pipeline gitLabPipeline) shellStep {
	before := j.BeforeScript
	if before == nil {
		before = pipeline.Default.BeforeScript
	}
	return shellStep{
		shell:  []string{"sh", "-ec"},
		env:    merged(map[string]string{"GITLAB_CI": "true"}, pipeline.Variables, j.Variables, r.secretsOf(j.Environment.Name)),
		lines:  strings.Join(append(slices.Clone(before), j.Script...), "\n"),
		report: j.Artifacts.Reports.Dotenv,
	}
}
