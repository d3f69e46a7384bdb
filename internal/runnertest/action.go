package runnertest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// Action is the content of an action.yml.
type Action struct {
	Name        string
	Description string
	Inputs      map[string]Input
	Outputs     map[string]Output
	Runs        Runs
}

// Input is one entry under inputs. Names are matched without regard to case,
// as the runner does.
type Input struct {
	Description string
	// Required is documentation: the runner never reads it
	// (actions/runner ActionManifestManager.cs, ConvertInputs).
	Required           bool
	Default            string // may hold expressions
	HasDefault         bool   // tells "default: ''" from no default at all
	DeprecationMessage string
}

// Output is one entry under outputs. Value is an expression template, and is
// empty for actions that are not composite.
type Output struct {
	Description string
	Value       string
}

// Runs is the runs section. Steps is empty unless Using is "composite"; the
// other fields belong to docker and JavaScript actions.
type Runs struct {
	Using string
	Steps []ActionStep
	Main  string
	Image string
	Args  []string
	Env   map[string]string
}

// ActionStep is one step of a composite action, its expressions not yet evaluated.
type ActionStep struct {
	ID, Name, If     string
	Run, Shell       string
	WorkingDirectory string
	Uses             string
	With             map[string]string
	Env              map[string]string
}

// LoadAction reads the action.yml at path. Beyond YAML it refuses what GitHub
// would refuse on first use: a composite run step without a shell, a step
// with both or neither of run and uses, a repeated step id. It also refuses
// unknown keys, which GitHub ignores in places: there a typing mistake is all
// they can be.
func LoadAction(path string) (*Action, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return ParseAction(data)
}

// ParseAction is [LoadAction] for bytes already read.
func ParseAction(data []byte) (*Action, error) {
	var m manifest
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&m); err != nil {
		return nil, err
	}
	a, err := m.action()
	if err != nil {
		return nil, err
	}
	return a, checkSteps(a.Runs)
}

func checkSteps(r Runs) error {
	if r.Using != "composite" && len(r.Steps) > 0 {
		return fmt.Errorf("runs.using is %q, but there are steps", r.Using)
	}
	var errs []error
	seen := map[string]bool{}
	for i, s := range r.Steps {
		if s.ID != "" && seen[s.ID] {
			errs = append(errs, fmt.Errorf("step %d: the id %q is taken", i, s.ID))
		}
		seen[s.ID] = true
		if (s.Run == "") == (s.Uses == "") {
			errs = append(errs, fmt.Errorf("step %d: needs one of run and uses", i))
		}
		if s.Run != "" && s.Shell == "" {
			errs = append(errs, fmt.Errorf("step %d: run needs a shell in a composite action", i))
		}
	}
	return errors.Join(errs...)
}

// Step finds a step by its id, or by its number from 0 in decimal: ids start
// with a letter or an underscore, so the two cannot be confused.
func (a *Action) Step(id string) (ActionStep, error) {
	if n, err := strconv.Atoi(id); err == nil && n >= 0 && n < len(a.Runs.Steps) {
		return a.Runs.Steps[n], nil
	}
	for _, s := range a.Runs.Steps {
		if id != "" && s.ID == id {
			return s, nil
		}
	}
	return ActionStep{}, fmt.Errorf("no step %q", id)
}
