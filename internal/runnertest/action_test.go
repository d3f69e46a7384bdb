package runnertest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const sampleAction = `
name: sample
description: for tests
inputs:
  plain: {description: no default}
  given_default: {default: 'd e f', required: true}
  null_default: {default: }
  flag: {default: false}
  count: {default: 30}
  token: {default: '${{ github.token }}'}
outputs:
  id: {description: an id, value: '${{ steps.main.outputs.id }}'}
runs:
  using: composite
  steps:
    - id: main
      shell: bash
      run: 'exec "$GITHUB_ACTION_PATH/launch.sh"'
      env:
        INPUT_PLAIN: ${{ inputs.plain }}
        INPUT_GIVEN_DEFAULT: ${{ inputs.given_default }}
        INPUT_NULL: ${{ inputs['null_default'] }}
        INPUT_FLAG: ${{ inputs.flag }}
        INPUT_COUNT: ${{inputs.count}}
        TOKEN: ${{ inputs.token }}
        AT: path=${{ github.action_path }}/${{ runner.os || 'none' }};
    - shell: bash
      run: 'true'
      env: {X: '${{ hashFiles(''**'') }}'}
`

var sampleContexts = Contexts{
	"github": {"action_path": "/a", "token": "T"},
	"runner": {"os": ""},
}

func mustParseAction(t *testing.T, text string) *Action {
	t.Helper()
	a, err := ParseAction([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// actions/runner ActionManifestManager.cs and action_yaml.json.
func TestLoadAction(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "action.yml")
	if err := os.WriteFile(path, []byte(sampleAction), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := LoadAction(path)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]Input{
		"plain":         {Description: "no default"},
		"given_default": {Required: true, Default: "d e f", HasDefault: true},
		"null_default":  {HasDefault: true},
		"flag":          {Default: "false", HasDefault: true},
		"count":         {Default: "30", HasDefault: true},
		"token":         {Default: "${{ github.token }}", HasDefault: true},
	}
	if diff := cmp.Diff(want, a.Inputs); diff != "" {
		t.Error(diff)
	}
	if a.Name != "sample" || a.Runs.Using != "composite" || len(a.Runs.Steps) != 2 {
		t.Errorf("got %+v", a)
	}
	if _, err := LoadAction(path + ".not"); err == nil {
		t.Error("a missing file loads")
	}
}

func TestParseActionRefuses(t *testing.T) {
	t.Parallel()
	head := "name: x\nruns:\n  using: composite\n  steps:\n"
	for name, text := range map[string]string{
		"run without shell": head + "    - run: x",
		"run and uses":      head + "    - {run: x, shell: bash, uses: a/b@c}",
		"neither":           head + "    - {shell: bash}",
		"same id twice":     head + "    - {id: a, run: x, shell: bash}\n    - {id: a, run: x, shell: bash}",
		"unknown step key":  head + "    - {run: x, shell: bash, shel: y}",
		"unknown input key": "name: x\ninputs: {a: {defualt: y}}\nruns: {using: node24, main: x}",
		"fraction":          "name: x\ninputs: {a: {default: 1.0}}\nruns: {using: node24, main: x}",
		"steps in node":     "name: x\nruns: {using: node24, steps: [{uses: a}]}",
		"not yaml":          "a: [",
	} {
		if _, err := ParseAction([]byte(text)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// actions/runner ActionManifestManager.cs (ConvertInputs) and
// CompositeActionHandler.cs; actions/runner#665.
func TestStepEnv(t *testing.T) {
	t.Parallel()
	a := mustParseAction(t, sampleAction)
	defaults := map[string]string{
		"INPUT_PLAIN": "", "INPUT_GIVEN_DEFAULT": "d e f", "INPUT_NULL": "",
		"INPUT_FLAG": "false", "INPUT_COUNT": "30", "TOKEN": "T", "AT": "path=/a/none;",
	}
	tests := map[string]struct{ with, change map[string]string }{
		"nothing given":           {nil, nil},
		"given":                   {map[string]string{"plain": "v"}, map[string]string{"INPUT_PLAIN": "v"}},
		"given is never trimmed":  {map[string]string{"plain": " v\n"}, map[string]string{"INPUT_PLAIN": " v\n"}},
		"empty beats the default": {map[string]string{"given_default": ""}, map[string]string{"INPUT_GIVEN_DEFAULT": ""}},
		"case does not matter":    {map[string]string{"Plain": "v"}, map[string]string{"INPUT_PLAIN": "v"}},
		"no second expansion": {
			map[string]string{"plain": "${{ github.token }}"},
			map[string]string{"INPUT_PLAIN": "${{ github.token }}"},
		},
		"undeclared adds nothing": {map[string]string{"other": "v"}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := a.StepEnv("main", tt.with, sampleContexts)
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]string{}
			for _, m := range []map[string]string{defaults, tt.change} {
				for k, v := range m {
					want[k] = v
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestStepEnvByNumber(t *testing.T) {
	t.Parallel()
	a := mustParseAction(t, sampleAction)
	if _, err := a.StepEnv("0", nil, sampleContexts); err != nil {
		t.Error(err)
	}
	for _, step := range []string{"1", "2", "-1", "", "other"} {
		if _, err := a.StepEnv(step, nil, sampleContexts); err == nil {
			t.Errorf("step %q: no error", step)
		}
	}
}

func TestExpressionsNotGuessed(t *testing.T) {
	t.Parallel()
	for _, expr := range []string{
		"inputs.other", "github.nothing", "nothing.at_all", "a", "github", "github.action_path.more",
		"hashFiles('x')", "1 + 1", "!inputs.plain", "inputs.plain == 'x'", "inputs.*", "'a' 'b'", "'", "",
		"inputs.", "inputs[plain]", "toJSON(inputs)", "format('{0}', inputs.plain)", "true", "inputs.plain && 'x'",
	} {
		a := &Action{
			Inputs: map[string]Input{"plain": {}},
			Runs:   Runs{Using: "composite", Steps: []ActionStep{{ID: "s", Env: map[string]string{"X": "${{ " + expr + " }}"}}}},
		}
		if got, err := a.StepEnv("s", nil, sampleContexts); err == nil {
			t.Errorf("%q gave %q", expr, got["X"])
		}
	}
}

func TestExpressions(t *testing.T) {
	t.Parallel()
	for template, want := range map[string]string{
		"plain $x {{ }}":                           "plain $x {{ }}",
		"${{ 'it''s }} || here' }}":                "it's }} || here",
		"${{ '' || github.ACTION_PATH }}":          "/a",
		"a${{github.token}}b${{ GitHub['token']}}": "aTbT",
		"${{ runner.os || '' }}":                   "",
	} {
		got, err := expand(template, sampleContexts.lookup)
		if err != nil || got != want {
			t.Errorf("%q: got %q, %v", template, got, err)
		}
	}
	if _, err := expand("${{ github.token", sampleContexts.lookup); err == nil {
		t.Error("an expression that is not closed is accepted")
	}
}

func TestCompositeOutputs(t *testing.T) {
	t.Parallel()
	a := mustParseAction(t, sampleAction)
	for name, steps := range map[string]map[string]map[string]string{
		"v": {"main": {"ID": "v"}},
		"":  {"main": {"other": "v"}},
	} {
		got, err := a.CompositeOutputs(steps)
		if diff := cmp.Diff(map[string]string{"id": name}, got); err != nil || diff != "" {
			t.Error(err, diff)
		}
	}
	broken := mustParseAction(t, strings.Replace(sampleAction, "steps.main", "steps.mian", 1))
	if _, err := broken.CompositeOutputs(nil); err == nil {
		t.Error("an output of a step that does not exist is accepted")
	}
}

func TestUnexpectedInputs(t *testing.T) {
	t.Parallel()
	a := mustParseAction(t, sampleAction)
	got := a.UnexpectedInputs(map[string]string{"zz": "", "PLAIN": "", "aa": ""})
	if diff := cmp.Diff([]string{"aa", "zz"}, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzExpand(f *testing.F) {
	f.Add("a${{ x['y'] || 'z' }}b")
	f.Fuzz(func(t *testing.T, template string) {
		got, err := expand(template, func([]string) (string, error) { return "V", nil })
		if !strings.Contains(template, "${{") && (err != nil || got != template) {
			t.Errorf("%q became %q, %v", template, got, err)
		}
	})
}
