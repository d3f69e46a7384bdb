package main

import (
	"context"
	"fmt"
)

// The most that a plan of 10,000 secrets and a sync of 1,000 that is 40 ms away
// may take.
const (
	mostOfPlan      = 5  // times curl's one PATCH
	mostOfMemory    = 96 // MiB
	mostOfIdeal     = 1.25
	mostOfProcesses = 1.0 / 7
)

// sizes are how many secrets a manifest has.
var sizes = []int{100, 1000, 10_000}

// What takes long has fewer rounds.
const (
	plansRounds = 10
	everySync   = 4 // rounds
)

// plans shows how a plan, and a sync against a server that is near, grow with the
// number of secrets.
func plans(ctx context.Context, g *ground, o options) ([]section, error) {
	s := section{title: "A vault as code, by the number of its secrets", header: []string{
		"secrets", "operation", "wall ms", "× curl's one PATCH", "ms a secret", "user + system ms", "peak MiB",
	}}
	r, err := g.bySize(ctx, sizes, o.within(plansRounds), func(c *crowd, ours string, n int) []contestant {
		return []contestant{
			{name: planOf(n), turn: func() (turn, error) { return c.plan(ours), nil }},
			{name: syncOf(n), every: everySync, turn: func() (turn, error) { return c.sync(ours), nil }},
		}
	})
	if err != nil {
		return nil, err
	}
	curl, found := r.of(curlOnce, 0)
	for _, n := range sizes {
		plan, _ := r.of(planOf(n), 0)
		sync, _ := r.of(syncOf(n), 0)
		s.rows = append(s.rows, sized(n, "plan", plan, times(plan.wall, curl.wall, found)), sized(n, "sync", sync, "–"))
		if n < sizes[len(sizes)-1] {
			continue
		}
		if found {
			s.bounds = append(s.bounds, bound{what: planOf(n) + ", of curl's one PATCH", got: ratio(plan.wall, curl.wall), most: mostOfPlan})
		}
		s.bounds = append(s.bounds,
			bound{what: "peak memory of a " + planOf(n), got: median(plan.memory), most: mostOfMemory, unit: " MiB"},
			bound{what: "peak memory of a " + syncOf(n), got: median(sync.memory), most: mostOfMemory, unit: " MiB"})
	}
	return []section{s}, nil
}

func planOf(n int) string { return fmt.Sprintf("plan of %d", n) }
func syncOf(n int) string { return fmt.Sprintf("sync of %d", n) }

func sized(n int, operation string, took series, multiple string) []string {
	return []string{
		fmt.Sprint(n), operation, fmt.Sprintf("%.0f", median(took.wall)), multiple, fmt.Sprintf("%.3f", median(took.wall)/float64(n)),
		fmt.Sprintf("%.0f", median(took.cpu)), fmt.Sprintf("%.1f", median(took.memory)),
	}
}

// What a sync against a server that is far away is compared in.
const (
	farSecrets  = 1000
	concurrency = 8 // the program's default
	inTurn      = 6 // how many processes, one after the other, stand for as many as there are secrets
	syncsInTurn = 3 // and how many of those come to one sync
)

// syncs compares a sync of many secrets with the time that the distance alone
// takes, and with one process after the other.
func syncs(ctx context.Context, g *ground, o options) ([]section, error) {
	s := section{title: fmt.Sprintf("%d secrets, %v away", farSecrets, away), header: []string{"how", "requests at a time", "wall ms"}}
	ours, err := g.ours(ctx)
	if err != nil {
		return nil, err
	}
	c, err := g.newCrowd(farSecrets, away)
	if err != nil {
		return nil, err
	}
	defer c.close()
	r, err := g.race(ctx, []contestant{
		{name: "one sync", every: syncsInTurn, turn: func() (turn, error) { return c.sync(ours), nil }},
		{name: "a process for each", turn: func() (turn, error) { return c.one(ours), nil }},
	}, 0, min(o.rounds, inTurn))
	if err != nil {
		return nil, err
	}
	together, each := r.took[0], r.took[1]
	ideal := milliseconds(away) * farSecrets / concurrency
	loop := median(each.wall) * farSecrets
	s.rows = [][]string{
		{"round trips alone", fmt.Sprint(concurrency), fmt.Sprintf("%.0f", ideal)},
		{"one sync", fmt.Sprint(concurrency), fmt.Sprintf("%.0f", median(together.wall))},
		{fmt.Sprintf("a process for each, by %d of them", len(each.wall)), "1", fmt.Sprintf("%.0f", loop)},
	}
	s.bounds = []bound{
		{what: "one sync, of the round trips alone", got: median(together.wall) / ideal, most: mostOfIdeal},
		{what: "one sync, of a process for each", got: median(together.wall) / loop, most: mostOfProcesses},
	}
	return []section{s}, nil
}
