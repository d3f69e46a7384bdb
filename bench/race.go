package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// contestant is something that runs against others, always in the same way.
type contestant struct {
	name     string
	version  string
	distance time.Duration // of the server, as a round trip
	every    int           // runs in every so many rounds; 0 for each
	turn     func() (turn, error)
}

// turn is one run of a contestant.
type turn struct {
	command command
	values  []string     // that it writes; no error shows them
	check   func() error // whether it did its work, once it is over
}

// series is what the rounds of one contestant took, in their order.
type series struct {
	wall, cpu, own []float64 // in milliseconds
	memory         []float64 // in MiB
	late           bool      // whether one was ended before its end
}

func (s *series) add(one sample) {
	s.wall = append(s.wall, milliseconds(one.Wall))
	s.cpu = append(s.cpu, milliseconds(one.CPU))
	s.own = append(s.own, milliseconds(one.Own))
	s.memory = append(s.memory, float64(one.Memory)/(1<<20))
	s.late = s.late || one.Late
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// race runs every contestant once a round, in another order each time: what comes
// before a process has a say in how warm the caches are. The rounds of the warm-up
// do not count. Contestants that run in as few rounds as each other run in the same.
func (g *ground) race(ctx context.Context, contestants []contestant, warmup, rounds int) (results, error) {
	r := results{contestants, make([]series, len(contestants))}
	for round := -warmup; round < rounds; round++ {
		for _, i := range rand.Perm(len(contestants)) {
			c := contestants[i]
			if round%max(c.every, 1) != 0 {
				continue
			}
			one, err := g.once(ctx, c)
			if err != nil {
				return r, fmt.Errorf("%s: %w", c.name, err)
			}
			if round >= 0 {
				r.took[i].add(one)
			}
		}
	}
	return r, nil
}

// once lets a contestant run, and checks that it did its work: one that fails
// fast is not fast.
func (g *ground) once(ctx context.Context, c contestant) (sample, error) {
	if err := ctx.Err(); err != nil {
		return sample{}, err
	}
	turn, err := c.turn()
	if err != nil {
		return sample{}, err
	}
	one, err := g.run(ctx, turn.command)
	if err != nil {
		return one, errors.New(g.redact(err.Error(), turn.values))
	}
	if one.Late { // it cannot have done its work, and what it took tells enough
		return one, nil
	}
	return one, turn.check()
}

// run runs a command by the stopwatch, which is a new one after a large command, so
// that it is small for the next.
func (g *ground) run(ctx context.Context, c command) (sample, error) {
	one, err := g.watch.run(c)
	if err == nil && c.large() {
		g.watch.stop()
		g.watch, err = startStopwatch(ctx)
	}
	return one, err
}

// redact takes out of a program's words what no error holds here either, also a
// line of a value alone.
func (g *ground) redact(text string, values []string) string {
	for _, value := range append(values, g.key()) {
		for line := range strings.SplitSeq(value, "\n") {
			text = strings.ReplaceAll(text, line, "***")
		}
	}
	return text
}

// results are what the contestants of a race took.
type results struct {
	contestants []contestant
	took        []series // of each
}

// of is the series of a contestant; false if it was not in the race.
func (r results) of(name string, distance time.Duration) (series, bool) {
	at := slices.IndexFunc(r.contestants, func(c contestant) bool { return c.name == name && c.distance == distance })
	if at < 0 {
		return series{}, false
	}
	return r.took[at], true
}
