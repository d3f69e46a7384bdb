package e2e

import (
	"regexp"
	"strings"
)

// jenkins is written from the documentation of declarative pipelines and of the plugin
// Credentials Binding: a script runs in sh -xe, and has the credentials of the blocks
// around it.
var jenkins = ci{"groovy", jenkinsSteps}

// jenkinsBlock is a block of a Jenkinsfile that is open: what stands before its brace,
// and its condition, if it is a stage.
type jenkinsBlock struct{ head, when string }

// jenkinsToken finds what the reader stops at: a comment, a text, or a brace.
var jenkinsToken = regexp.MustCompile(`(?s)//[^\n]*|'''.*?'''|""".*?"""|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|[{}]`)

// jenkinsIDs are the credentials of the page.
var jenkinsIDs = map[string]string{"nairi-api-key": "NAIRI_API_KEY", "database-url": "DATABASE_URL", "stripe-key": "STRIPE_KEY"}

var (
	jenkinsBinding  = regexp.MustCompile(`string\(credentialsId: '([^']*)', variable: '(\w+)'\)`)
	jenkinsVariable = regexp.MustCompile(`(?m)^\s*(\w+) = '([^']*)'$`)
)

func jenkinsSteps(r *ciRun) []shellStep {
	var steps []shellStep
	var open []jenkinsBlock
	variables := map[string]string{"JENKINS_URL": "https://ci.example.com/"}
	since := 0 // the beginning of what belongs to the next token
	for _, at := range jenkinsToken.FindAllStringIndex(r.pipeline, -1) {
		token, before := r.pipeline[at[0]:at[1]], strings.TrimSpace(r.pipeline[since:at[0]])
		switch {
		case token == "{":
			open = append(open, jenkinsBlock{head: before})
			since = at[1]
		case token == "}" && len(open) == 0:
			r.t.Fatal("the Jenkinsfile has a brace too many")
		case token == "}":
			last := open[len(open)-1]
			open = open[:len(open)-1]
			switch last.head {
			case "when":
				open[len(open)-1].when = before
			case "environment":
				for _, match := range jenkinsVariable.FindAllStringSubmatch(r.pipeline[since:at[0]], -1) {
					variables[match[1]] = match[2]
				}
			}
			since = at[1]
		case before == "sh" || strings.HasSuffix(before, "\nsh"):
			if step, runs := jenkinsStep(r, open, token); runs {
				step.env = merged(variables, step.env)
				steps = append(steps, step)
			}
			since = at[1]
		}
	}
	if len(open) > 0 {
		r.t.Errorf("the Jenkinsfile does not close %q", open[len(open)-1].head)
	}
	return steps
}

// jenkinsStep is a script in its blocks, if their conditions hold.
func jenkinsStep(r *ciRun, open []jenkinsBlock, literal string) (shellStep, bool) {
	r.t.Helper()
	if strings.HasPrefix(literal, `"`) {
		r.t.Errorf("Groovy puts the text of secrets into %s", literal)
	}
	env, lock, runs := map[string]string{}, "", true
	for _, block := range open {
		if strings.HasPrefix(block.head, "lock(") {
			lock = strings.Trim(strings.TrimPrefix(block.head, "lock"), "(')")
		}
		for _, binding := range jenkinsBinding.FindAllStringSubmatch(block.head, -1) {
			env[binding[2]] = r.secrets[jenkinsIDs[binding[1]]]
		}
		if strings.HasPrefix(block.head, "withCredentials") && len(env) == 0 {
			r.t.Errorf("what does %q bind?", block.head)
		}
		runs = runs && jenkinsWhen(r, block.when)
	}
	if runs && env["DATABASE_URL"] != "" {
		r.locked("a script", writing, lock)
	}
	text := strings.NewReplacer(`\\`, `\`, `\'`, `'`).Replace(strings.Trim(literal, "'"))
	return shellStep{shell: []string{"sh", "-xec"}, env: env, lines: text}, runs
}

// jenkinsWhen evaluates the conditions of the page.
func jenkinsWhen(r *ciRun, condition string) bool {
	r.t.Helper()
	switch condition {
	case "":
		return true
	case "branch 'main'":
		return r.on == onMain
	case "changeRequest()":
		return r.on == ofPullRequest
	}
	r.t.Errorf("what is the condition %q?", condition)
	return false
}
