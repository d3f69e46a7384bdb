package runnertest

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Action is the content of the action.yml of a composite action. Every scalar
// is text, as it is to the runner; expressions are not evaluated.
type Action struct {
	Name        string            `yaml:"name"`
	Author      string            `yaml:"author"`
	Description string            `yaml:"description"`
	Inputs      map[string]Input  `yaml:"inputs"`
	Outputs     map[string]Output `yaml:"outputs"`
	Runs        Runs              `yaml:"runs"`
	Branding    map[string]string `yaml:"branding"`
}

// Input is one entry under inputs.
type Input struct {
	Description string `yaml:"description"`
	// Required is documentation: the runner never reads it
	// (actions/runner ActionManifestManager.cs, ConvertInputs).
	Required bool   `yaml:"required"`
	Default  string `yaml:"default"`
}

// Output is one entry under outputs. Value is an expression.
type Output struct {
	Description string `yaml:"description"`
	Value       string `yaml:"value"`
}

// Runs is the section that says how the action runs.
type Runs struct {
	Using string       `yaml:"using"`
	Steps []ActionStep `yaml:"steps"`
}

// ActionStep is one step of a composite action.
type ActionStep struct {
	ID    string            `yaml:"id"`
	Name  string            `yaml:"name"`
	If    string            `yaml:"if"`
	Run   string            `yaml:"run"`
	Shell string            `yaml:"shell"`
	Uses  string            `yaml:"uses"`
	With  map[string]string `yaml:"with"`
	Env   map[string]string `yaml:"env"`
}

// LoadAction reads the action.yml at path. Beyond YAML it refuses what GitHub
// would refuse on first use: a run step without a shell, a step with both or
// neither of run and uses, a step id that is used twice. It also refuses keys
// that a composite action does not have. GitHub ignores some of those, but
// here they can only be typing mistakes.
func LoadAction(path string) (*Action, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parseAction(data)
}

func parseAction(data []byte) (*Action, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return nil, err
	}
	var a Action
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&a); err != nil {
		return nil, err
	}
	return &a, errors.Join(refuseFractions(&root), a.Runs.check())
}

// refuseFractions asks for quotes around a number with a fraction. Whether the
// runner spells an unquoted 1.0 as "1" or "1.0" is not worth a guess.
func refuseFractions(n *yaml.Node) error {
	var err error
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!float" {
		err = fmt.Errorf("line %d: %s is a fraction: quote it", n.Line, n.Value)
	}
	for _, child := range n.Content {
		err = errors.Join(err, refuseFractions(child))
	}
	return err
}

func (r Runs) check() error {
	if r.Using != "composite" {
		return fmt.Errorf("runs.using is %q, want composite", r.Using)
	}
	var errs []error
	seen := map[string]bool{}
	for i, s := range r.Steps {
		if seen[s.ID] {
			errs = append(errs, fmt.Errorf("step %d: the id %q is used twice", i, s.ID))
		}
		seen[s.ID] = s.ID != ""
		if (s.Run == "") == (s.Uses == "") {
			errs = append(errs, fmt.Errorf("step %d: needs either run or uses", i))
		}
		if s.Run != "" && s.Shell == "" {
			errs = append(errs, fmt.Errorf("step %d: run needs a shell in a composite action", i))
		}
	}
	return errors.Join(errs...)
}

// Step finds a step by its id.
func (a *Action) Step(id string) (ActionStep, error) {
	for _, s := range a.Runs.Steps {
		if id != "" && s.ID == id {
			return s, nil
		}
	}
	return ActionStep{}, fmt.Errorf("no step %q", id)
}

// inputExpression is the one expression that StepEnv evaluates.
var inputExpression = regexp.MustCompile(`^\$\{\{ inputs\.([a-z_]+) \}\}$`)

// StepEnv is the environment that a step of this composite action adds to the
// job's own, given what the workflow wrote under with: only what the step maps
// under env. GitHub sets no INPUT_X for composite steps (actions/runner#665;
// CompositeActionHandler.cs).
//
// An input that is not in with takes its default, or the empty string; one
// that is given as empty stays empty (ActionManifestManager.cs, ConvertInputs).
// An input that the action does not declare is an error here; GitHub only
// warns. So is every expression other than ${{ inputs.NAME }}, in env and in
// a default.
func (a *Action) StepEnv(step string, with map[string]string) (map[string]string, error) {
	s, err := a.Step(step)
	if err != nil {
		return nil, err
	}
	var errs []error
	for name := range with {
		if _, declared := a.Inputs[name]; !declared {
			errs = append(errs, fmt.Errorf("the input %q is not declared", name))
		}
	}
	env := maps.Clone(s.Env)
	for variable, template := range s.Env {
		env[variable], err = a.evaluate(template, with)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", variable, err))
		}
	}
	return env, errors.Join(errs...)
}

// evaluate returns the value of the input that template names.
func (a *Action) evaluate(template string, with map[string]string) (string, error) {
	match := inputExpression.FindStringSubmatch(template)
	if match == nil {
		return "", fmt.Errorf("%q is not ${{ inputs.NAME }}", template)
	}
	name := match[1]
	if value, given := with[name]; given {
		return value, nil
	}
	in, declared := a.Inputs[name]
	switch {
	case !declared:
		return "", fmt.Errorf("the input %q is not declared", name)
	case strings.Contains(in.Default, "${{"):
		return "", fmt.Errorf("the default of the input %q is an expression", name)
	}
	return in.Default, nil
}
