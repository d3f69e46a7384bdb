package runnertest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// StepEnv is the environment that a step of this composite action adds to
// the job's own: only what the step maps under env. GitHub sets no INPUT_X
// for composite steps (actions/runner#665; CompositeActionHandler.cs).
//
// step is an id or a number, see [Action.Step]. with is what the workflow
// wrote; a name that is not there takes the input's default, or the empty
// string (ActionManifestManager.cs, ConvertInputs), while a name given as
// empty stays empty. contexts answers expressions other than inputs.X. An
// expression that the model cannot answer is an error.
//
// Variables that GitHub sets for every step (GITHUB_ACTION_PATH and so on)
// are not included.
func (a *Action) StepEnv(step string, with map[string]string, contexts Contexts) (map[string]string, error) {
	s, err := a.Step(step)
	if err != nil {
		return nil, err
	}
	inputs, err := a.inputValues(with, contexts)
	if err != nil {
		return nil, err
	}
	look := func(path []string) (string, error) {
		if len(path) != 2 || !strings.EqualFold(path[0], "inputs") {
			return contexts.lookup(path)
		}
		v, ok := fold(inputs, path[1])
		if !ok {
			return "", fmt.Errorf("the input %q is not declared", path[1])
		}
		return v, nil
	}
	return expandAll(s.Env, look)
}

// UnexpectedInputs lists, sorted, the names in with that the action does not
// declare. GitHub only warns of them (ActionRunner.cs).
func (a *Action) UnexpectedInputs(with map[string]string) []string {
	var names []string
	for name := range with {
		if !a.declares(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func (a *Action) declares(name string) bool {
	for declared := range a.Inputs {
		if strings.EqualFold(declared, name) {
			return true
		}
	}
	return false
}

// inputValues is the inputs context. Like GitHub's it also holds the names
// in with that are not declared.
func (a *Action) inputValues(with map[string]string, contexts Contexts) (map[string]string, error) {
	values := maps.Clone(with)
	if values == nil {
		values = map[string]string{}
	}
	for name, in := range a.Inputs {
		if _, given := fold(with, name); given {
			continue
		}
		v, err := expand(in.Default, contexts.lookup)
		if err != nil {
			return nil, fmt.Errorf("default of the input %q: %w", name, err)
		}
		values[name] = v
	}
	return values, nil
}

// CompositeOutputs is what the action as a whole outputs, given what its
// steps set: by step id, then by output name. An output that a step did not
// set is empty, as on GitHub; one of a step that does not exist is an error.
func (a *Action) CompositeOutputs(steps map[string]map[string]string) (map[string]string, error) {
	templates := make(map[string]string, len(a.Outputs))
	for name, out := range a.Outputs {
		templates[name] = out.Value
	}
	return expandAll(templates, func(path []string) (string, error) {
		if len(path) != 4 || !strings.EqualFold(path[0], "steps") || !strings.EqualFold(path[2], "outputs") {
			return "", fmt.Errorf("%s is not known", strings.Join(path, "."))
		}
		if _, err := a.Step(path[1]); err != nil {
			return "", err
		}
		v, _ := fold(steps[path[1]], path[3])
		return v, nil
	})
}

func expandAll(templates map[string]string, look lookup) (map[string]string, error) {
	values := make(map[string]string, len(templates))
	for name, template := range templates {
		v, err := expand(template, look)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		values[name] = v
	}
	return values, nil
}
