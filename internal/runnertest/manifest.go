package runnertest

import (
	"fmt"
	"strconv"
)

// manifest is action.yml as YAML has it. Scalars stay untyped, because to the
// runner every one of them is text and because "default:" with nothing after
// it is present, yet null.
type manifest struct {
	Name        string                    `yaml:"name"`
	Author      string                    `yaml:"author"`
	Description string                    `yaml:"description"`
	Inputs      map[string]map[string]any `yaml:"inputs"`
	Outputs     map[string]struct {
		Description string `yaml:"description"`
		Value       string `yaml:"value"`
	} `yaml:"outputs"`
	Runs     manifestRuns      `yaml:"runs"`
	Branding map[string]string `yaml:"branding"`
}

type manifestRuns struct {
	Using          string         `yaml:"using"`
	Steps          []manifestStep `yaml:"steps"`
	Main           string         `yaml:"main"`
	Pre            string         `yaml:"pre"`
	PreIf          string         `yaml:"pre-if"`
	Post           string         `yaml:"post"`
	PostIf         string         `yaml:"post-if"`
	Image          string         `yaml:"image"`
	Args           []string       `yaml:"args"`
	Entrypoint     string         `yaml:"entrypoint"`
	PreEntrypoint  string         `yaml:"pre-entrypoint"`
	PostEntrypoint string         `yaml:"post-entrypoint"`
	Env            map[string]any `yaml:"env"`
}

type manifestStep struct {
	ID               string         `yaml:"id"`
	Name             string         `yaml:"name"`
	If               any            `yaml:"if"`
	Run              string         `yaml:"run"`
	Shell            string         `yaml:"shell"`
	WorkingDirectory string         `yaml:"working-directory"`
	ContinueOnError  any            `yaml:"continue-on-error"`
	Uses             string         `yaml:"uses"`
	With             map[string]any `yaml:"with"`
	Env              map[string]any `yaml:"env"`
}

func (m manifest) action() (*Action, error) {
	a := &Action{
		Name:        m.Name,
		Description: m.Description,
		Inputs:      map[string]Input{},
		Outputs:     map[string]Output{},
	}
	for name, keys := range m.Inputs {
		in, err := newInput(keys)
		if err != nil {
			return nil, fmt.Errorf("inputs.%s: %w", name, err)
		}
		a.Inputs[name] = in
	}
	for name, out := range m.Outputs {
		a.Outputs[name] = Output(out)
	}
	var err error
	a.Runs, err = m.Runs.runs()
	return a, err
}

func newInput(keys map[string]any) (in Input, err error) {
	for key, v := range keys {
		switch key {
		case "description":
			in.Description, err = text(v)
		case "required":
			var ok bool
			if in.Required, ok = v.(bool); !ok {
				err = fmt.Errorf("required is not true or false")
			}
		case "default":
			in.HasDefault = true
			in.Default, err = text(v)
		case "deprecationMessage":
			in.DeprecationMessage, err = text(v)
		default:
			err = fmt.Errorf("unknown key %q", key)
		}
		if err != nil {
			return Input{}, err
		}
	}
	return in, nil
}

func (r manifestRuns) runs() (Runs, error) {
	env, err := texts(r.Env)
	if err != nil {
		return Runs{}, fmt.Errorf("runs.env: %w", err)
	}
	runs := Runs{Using: r.Using, Main: r.Main, Image: r.Image, Args: r.Args, Env: env}
	for i, s := range r.Steps {
		step, err := s.step()
		if err != nil {
			return Runs{}, fmt.Errorf("step %d: %w", i, err)
		}
		runs.Steps = append(runs.Steps, step)
	}
	return runs, nil
}

func (s manifestStep) step() (ActionStep, error) {
	cond, err := text(s.If)
	if err != nil {
		return ActionStep{}, err
	}
	with, err := texts(s.With)
	if err != nil {
		return ActionStep{}, err
	}
	env, err := texts(s.Env)
	if err != nil {
		return ActionStep{}, err
	}
	return ActionStep{
		ID: s.ID, Name: s.Name, If: cond, Run: s.Run, Shell: s.Shell,
		WorkingDirectory: s.WorkingDirectory, Uses: s.Uses, With: with, Env: env,
	}, nil
}

func texts(m map[string]any) (map[string]string, error) {
	out := make(map[string]string, len(m))
	for k, v := range m {
		s, err := text(v)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", k, err)
		}
		out[k] = s
	}
	return out, nil
}

// text is a scalar as the runner spells it. A number with a fraction is
// refused: whether 1.0 arrives as "1" or "1.0" is not worth a guess, and
// quoting it settles the matter.
func text(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case bool:
		return strconv.FormatBool(v), nil
	case int, int64, uint64:
		return fmt.Sprint(v), nil
	}
	return "", fmt.Errorf("%T is not text: quote it", v)
}
