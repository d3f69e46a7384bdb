package main

import (
	"context"
	"fmt"
)

// The most that a lint of 10,000 entries may take, in times curl's one PATCH.
const mostOfLint = 3.5

// lintSizes are how many entries the manifests have; the last is the bounded one.
var lintSizes = []int{1000, 10_000}

func lintOf(n int) string { return fmt.Sprintf("lint of %d", n) }

// lints shows how a lint grows with the number of entries. It sends nothing.
func lints(ctx context.Context, g *ground, o options) ([]section, error) {
	s := section{title: "A lint, by the number of entries", header: []string{
		"entries", "operation", "wall ms", "× curl's one PATCH", "ms an entry", "user + system ms", "peak MiB",
	}}
	r, err := g.bySize(ctx, lintSizes, o.within(plansRounds), func(c *crowd, ours string, n int) []contestant {
		return []contestant{{name: lintOf(n), turn: func() (turn, error) { return c.lint(ours), nil }}}
	})
	if err != nil {
		return nil, err
	}
	s.report(r)
	return []section{s}, nil
}

// report fills a section with what lints took.
func (s *section) report(r results) {
	curl, found := r.of(curlOnce, 0)
	for _, n := range lintSizes {
		took, _ := r.of(lintOf(n), 0)
		s.rows = append(s.rows, sized(n, "lint", took, times(took.wall, curl.wall, found)))
	}
	bounded := lintSizes[len(lintSizes)-1]
	if took, _ := r.of(lintOf(bounded), 0); found {
		s.bounds = append(s.bounds, bound{what: lintOf(bounded) + ", of curl's one PATCH", got: ratio(took.wall, curl.wall), most: mostOfLint})
	}
}
