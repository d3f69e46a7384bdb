package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// mostOfFlags is the most that a run with flags may take, of the same run with variables.
const mostOfFlags = 1.05

// flagsTimes is how many more rounds there are than of others: what is to be told apart is
// less than two runs of a kind differ, and a run takes some milliseconds.
const flagsTimes = 10

// spelt is a run that can be asked for in two ways. What is not spelled in one of them is
// the same in both: no CI, and the value in a variable of its own.
type spelt struct {
	name   string
	verb   string // which is the operation, too
	inputs [][2]string
	value  bool // whether it writes one
}

// variables and arguments ask for it.
func (s spelt) variables() []string {
	variables := []string{"INPUT_OPERATION=" + s.verb}
	for _, given := range s.inputs {
		variables = append(variables, "INPUT_"+strings.ToUpper(given[0])+"="+given[1])
	}
	return variables
}

func (s spelt) arguments() []string {
	arguments := []string{s.verb}
	for _, given := range s.inputs {
		arguments = append(arguments, input.Flag(given[0]), given[1])
	}
	return arguments
}

// byVariables and byFlags name the run in its two ways.
func (s spelt) byVariables() string { return s.name + ", by variables" }
func (s spelt) byFlags() string     { return s.name + ", by flags" }

// valueVariable is where a run finds the value that it writes.
const valueVariable = "NEXT_VALUE"

func (g *ground) spelt(c *crowd) []spelt {
	return []spelt{
		{
			name: "a value, set by ID", verb: "set", value: true,
			inputs: [][2]string{{input.VaultID, g.vaultID}, {input.SecretID, g.secretID}, {"allowed_domains", domain}, {"value_env", valueVariable}},
		},
		{
			name: fmt.Sprintf("a lint of %d entries", len(c.names)), verb: "lint",
			inputs: [][2]string{{input.Manifest, c.manifest}},
		},
	}
}

// linted is how many entries the manifest of the lint has: few, as the start is measured.
const linted = 3

// flags compares runs on a command line with the same ones by variables.
func flags(ctx context.Context, g *ground, o options) ([]section, error) {
	ours, err := g.ours(ctx)
	if err != nil {
		return nil, err
	}
	base, err := g.reach(g.address, 0)
	if err != nil {
		return nil, err
	}
	c, err := g.newCrowd(linted, 0)
	if err != nil {
		return nil, err
	}
	defer c.close()
	runs := g.spelt(c)
	var contestants []contestant
	for _, run := range runs {
		contestants = append(contestants,
			contestant{name: run.byVariables(), turn: g.begun(ours, base, run, run.variables(), nil)},
			contestant{name: run.byFlags(), turn: g.begun(ours, base, run, nil, run.arguments())})
	}
	r, err := g.race(ctx, contestants, o.warmup, flagsTimes*o.rounds)
	return []section{r.flags(runs)}, err
}

// begun is how a run begins in one of its ways. It fails if it does not send what it is to.
func (g *ground) begun(program, base string, run spelt, variables, arguments []string) func() (turn, error) {
	return func() (turn, error) {
		c := command{Path: program, Args: arguments, Env: g.environ(base, variables...)}
		if !run.value {
			return g.writing(c, nil), nil
		}
		value := freshValues(1)
		c.Env = append(c.Env, valueVariable+"="+value[0])
		return g.writing(c, value, nairitest.KindUpdate), nil
	}
}

// flags shows each run in its two ways, with the bound of the second.
func (r results) flags(runs []spelt) section {
	s := section{title: "Flags, or variables", header: []string{
		"run", "spelled by", "wall ms", "× by variables", "user + system ms", "peak MiB",
	}}
	for _, run := range runs {
		like, _ := r.of(run.byVariables(), 0)
		took, _ := r.of(run.byFlags(), 0)
		s.rows = append(s.rows, ways(run, "variables", like, like), ways(run, "flags", took, like))
		s.bounds = append(s.bounds, bound{what: run.byFlags() + ", of the same by variables", got: ratio(took.wall, like.wall), most: mostOfFlags})
	}
	if len(r.took) > 0 {
		s.notes = []string{fmt.Sprintf("%d runs of each, in turn", len(r.took[0].wall))}
	}
	return s
}

func ways(run spelt, by string, took, like series) []string {
	return []string{
		run.name, by, fmt.Sprintf("%.2f", median(took.wall)), fmt.Sprintf("%.3f", ratio(took.wall, like.wall)),
		fmt.Sprintf("%.2f", median(took.cpu)), fmt.Sprintf("%.1f", median(took.memory)),
	}
}
