package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// contestant is a program that does the same as the others.
type contestant struct {
	name    string
	version string
	path    string // of the program, if it is built here
	writes  int    // how many values one run writes
	command func(values []string) (command, error)
}

// series is what the rounds of one contestant took, in their order.
type series struct {
	wall, cpu []float64 // in milliseconds
	memory    []float64 // in MiB
}

func (s *series) add(one sample) {
	s.wall = append(s.wall, milliseconds(one.Wall))
	s.cpu = append(s.cpu, milliseconds(one.CPU))
	s.memory = append(s.memory, float64(one.Memory)/(1<<20))
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// race runs every contestant once a round, in another order each time: what comes
// before a process has a say in how warm the caches are. The rounds of the warm-up
// do not count.
func (g *ground) race(ctx context.Context, contestants []contestant, warmup, rounds int) ([]series, error) {
	took := make([]series, len(contestants))
	for round := range warmup + rounds {
		for _, i := range rand.Perm(len(contestants)) {
			one, err := g.once(ctx, contestants[i])
			if err != nil {
				return nil, fmt.Errorf("%s: %w", contestants[i].name, err)
			}
			if round >= warmup {
				took[i].add(one)
			}
		}
	}
	return took, nil
}

// once lets a contestant run, and checks that it did its work: one that fails
// fast is not fast.
func (g *ground) once(ctx context.Context, c contestant) (sample, error) {
	if err := ctx.Err(); err != nil {
		return sample{}, err
	}
	values, since := freshValues(c.writes), len(g.History())
	command, err := c.command(values)
	if err != nil {
		return sample{}, err
	}
	one, err := g.watch.run(command)
	if err != nil {
		return one, errors.New(g.redact(err.Error(), values))
	}
	return one, g.wrote(since, values)
}

// redact takes out of a program's words what no error holds here either.
func (g *ground) redact(text string, values []string) string {
	for _, hidden := range append(values, g.key()) {
		text = strings.ReplaceAll(text, hidden, "***")
	}
	return text
}
