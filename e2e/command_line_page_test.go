package e2e

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/runnertest"
)

// ci is a model of a CI whose jobs run our command line in a shell.
type ci struct {
	language string // of the page's pipelines
	steps    func(r *ciRun) []shellStep
}

// ciRun is one run of a pipeline.
type ciRun struct {
	t        *testing.T
	pipeline string
	on       ciEvent
	inherits map[string]string // of the whole run
	secrets  map[string]string // that the CI hands to jobs as the pipeline says
}

// ciEvent is what sets a run off.
type ciEvent int

const (
	byHand ciEvent = iota
	ofPullRequest
	onMain
)

// shellStep is what a CI runs in a shell of its own, and the variables that it has beside
// those of the place.
type shellStep struct {
	shell []string // with the option that takes the lines
	env   map[string]string
	lines string
	// report is a file of variables that all later steps get.
	report string
}

// shellSteps runs steps until one fails. They share a folder.
func (p *place) shellSteps(steps []shellStep) error {
	p.t.Helper()
	if len(steps) == 0 {
		return errors.New("nothing is run")
	}
	reported := map[string]string{}
	for _, step := range steps {
		if err := p.run(merged(reported, step.env), step.shell[0], append(step.shell[1:], step.lines)...); err != nil {
			return fmt.Errorf("%w\n%s\n%s", err, step.lines, p.log.String())
		}
		if step.report != "" {
			variables, err := runnertest.ParseVariables([]byte(read(p.t, filepath.Join(p.dir, step.report))), p.always)
			if err != nil {
				return err
			}
			maps.Copy(reported, variables)
		}
	}
	return nil
}

// The secrets of a job that plans, and of one that writes.
const (
	planning = "vault-plan"
	writing  = "production"
)

// secretsOf are those that the stores of the pages hold for an environment.
func (r *ciRun) secretsOf(environment string) map[string]string {
	r.t.Helper()
	switch environment {
	case "":
		return nil
	case planning:
		return map[string]string{"NAIRI_API_KEY": r.secrets["NAIRI_API_KEY"]}
	case writing:
		return r.secrets
	}
	r.t.Errorf("the page says nothing of the secrets of %q", environment)
	return nil
}

// locked fails for a job that gets the values and may run beside another one.
func (r *ciRun) locked(job, environment, lock string) {
	r.t.Helper()
	if environment == writing && lock != "nairi-vault" {
		r.t.Errorf("%s writes and has no lock", job)
	}
}

// run checks a page with two pipelines: of one secret, and of a vault as code.
func (c ci) run(t *testing.T, page string) {
	all := blocks(page, c.language)
	if len(all) != 2 {
		t.Fatalf("%d pipelines", len(all))
	}
	if strings.Contains(page, "INPUT_") {
		t.Error("the page is of the command line")
	}
	for _, pinned := range []bool{true, false} {
		p := newPlace(t, map[string]string{"CI": "true"})
		p.checkPinned(pinned, p.shellSteps(c.steps(p.ciRun(pin(t, all[0], pinned), byHand))))
	}
	c.runVault(t, all[1])
}

// runVault checks that a pull request is planned without a value, and that main is synced.
func (c ci) runVault(t *testing.T, pipeline string) {
	planned := newPlace(t, map[string]string{"CI": "true"})
	planned.addShownManifest()
	if err := planned.shellSteps(c.steps(planned.ciRun(pin(t, pipeline, true), ofPullRequest))); err != nil {
		t.Error(err)
	}
	planned.vault.holds(t, before)
	planned.printed("No problems in 1 file: 2 secrets in 1 vault.\n")
	planned.printed("Plan for nairi-vault.yml: 1 to create, 1 to update, 0 to delete")

	unpinned := newPlace(t, map[string]string{"CI": "true"})
	unpinned.addShownManifest()
	if err := unpinned.shellSteps(c.steps(unpinned.ciRun(pipeline, onMain))); err == nil {
		t.Error("another program than the one that is pinned was run")
	}
	unpinned.vault.untouched(t)

	synced := newPlace(t, map[string]string{"CI": "true"})
	synced.addShownManifest()
	if err := synced.shellSteps(c.steps(synced.ciRun(pin(t, pipeline, true), onMain))); err != nil {
		t.Error(err)
	}
	synced.synced("1 created, 1 updated")
}

func (p *place) ciRun(pipeline string, on ciEvent) *ciRun {
	secrets := maps.Clone(many)
	secrets["NAIRI_API_KEY"] = p.vault.Key
	return &ciRun{t: p.t, pipeline: pipeline, on: on, inherits: p.always, secrets: secrets}
}

// merged are several sets of variables, the later ones first.
func merged(all ...map[string]string) map[string]string {
	one := map[string]string{}
	for _, variables := range all {
		maps.Copy(one, variables)
	}
	return one
}

// holdsFor evaluates a condition as GitLab and Buildkite write it, as far as the pages do:
// comparisons that must all hold.
func (r *ciRun) holdsFor(condition string, known map[string]string) bool {
	r.t.Helper()
	term := func(text string) string {
		if literal, isQuoted := strings.CutPrefix(text, `"`); isQuoted {
			return strings.TrimSuffix(literal, `"`)
		}
		value, found := known[text]
		if !found {
			r.t.Errorf("the CI does not know %q of %q", text, condition)
		}
		return value
	}
	for comparison := range strings.SplitSeq(condition, " && ") {
		words := strings.Fields(comparison)
		if len(words) != 3 || words[1] != "==" && words[1] != "!=" {
			r.t.Errorf("%q is no condition", comparison)
			return false
		}
		if (term(words[0]) == term(words[2])) != (words[1] == "==") {
			return false
		}
	}
	return true
}
