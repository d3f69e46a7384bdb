package e2e

import (
	"maps"
	"path/filepath"
	"testing"

	"github.com/nairi-community/vault-secret/internal/runnertest"
)

// onGitHub runs the action with inputs by GitHub's rules, and returns its
// outputs, its log and its exit code. The job has variables of its own.
func onGitHub(t *testing.T, with, variables map[string]string) (outputs map[string]string, log []byte, code int) {
	t.Helper()
	action, err := runnertest.LoadAction("../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	env, err := action.StepEnv("write", with)
	if err != nil {
		t.Fatal(err)
	}
	output, env := addRunner(t, env, variables)
	stdout, code := finish(t, composite(t, released, env))
	outputs = map[string]string{}
	set := outputsIn(t, output)
	for name := range action.Outputs {
		outputs[name] = set[name] // each maps the step's output of its own name
	}
	return outputs, []byte(stdout), code
}

// addRunner adds what the runner gives to every step, and the job's variables.
func addRunner(t *testing.T, env, variables map[string]string) (output string, all map[string]string) {
	t.Helper()
	dir := t.TempDir()
	output = filepath.Join(dir, "output")
	write(t, output, "", 0o600)
	all = onThisMachine()
	all["GITHUB_OUTPUT"], all["GITHUB_STEP_SUMMARY"] = output, filepath.Join(dir, "summary")
	maps.Copy(all, variables)
	maps.Copy(all, env)
	return output, all
}
