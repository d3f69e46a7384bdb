package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strings"
)

// mostOfGrowth is how much more of the processors a secret may take among the most
// secrets than among the next fewer: what grows with the square of them takes ten times
// as much.
const mostOfGrowth = 1.5

// growthSizes are how many secrets there are.
var growthSizes = []int{1000, 10_000, 100_000}

// growthRounds are few: what is compared is the time of the processors, which differs
// less from run to run than what a clock shows. A sync of the most takes most of a
// minute.
const growthRounds = 3

// operation is one of which the growth is shown.
type operation struct {
	name string
	once bool // is measured in the first round alone
	turn func(c *crowd, program string) (turn, error)
}

var operations = []operation{
	{"lint", false, func(c *crowd, program string) (turn, error) { return c.lint(program), nil }},
	{"plan", false, func(c *crowd, program string) (turn, error) { return c.plan(program), nil }},
	{"export", false, func(c *crowd, program string) (turn, error) { return c.export(program, nil) }},
	{"sync", true, (*crowd).syncFromFile},
}

func (o operation) of(n int) string { return fmt.Sprintf("%s of %d", o.name, n) }

// growth shows how what is done with many secrets grows with their number.
func growth(ctx context.Context, g *ground, o options) ([]section, error) {
	ours, err := g.ours(ctx)
	if err != nil {
		return nil, err
	}
	var contestants []contestant
	for _, n := range growthSizes {
		c, err := g.newCrowd(n, 0)
		if err != nil {
			return nil, err
		}
		defer c.close()
		for _, op := range operations {
			every := 1
			if op.once {
				every = growthRounds
			}
			contestants = append(contestants, contestant{name: op.of(n), every: every, turn: func() (turn, error) { return op.turn(c, ours) }})
		}
	}
	r, err := g.race(ctx, contestants, 0, min(o.rounds, growthRounds))
	if err != nil {
		return nil, err
	}
	return []section{r.growth(growthSizes)}, nil
}

// growth is the table of what operations took with so many secrets, and the bounds of the
// most of them.
func (r results) growth(sizes []int) section {
	s := section{title: "By the number of secrets", header: []string{
		"operation", "secrets", "wall ms", "user + system ms", "µs of them a secret", "× a secret of the next fewer", "peak MiB",
	}}
	for _, op := range operations {
		former := 0.0 // µs a secret
		for i, n := range sizes {
			took, _ := r.of(op.of(n), 0)
			each := median(took.cpu) * 1000 / float64(n)
			times := "–"
			if i > 0 {
				times = fmt.Sprintf("%.2f", each/former)
			}
			s.rows = append(s.rows, []string{
				op.name, fmt.Sprint(n), fmt.Sprintf("%.0f", median(took.wall)), fmt.Sprintf("%.0f", median(took.cpu)),
				fmt.Sprintf("%.1f", each), times, fmt.Sprintf("%.1f", median(took.memory)),
			})
			if i > 0 && i == len(sizes)-1 {
				s.bounds = append(s.bounds, bound{what: op.of(n) + " by the secret, of " + op.of(sizes[i-1]), got: each / former, most: mostOfGrowth})
			}
			former = each
		}
	}
	return s
}

// syncFromFile writes every secret of the manifest, with short values from a file: no
// command has room for the variables of 100,000, nor a file of values for long ones.
func (c *crowd) syncFromFile(program string) (turn, error) {
	var text strings.Builder
	values := make([]string, len(c.names))
	for i, name := range c.names {
		var random [10]byte
		_, _ = rand.Read(random[:])
		values[i] = hex.EncodeToString(random[:])
		text.WriteString(name + "=" + values[i] + "\n")
	}
	file, err := c.g.write(fmt.Sprintf("values-of-%d.env", len(c.names)), []byte(text.String()))
	if err != nil {
		return turn{}, err
	}
	return c.turn(c.command(program, "INPUT_OPERATION=sync", "INPUT_MANIFEST="+c.manifest, "INPUT_VALUES_FILE="+file, "INPUT_TIMEOUT=10m"), values), nil
}
