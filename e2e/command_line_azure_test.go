package e2e

import (
	"regexp"
	"strings"
)

// azure is written from the reference of Azure Pipelines: a step runs in bash without -e
// (the task Bash@3), secrets are no variables of it unless env: names them, and $(NAME) of
// a variable that there is none of stays as it is written.
var azure = ci{"yaml", azureSteps}

type azurePipeline struct {
	Trigger      azureBranches
	PR           azureBranches `yaml:"pr"`
	LockBehavior string        `yaml:"lockBehavior"`
	Pool         struct {
		VMImage string `yaml:"vmImage"`
	}
	Variables map[string]string
	Stages    []struct {
		Stage     string
		DependsOn []string `yaml:"dependsOn"`
		Condition string
		Variables []struct{ Group string }
		Jobs      []struct {
			Job   string
			Steps []azureStep
		}
	}
}

// azureBranches are none, or a list.
type azureBranches any

type azureStep struct {
	Bash        string
	DisplayName string `yaml:"displayName"`
	Env         map[string]string
}

// azureConditions are those of the pages, and the events on which they hold. A stage
// without one runs on all.
var azureConditions = map[string]ciEvent{
	"eq(variables['Build.Reason'], 'PullRequest')":              ofPullRequest,
	"eq(variables['Build.SourceBranch'], 'refs/heads/main')":    onMain,
	"and(succeeded(), eq(variables['Build.Reason'], 'Manual'))": byHand,
}

// azureGroups are the groups of variables of the page, and what they are for.
var azureGroups = map[string]string{"nairi-plan": planning, "nairi-production": writing}

func azureSteps(r *ciRun) []shellStep {
	pipeline := readYAML[azurePipeline](r.t, r.pipeline)
	var steps []shellStep
	for _, stage := range pipeline.Stages {
		if on, known := azureConditions[stage.Condition]; stage.Condition != "" && (!known || on != r.on) {
			if !known {
				r.t.Errorf("what is the condition %q?", stage.Condition)
			}
			continue
		}
		environment := ""
		for _, variables := range stage.Variables {
			environment = azureGroups[variables.Group]
		}
		if environment == writing && pipeline.LockBehavior == "sequential" {
			r.locked(stage.Stage, environment, "nairi-vault") // the check of the group
		} else if environment == writing {
			r.locked(stage.Stage, environment, "")
		}
		for _, job := range stage.Jobs {
			for _, step := range job.Steps {
				steps = append(steps, step.in(r, pipeline.Variables, r.secretsOf(environment)))
			}
		}
	}
	return steps
}

func (s azureStep) in(r *ciRun, variables, secrets map[string]string) shellStep {
	r.t.Helper()
	all := merged(variables, secrets)
	env := merged(map[string]string{"TF_BUILD": "True"}, variables)
	for name, text := range s.Env {
		env[name] = azureText(text, all)
	}
	for name := range secrets {
		if strings.Contains(s.Bash, "$("+name+")") {
			r.t.Errorf("the text of %s becomes a part of the script", name)
		}
	}
	return shellStep{shell: []string{"bash", "--noprofile", "--norc", "-c"}, env: env, lines: azureText(s.Bash, all)}
}

var azureMacro = regexp.MustCompile(`\$\(([\w.]+)\)`)

func azureText(text string, variables map[string]string) string {
	return azureMacro.ReplaceAllStringFunc(text, func(macro string) string {
		if value, found := variables[azureMacro.FindStringSubmatch(macro)[1]]; found {
			return value
		}
		return macro
	})
}
