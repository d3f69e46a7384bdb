package main

import (
	"context"
	"fmt"
	"time"
)

// The most that a plan of 10,000 secrets, and a sync of 1,000 at 50 ms a request,
// may take.
const (
	mostOfPlan      = 150 // ms
	mostOfMemory    = 96  // MiB
	mostOfIdeal     = 1.25
	mostOfProcesses = 1.0 / 7
)

// sizes are how many secrets a manifest has.
var sizes = []int{100, 1000, 10_000}

// few are rounds for what takes long.
func (o options) few() int { return min(o.rounds, 10) }

// plans shows how a plan, and a sync against a server that is near, grow with the
// number of secrets.
func plans(ctx context.Context, g *ground, o options) (section, error) {
	s := section{title: "A vault as code, by the number of its secrets", header: []string{
		"secrets", "operation", "wall ms", "ms a secret", "user + system ms", "peak MiB",
	}}
	ours, err := findOurs(ctx, g)
	if err != nil {
		return s, err
	}
	for _, n := range sizes {
		c, err := g.newCrowd(n, 0)
		if err != nil {
			return s, err
		}
		plan, sync, err := c.both(ctx, ours.path, o.few())
		c.close()
		if err != nil {
			return s, err
		}
		s.rows = append(s.rows, sized(n, "plan", plan), sized(n, "sync", sync))
		if n == sizes[len(sizes)-1] {
			s.bounds = []bound{
				{fmt.Sprintf("plan of %d", n), median(plan.wall), mostOfPlan, " ms"},
				{fmt.Sprintf("peak memory of a plan of %d", n), median(plan.memory), mostOfMemory, " MiB"},
				{fmt.Sprintf("peak memory of a sync of %d", n), median(sync.memory), mostOfMemory, " MiB"},
			}
		}
	}
	return s, nil
}

// both times plans and syncs.
func (c *crowd) both(ctx context.Context, program string, rounds int) (plan, sync series, err error) {
	plan, err = c.timed(ctx, rounds, func() (command, []string) { return c.plan(program), nil })
	if err != nil {
		return plan, sync, err
	}
	sync, err = c.timed(ctx, min(rounds, 3), func() (command, []string) { return c.sync(program) })
	return plan, sync, err
}

func sized(n int, operation string, took series) []string {
	return []string{
		fmt.Sprint(n), operation, fmt.Sprintf("%.0f", median(took.wall)), fmt.Sprintf("%.3f", median(took.wall)/float64(n)),
		fmt.Sprintf("%.0f", median(took.cpu)), fmt.Sprintf("%.1f", median(took.memory)),
	}
}

// What a sync against a server that is far away is compared in.
const (
	far         = 50 * time.Millisecond // the latency of a request
	farSecrets  = 1000
	concurrency = 8  // the program's default
	inTurn      = 20 // how many processes, one after the other, stand for as many as there are secrets
)

// syncs compares a sync of many secrets with the time that the latency alone
// takes, and with one process after the other.
func syncs(ctx context.Context, g *ground, o options) (section, error) {
	s := section{title: fmt.Sprintf("%d secrets at %v a request", farSecrets, far), header: []string{"how", "requests at a time", "wall ms"}}
	ours, err := findOurs(ctx, g)
	if err != nil {
		return s, err
	}
	c, err := g.newCrowd(farSecrets, far)
	if err != nil {
		return s, err
	}
	defer c.close()
	together, err := c.timed(ctx, min(o.rounds, 3), func() (command, []string) { return c.sync(ours.path) })
	if err != nil {
		return s, err
	}
	each, err := c.timed(ctx, inTurn, func() (command, []string) {
		values := freshValues(1)
		return c.one(ours.path, c.names[0], values[0]), values
	})
	if err != nil {
		return s, err
	}
	ideal := milliseconds(far) * farSecrets / concurrency
	loop := median(each.wall) * farSecrets
	s.rows = [][]string{
		{"latency alone", fmt.Sprint(concurrency), fmt.Sprintf("%.0f", ideal)},
		{"one sync", fmt.Sprint(concurrency), fmt.Sprintf("%.0f", median(together.wall))},
		{fmt.Sprintf("a process for each, by %d of them", inTurn), "1", fmt.Sprintf("%.0f", loop)},
	}
	s.bounds = []bound{
		{"one sync, of the latency alone", median(together.wall) / ideal, mostOfIdeal, ""},
		{"one sync, of a process for each", median(together.wall) / loop, mostOfProcesses, ""},
	}
	return s, nil
}
