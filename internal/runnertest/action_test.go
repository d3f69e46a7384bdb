package runnertest

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// actions/runner ActionManifestManager.cs and action_yaml.json.
func TestEveryScalarOfAnActionIsText(t *testing.T) {
	t.Parallel()
	a, err := LoadAction("testdata/action.yml")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]Input{
		"plain":         {Description: "no default"},
		"given_default": {Required: true, Default: "d e f"},
		"null_default":  {},
		"flag":          {Default: "false"},
		"count":         {Default: "30"},
	}
	if diff := cmp.Diff(want, a.Inputs); diff != "" {
		t.Error(diff)
	}
	if a.Name != "sample" || len(a.Runs.Steps) != 2 || a.Outputs["id"].Value != "${{ steps.main.outputs.id }}" {
		t.Errorf("got %+v", a)
	}
	if _, err := LoadAction("testdata/none.yml"); err == nil {
		t.Error("a file that is not there loads")
	}
}

func TestActionThatGitHubWouldRefuseDoesNotLoad(t *testing.T) {
	t.Parallel()
	head := "name: x\nruns:\n  using: composite\n  steps:\n"
	for name, text := range map[string]string{
		"run without shell": head + "    - run: x",
		"run and uses":      head + "    - {run: x, shell: bash, uses: a/b@c}",
		"neither":           head + "    - {shell: bash}",
		"same id twice":     head + "    - {id: a, run: x, shell: bash}\n    - {id: a, run: x, shell: bash}",
		"unknown step key":  head + "    - {run: x, shell: bash, shel: y}",
		"unknown input key": "name: x\ninputs: {a: {defualt: y}}\nruns: {using: composite}",
		"required is text":  "name: x\ninputs: {a: {required: often}}\nruns: {using: composite}",
		"fraction":          "name: x\ninputs: {a: {default: 1.0}}\nruns: {using: composite}",
		"steps in node":     "name: x\nruns: {using: node24, steps: [{uses: a}]}",
		"not yaml":          "a: [",
	} {
		path := filepath.Join(t.TempDir(), "action.yml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadAction(path); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// actions/runner ActionManifestManager.cs (ConvertInputs) and
// CompositeActionHandler.cs; actions/runner#665.
func TestStepEnvIsWhatTheStepMaps(t *testing.T) {
	t.Parallel()
	a, err := LoadAction("testdata/action.yml")
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ with, changed map[string]string }{
		"defaults":                {},
		"given":                   {map[string]string{"plain": "v"}, map[string]string{"PLAIN": "v"}},
		"given is never trimmed":  {map[string]string{"plain": " v\n"}, map[string]string{"PLAIN": " v\n"}},
		"empty beats the default": {map[string]string{"given_default": ""}, map[string]string{"GIVEN_DEFAULT": ""}},
		"no second expansion": {
			map[string]string{"plain": "${{ inputs.flag }}"},
			map[string]string{"PLAIN": "${{ inputs.flag }}"},
		},
	} {
		want := map[string]string{"PLAIN": "", "GIVEN_DEFAULT": "d e f", "EMPTY": "", "FLAG": "false", "COUNT": "30"}
		maps.Copy(want, tt.changed)
		got, err := a.StepEnv("main", tt.with)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
}

// An expression that is not evaluated must not be guessed either.
func TestStepEnvRefusesAllButInputs(t *testing.T) {
	t.Parallel()
	sample, err := os.ReadFile("testdata/action.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ step, old, new, input string }{
		{step: "other"},
		{step: ""},
		{step: "0"},
		{step: "main", input: "undeclared"},
		{step: "main", old: "${{ inputs.plain }}", new: "${{ inputs.other }}"},
		{step: "main", old: "${{ inputs.plain }}", new: "${{ github.token }}"},
		{step: "main", old: "${{ inputs.plain }}", new: "${{ inputs.plain || inputs.flag }}"},
		{step: "main", old: "${{ inputs.plain }}", new: "x${{ inputs.plain }}"},
		{step: "main", old: "${{ inputs.plain }}", new: "text"},
		{step: "main", old: "default: 30", new: "default: ${{ github.run_id }}"},
	} {
		a, err := parseAction([]byte(strings.Replace(string(sample), tt.old, tt.new, 1)))
		if err != nil {
			t.Fatal(err)
		}
		with := map[string]string{}
		if tt.input != "" {
			with[tt.input] = ""
		}
		if got, err := a.StepEnv(tt.step, with); err == nil {
			t.Errorf("%+v gave %q", tt, got)
		}
	}
}
