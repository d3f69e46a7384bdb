package e2e

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// shownJobs are the jobs of a workflow, as far as they tell who gets the key.
type shownJobs struct {
	On   yaml.Node
	Jobs map[string]struct {
		Environment yaml.Node
		Steps       []struct{ With map[string]string }
	}
}

// starts reports whether an event starts the workflow.
func (s shownJobs) starts(event string) bool {
	if s.On.Value == event {
		return true
	}
	for _, node := range s.On.Content {
		if node.Value == event {
			return true
		}
	}
	return false
}

// emulatorKey is no key of Nairi's.
const emulatorKey = "${{ steps.emulator.outputs.api_key }}"

// Whoever can push a branch can change what a job does with a key that it gets.
func TestNoPullRequestGetsTheKeyWithoutAnEnvironment(t *testing.T) {
	t.Parallel()
	keyed := 0
	for name, text := range snippets(t) {
		var workflow shownJobs
		if err := yaml.Unmarshal([]byte(text), &workflow); err != nil {
			t.Fatal(err)
		}
		for id, job := range workflow.Jobs {
			for _, step := range job.Steps {
				if step.With["api_key"] == "" || step.With["api_key"] == emulatorKey || !workflow.starts("pull_request") {
					continue
				}
				keyed++
				if job.Environment.IsZero() {
					t.Errorf("%s: job %s has the key on a pull request, and no environment", name, id)
				}
			}
		}
	}
	if keyed == 0 {
		t.Error("no workflow that we show plans on a pull request")
	}
}

// A run that is cancelled may have been writing.
func TestNoRunThatWritesIsCancelled(t *testing.T) {
	t.Parallel()
	all := snippets(t)
	all["vault-sync.yml"] = read(t, "../.github/workflows/vault-sync.yml")
	for name, text := range all {
		if strings.Contains(text, "cancel-in-progress: true") || strings.Contains(text, "cancel-in-progress: $") {
			t.Errorf("%s cancels a run in progress", name)
		}
	}
}
