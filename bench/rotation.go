package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// The most that a rotation may take, of what curl takes for the same in the same
// run.
const (
	mostOfCurl       = 0.40
	aimOfCurl        = 0.30 // on a machine on which curl takes most of its time to read certificates
	mostOfCurlFar    = 0.95
	mostOfCurlTwice  = 0.60
	mostOfCurlMemory = 1
)

// errMissing is the error for a tool that is not on this machine.
var errMissing = errors.New("not on this machine")

// The clients that are measured at every distance.
const (
	byID      = "vault-secret by ID: one PATCH"
	byName    = "vault-secret by name: list and PATCH"
	curlOnce  = "curl: one PATCH"
	curlTwice = "curl twice: list, then PATCH"
)

// What clients send.
var (
	patch        = []nairitest.Kind{nairitest.KindUpdate}
	listAndPatch = []nairitest.Kind{nairitest.KindList, nairitest.KindUpdate}
)

// client is one that gives one secret a new value.
type client struct {
	name    string
	against string // the one that does the same, far away too; "" where that is not asked
	sends   []nairitest.Kind
	find    finder
}

var clients = []client{
	{byID, curlOnce, patch, findOurByID},
	{curlOnce, curlOnce, patch, findCurl},
	{byName, curlTwice, listAndPatch, findOurByName},
	{curlTwice, curlTwice, listAndPatch, findCurlTwice},
	{"Go, net/http: PATCH", "", patch, findNetHTTP},
	{"Python, urllib: PATCH", "", patch, python("patch_urllib.py").find},
	{"Python, requests: PATCH", "", patch, pythonRequests.find},
	{"Ruby, net/http: PATCH", "", patch, ruby.find},
	{"Node, fetch: PATCH", "", patch, nodeFetch.find},
}

// distance is how far away the server is, as a round trip. What takes longer is
// measured in fewer rounds: it differs less.
type distance struct {
	roundTrip time.Duration
	name      string
	every     int
}

const away = 40 * time.Millisecond // about as far as a server of the same continent

var distances = []distance{
	{0, "on this machine", 1},
	{away, "40 ms away", 2},
	{150 * time.Millisecond, "150 ms away", 5},
}

// rotation gives one secret a new value by each of the clients.
func rotation(ctx context.Context, g *ground, o options) ([]section, error) {
	var contestants []contestant
	var notes []string
	for _, c := range clients {
		some, err := g.contestants(ctx, c)
		switch {
		case errors.Is(err, errMissing):
			notes = append(notes, "skipped: "+c.name+": "+err.Error())
			continue
		case err != nil:
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
		contestants = append(contestants, some...)
	}
	r, err := g.race(ctx, contestants, o.warmup, o.rounds)
	return []section{r.far(), r.near(notes)}, err
}

// contestants are a client at each distance.
func (g *ground) contestants(ctx context.Context, c client) ([]contestant, error) {
	tool, err := c.find(ctx, g)
	if err != nil {
		return nil, err
	}
	var all []contestant
	for _, d := range distances {
		if d.roundTrip > 0 && c.against == "" {
			continue
		}
		base, err := g.reach(g.address, d.roundTrip)
		if err != nil {
			return nil, err
		}
		all = append(all, contestant{c.name, tool.version, d.roundTrip, d.every, func() (turn, error) {
			value := freshValues(1)
			command, err := tool.command(base, value[0])
			return g.writing(command, value, c.sends...), err
		}})
	}
	return all, nil
}

// baseline is curl's one PATCH on this machine, for other scenarios to be measured
// by in their own rounds; none where there is no curl.
func (g *ground) baseline(ctx context.Context) ([]contestant, error) {
	for _, c := range clients {
		if c.name != curlOnce {
			continue
		}
		all, err := g.contestants(ctx, c)
		if errors.Is(err, errMissing) {
			return nil, nil
		}
		return all[:min(len(all), 1)], err
	}
	return nil, nil
}

// far shows the clients at each distance, beside the curl that does the same.
func (r results) far() section {
	s := section{title: "One rotation", header: []string{"client", "requests"}, bounds: r.bounds()}
	for _, d := range distances {
		s.header = append(s.header, d.name+", ms", "× curl")
	}
	for _, c := range clients {
		if _, found := r.of(c.name, 0); !found || c.against == "" {
			continue
		}
		row := []string{c.name, fmt.Sprint(len(c.sends))}
		for _, d := range distances {
			took, raced := r.of(c.name, d.roundTrip)
			like, found := r.of(c.against, d.roundTrip)
			row = append(row, number(took.wall, raced), times(took.wall, like.wall, raced && found))
		}
		s.rows = append(s.rows, row)
	}
	return s
}

// near shows all clients on this machine, beside curl's one PATCH.
func (r results) near(notes []string) section {
	s := section{title: "One rotation on this machine", notes: notes, header: []string{
		"client", "version", "wall ms", "× curl", "user + system ms", "× curl", "peak MiB", "× curl",
	}}
	base, found := r.of(curlOnce, 0)
	for i, c := range r.contestants {
		if c.distance > 0 {
			continue
		}
		took := r.took[i]
		s.rows = append(s.rows, []string{
			c.name, c.version,
			fmt.Sprintf("%.1f", median(took.wall)), times(took.wall, base.wall, found),
			fmt.Sprintf("%.1f", median(took.cpu)), times(took.cpu, base.cpu, found),
			fmt.Sprintf("%.1f", median(took.memory)), times(took.memory, base.memory, found),
		})
	}
	return s
}

// number is the median, if there is one.
func number(values []float64, found bool) string {
	if !found {
		return "–"
	}
	return fmt.Sprintf("%.1f", median(values))
}

// times is how many times the baseline something is, if there is one.
func times(values, baseline []float64, found bool) string {
	if !found {
		return "–"
	}
	return fmt.Sprintf("%.2f", ratio(values, baseline))
}

// limits are the bounds of a rotation.
var limits = []struct {
	what          string
	name, against string // clients
	distance      time.Duration
	measured      func(series) []float64
	most          float64
	aim           bool
}{
	{"by ID, of curl's one PATCH", byID, curlOnce, 0, series.time, mostOfCurl, false},
	{"by ID, of curl's one PATCH, on the faster kind of machine", byID, curlOnce, 0, series.time, aimOfCurl, true},
	{"by ID 40 ms away, of curl's one PATCH", byID, curlOnce, away, series.time, mostOfCurlFar, false},
	{"by name 40 ms away, of curl's list and PATCH", byName, curlTwice, away, series.time, mostOfCurlTwice, false},
	{"peak memory by ID, of curl's", byID, curlOnce, 0, series.peak, mostOfCurlMemory, false},
}

// bounds are those limits that there is something to compare for.
func (r results) bounds() []bound {
	var bounds []bound
	for _, l := range limits {
		we, raced := r.of(l.name, l.distance)
		it, found := r.of(l.against, l.distance)
		if raced && found {
			bounds = append(bounds, bound{what: l.what, got: ratio(l.measured(we), l.measured(it)), most: l.most, aim: l.aim})
		}
	}
	return bounds
}

func (s series) time() []float64 { return s.wall }
func (s series) peak() []float64 { return s.memory }
