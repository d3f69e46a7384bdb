package e2e

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// circleCI is written from its configuration reference: a step runs in bash -eo pipefail,
// and << >> is replaced before.
var circleCI = ci{"yaml", circleCISteps}

type circleCIPipeline struct {
	Version    string
	Parameters map[string]struct {
		Type    string
		Default bool
	}
	Executors map[string]circleCIJob
	Commands  map[string]circleCIJob
	Jobs      map[string]circleCIJob
	Workflows map[string]struct {
		When string
		Jobs []yaml.Node
	}
}

// circleCIJob is a job, and as far as they have the same keys an executor and a command.
type circleCIJob struct {
	Docker      []struct{ Image string }
	Executor    string
	Environment map[string]string
	Steps       []yaml.Node
}

// circleCIUse is a job in a workflow.
type circleCIUse struct {
	Context     string
	SerialGroup string `yaml:"serial-group"`
	Filters     struct {
		Branches struct{ Only, Ignore string }
	}
}

// circleCIContexts are the contexts of the page, and what they are for.
var circleCIContexts = map[string]string{"": "", "nairi-plan": planning, "nairi-production": writing}

func circleCISteps(r *ciRun) []shellStep {
	pipeline := readYAML[circleCIPipeline](r.t, r.pipeline)
	var steps []shellStep
	for _, workflow := range pipeline.Workflows {
		if workflow.When != "" && (r.on != byHand || workflow.When != "<< pipeline.parameters.rotate >>" || pipeline.Parameters["rotate"].Type != "boolean") {
			continue
		}
		for _, node := range workflow.Jobs {
			name, use := circleCIName[circleCIUse](r, node)
			environment, known := circleCIContexts[use.Context]
			if !known {
				r.t.Errorf("the page says nothing of the context %q", use.Context)
			}
			if use.runs(r) {
				if environment == writing {
					r.locked(name, environment, use.SerialGroup)
				}
				steps = append(steps, pipeline.job(r, pipeline.Jobs[name], r.secretsOf(environment))...)
			}
		}
	}
	return steps
}

func (u circleCIUse) runs(r *ciRun) bool {
	branch := "main"
	if r.on == ofPullRequest {
		branch = "a-branch"
	}
	only, ignore := u.Filters.Branches.Only, u.Filters.Branches.Ignore
	return (only == "" || only == branch) && ignore != branch
}

// circleCIName takes a node that is a name, or a name with what belongs to it.
func circleCIName[T any](r *ciRun, node yaml.Node) (string, T) {
	r.t.Helper()
	var one map[string]T
	if node.Kind == yaml.ScalarNode {
		return node.Value, one[""]
	}
	text, err := yaml.Marshal(&node)
	if err != nil {
		r.t.Fatal(err)
	}
	one = readYAML[map[string]T](r.t, string(text))
	for name, what := range one {
		return name, what
	}
	return "", one[""]
}

func (c circleCIPipeline) job(r *ciRun, job circleCIJob, secrets map[string]string) []shellStep {
	r.t.Helper()
	env := merged(map[string]string{"CIRCLECI": "true"}, secrets, c.Executors[job.Executor].Environment, job.Environment)
	var steps []shellStep
	for _, node := range job.Steps {
		name, run := circleCIName[struct{ Name, Command string }](r, node)
		switch command, known := c.Commands[name]; {
		case name == "run":
			steps = append(steps, shellStep{shell: []string{"bash", "-eo", "pipefail", "-c"}, env: env, lines: circleCIText(r, run.Command)})
		case known:
			command.Executor, command.Environment = job.Executor, job.Environment
			steps = append(steps, c.job(r, command, secrets)...)
		case name != "checkout":
			r.t.Errorf("there is no step %q", name)
		}
	}
	return steps
}

var circleCIExpression = regexp.MustCompile(`(^|[^\\])<<`)

// circleCIText is a command as it is run. Ours have no expressions.
func circleCIText(r *ciRun, command string) string {
	r.t.Helper()
	if circleCIExpression.MatchString(command) {
		r.t.Errorf("CircleCI takes << for the beginning of an expression, in %q", command)
	}
	return strings.ReplaceAll(command, `\<<`, "<<")
}
