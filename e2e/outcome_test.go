package e2e

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// outcome is what is left of a job.
type outcome struct {
	log    string
	failed bool
	steps  map[string]step // by ID, as the job's last step saw them
}

// step is an entry of the steps context.
type step struct {
	Outputs map[string]string
	Outcome string // success or failure, before continue-on-error
}

// readSteps reads what a workflow of ours writes in its last step; others write
// nothing.
func readSteps(t *testing.T, path string) map[string]step {
	t.Helper()
	data, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return nil
	}
	var steps map[string]step
	if err == nil {
		err = json.Unmarshal(data, &steps)
	}
	if err != nil {
		t.Fatal(err)
	}
	return steps
}

// saw checks the outputs of a step, all of them.
func (o outcome) saw(t *testing.T, id string, want map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, ofOne(o.steps[id].Outputs, want)); diff != "" {
		t.Errorf("outputs of %s, - wanted, + seen by the next step:\n%s", id, diff)
	}
}

// ofOne are outputs without those of sync, which are empty for a single secret.
func ofOne(outputs, want map[string]string) map[string]string {
	outputs = maps.Clone(outputs)
	maps.DeleteFunc(outputs, func(name, value string) bool { _, wanted := want[name]; return !wanted && value == "" })
	return outputs
}

// succeeded checks that the job did, and every step but those that were to fail.
func (o outcome) succeeded(t *testing.T, failed ...string) {
	t.Helper()
	if o.failed {
		t.Error("the job failed")
	}
	for id, step := range o.steps {
		want := "success"
		if slices.Contains(failed, id) {
			want = "failure"
		}
		if step.Outcome != want {
			t.Errorf("step %s: %s", id, step.Outcome)
		}
	}
}

// hides checks that a value shows nowhere in the log, whole or line by line,
// apart from lines that are no secret.
func (o outcome) hides(t *testing.T, value string) {
	t.Helper()
	for i, text := range append([]string{value}, strings.Split(value, "\n")...) {
		if text = strings.TrimSpace(text); !public(text) && strings.Contains(o.log, text) {
			t.Errorf("the log shows the value (line %d, or all of it if 0)", i)
		}
	}
}

// public lines are not masked: under 4 characters they would hide half the log,
// and the armour of a PEM is the same for everyone.
func public(line string) bool {
	return len(line) < 4 || strings.HasPrefix(line, "-----") && !strings.Contains(line, "\n")
}
