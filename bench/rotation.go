package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// The most that a rotation may take.
const (
	mostOfCurlsWall   = 0.40
	mostOfNodesWall   = 0.08
	mostOfCurlsMemory = 1
)

// errMissing is the error for a tool that is not on this machine.
var errMissing = errors.New("not on this machine")

// The clients that others are compared with.
const (
	ours = "vault-secret: look and PATCH"
	curl = "curl: PATCH"
	node = "Node, fetch: PATCH"
)

// clients are the contestants of a rotation. All but ours send the one PATCH.
var clients = []struct {
	name string
	find func(ctx context.Context, g *ground) (contestant, error)
}{
	{ours, findOurs},
	{curl, findCurl},
	{"Go, net/http: PATCH", findNetHTTP},
	{"Python, urllib: PATCH", python("patch_urllib.py").find},
	{"Python, requests: PATCH", pythonRequests.find},
	{"Ruby, net/http: PATCH", ruby.find},
	{node, nodeFetch.find},
}

// rotation gives one secret a new value by each of the clients.
func rotation(ctx context.Context, g *ground, o options) (section, error) {
	s := section{title: "One rotation", header: []string{
		"client", "version", "wall ms", "× curl", "user + system ms", "× curl", "peak MiB", "× curl",
	}}
	var contestants []contestant
	for _, client := range clients {
		c, err := client.find(ctx, g)
		switch {
		case errors.Is(err, errMissing):
			s.notes = append(s.notes, "skipped: "+client.name+": "+err.Error())
			continue
		case err != nil:
			return s, fmt.Errorf("%s: %w", client.name, err)
		}
		c.name, c.writes = client.name, 1
		contestants = append(contestants, c)
	}
	took, err := g.race(ctx, contestants, o.warmup, o.rounds)
	if err != nil {
		return s, err
	}
	s.rows, s.bounds = compare(contestants, took), limits(contestants, took)
	return s, nil
}

// find returns the series of a contestant by name; false if it was skipped.
func find(name string, contestants []contestant, took []series) (series, bool) {
	at := slices.IndexFunc(contestants, func(c contestant) bool { return c.name == name })
	if at < 0 {
		return series{}, false
	}
	return took[at], true
}

// compare makes a row of each contestant. Without curl there are no ratios.
func compare(contestants []contestant, took []series) [][]string {
	base, found := find(curl, contestants, took)
	against := func(values, baseline []float64) string {
		if !found {
			return "–"
		}
		return fmt.Sprintf("%.2f", ratio(values, baseline))
	}
	rows := make([][]string, len(contestants))
	for i, c := range contestants {
		rows[i] = []string{
			c.name, c.version,
			fmt.Sprintf("%.1f", median(took[i].wall)), against(took[i].wall, base.wall),
			fmt.Sprintf("%.1f", median(took[i].cpu)), against(took[i].cpu, base.cpu),
			fmt.Sprintf("%.1f", median(took[i].memory)), against(took[i].memory, base.memory),
		}
	}
	return rows
}

// limits are those that there is something to compare for.
func limits(contestants []contestant, took []series) []bound {
	var bounds []bound
	we, _ := find(ours, contestants, took)
	if it, found := find(curl, contestants, took); found {
		bounds = append(bounds,
			bound{"wall time, of curl's", ratio(we.wall, it.wall), mostOfCurlsWall, ""},
			bound{"peak memory, of curl's", ratio(we.memory, it.memory), mostOfCurlsMemory, ""})
	}
	if it, found := find(node, contestants, took); found {
		bounds = append(bounds, bound{"wall time, of Node's", ratio(we.wall, it.wall), mostOfNodesWall, ""})
	}
	return bounds
}
