package e2e

import (
	"regexp"
	"slices"
)

// buildkite is written from the documentation of Buildkite: the agent that uploads a
// pipeline puts its own variables into it, and a command runs in bash -e. Secrets are
// there for the steps that name them.
var buildkite = ci{"yaml", buildkiteSteps}

type buildkitePipeline struct {
	Env   map[string]string
	Steps []struct {
		Label            string
		If               string
		Concurrency      int
		ConcurrencyGroup string `yaml:"concurrency_group"`
		Secrets          []string
		Command          string
	}
}

func buildkiteSteps(r *ciRun) []shellStep {
	pipeline := readYAML[buildkitePipeline](r.t, buildkiteUpload(r.pipeline))
	known := map[ciEvent]map[string]string{
		byHand:        {"build.source": "ui", "build.branch": "main", "build.pull_request.id": ""},
		ofPullRequest: {"build.source": "webhook", "build.branch": "a-branch", "build.pull_request.id": "7"},
		onMain:        {"build.source": "webhook", "build.branch": "main", "build.pull_request.id": ""},
	}[r.on]
	known["null"] = ""
	var steps []shellStep
	for _, step := range pipeline.Steps {
		if !r.holdsFor(step.If, known) {
			continue
		}
		env := merged(map[string]string{"BUILDKITE": "true"}, pipeline.Env)
		for _, name := range step.Secrets {
			if env[name] = r.secrets[name]; env[name] == "" {
				r.t.Errorf("there is no secret %q", name)
			}
		}
		if slices.Contains(step.Secrets, "DATABASE_URL") {
			lock := step.ConcurrencyGroup
			if step.Concurrency != 1 {
				lock = "of several"
			}
			r.locked(step.Label, writing, lock)
		}
		steps = append(steps, shellStep{shell: []string{"bash", "-e", "-c"}, env: env, lines: step.Command})
	}
	return steps
}

// buildkiteDollar is what an upload reads (github.com/buildkite/interpolate).
var buildkiteDollar = regexp.MustCompile(`\$\$|\\\$|\$\{(\w+)[^}]*\}|\$([A-Za-z_]\w*)`)

// buildkiteUpload is a pipeline without what an upload takes out of it: the agent that
// uploads it has none of the variables of the steps.
func buildkiteUpload(pipeline string) string {
	return buildkiteDollar.ReplaceAllStringFunc(pipeline, func(found string) string {
		if found == "$$" || found == `\$` {
			return "$"
		}
		return ""
	})
}
