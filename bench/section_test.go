package main

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestMarkdown(t *testing.T) {
	t.Parallel()
	s := section{
		title:  "A title",
		header: []string{"client", "version", "wall ms"},
		rows:   [][]string{{"a|b", "1.2", "3.4"}, {"c", "5", "–"}},
		bounds: []bound{{what: "time, of curl's", got: 0.25, most: 0.4}, {what: "memory", got: 97, most: 96, unit: " MiB"}},
		notes:  []string{"skipped: d: not on this machine"},
	}
	const want = `### A title

| client | version | wall ms |
| --- | --- | ---: |
| a\|b | 1.2 | 3.4 |
| c | 5 | – |

- pass: time, of curl's: 0.25, at most 0.40
- miss: memory: 97.00 MiB, at most 96.00 MiB
- skipped: d: not on this machine
`
	if d := cmp.Diff(want, s.markdown()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"memory"}, s.missed()); d != "" {
		t.Error(d)
	}
	skipped := section{title: "A title", header: []string{"step"}, notes: []string{"skipped: act: not on this machine"}}
	if d := cmp.Diff("### A title\n\n- skipped: act: not on this machine\n", skipped.markdown()); d != "" {
		t.Error(d)
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		got  float64
		aim  bool
		want string
		miss bool
	}{
		{1, false, "pass: x: 1.00, at most 1.00", false},
		{1.01, false, "miss: x: 1.01, at most 1.00", true},
		{math.NaN(), false, "miss: x: NaN, at most 1.00", true},
		{math.Inf(1), false, "miss: x: +Inf, at most 1.00", true},
		{1, true, "reached: x: 1.00, at most 1.00", false},
		{1.01, true, "not reached: x: 1.01, at most 1.00", false},
	} {
		b := bound{what: "x", got: test.got, most: 1, aim: test.aim}
		if got := b.String(); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
		if missed := len((section{bounds: []bound{b}}).missed()) > 0; missed != test.miss {
			t.Errorf("%v is missed: %t", b, missed)
		}
	}
	givenUp := bound{what: "x", got: 0.5, most: 1, unit: " s", over: true}
	if got := givenUp.String(); got != "miss: x: over 0.50 s, at most 1.00 s" || givenUp.kept() {
		t.Errorf("what was given up: %q", got)
	}
}

// steady is the series of a contestant that takes the same in every round.
func steady(wall, memory float64) series {
	return series{wall: []float64{wall, wall}, cpu: []float64{wall, wall}, memory: []float64{memory, memory}}
}

// ran are results of the main clients, at two distances.
func ran() results {
	at := func(name, version string, distance time.Duration) contestant {
		return contestant{name: name, version: version, distance: distance}
	}
	return results{
		[]contestant{
			at(byID, "1", 0), at(byID, "1", away), at(curlOnce, "2", 0), at(curlOnce, "2", away),
			at(byName, "1", 0), at(byName, "1", away), at(curlTwice, "2", 0), at(curlTwice, "2", away), at("Node", "3", 0),
		},
		[]series{
			steady(14, 9), steady(140, 9), steady(40, 12), steady(160, 12),
			steady(20, 10), steady(180, 10), steady(80, 12), steady(240, 12), steady(100, 90),
		},
	}
}

func TestDistances(t *testing.T) {
	t.Parallel()
	got := ran().far()
	want := [][]string{
		{byID, "1", "14.0", "0.35", "140.0", "0.88", "–", "–"},
		{curlOnce, "1", "40.0", "1.00", "160.0", "1.00", "–", "–"},
		{byName, "2", "20.0", "0.25", "180.0", "0.75", "–", "–"},
		{curlTwice, "2", "80.0", "1.00", "240.0", "1.00", "–", "–"},
	}
	if d := cmp.Diff(want, got.rows); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{
		"client", "requests", "on this machine, ms", "× curl", "40 ms away, ms", "× curl", "150 ms away, ms", "× curl",
	}, got.header); d != "" {
		t.Error(d)
	}
	var bounds []string
	for _, b := range got.bounds {
		bounds = append(bounds, b.String())
	}
	if d := cmp.Diff([]string{
		"pass: by ID, of curl's one PATCH: 0.35, at most 0.40",
		"not reached: by ID, of curl's one PATCH, on the faster kind of machine: 0.35, at most 0.30",
		"pass: by ID 40 ms away, of curl's one PATCH: 0.88, at most 0.95",
		"miss: by name 40 ms away, of curl's list and PATCH: 0.75, at most 0.60",
		"pass: peak memory by ID, of curl's: 0.75, at most 1.00",
	}, bounds); d != "" {
		t.Error(d)
	}
}

func TestNear(t *testing.T) {
	t.Parallel()
	want := [][]string{
		{byID, "1", "14.0", "0.35", "14.0", "0.35", "9.0", "0.75"},
		{curlOnce, "2", "40.0", "1.00", "40.0", "1.00", "12.0", "1.00"},
		{byName, "1", "20.0", "0.50", "20.0", "0.50", "10.0", "0.83"},
		{curlTwice, "2", "80.0", "2.00", "80.0", "2.00", "12.0", "1.00"},
		{"Node", "3", "100.0", "2.50", "100.0", "2.50", "90.0", "7.50"},
	}
	if d := cmp.Diff(want, ran().near(nil).rows); d != "" {
		t.Error(d)
	}
}

func TestNothingToCompareWith(t *testing.T) {
	t.Parallel()
	r := results{[]contestant{{name: byID, version: "1"}}, []series{steady(10, 9)}}
	if d := cmp.Diff([][]string{{byID, "1", "10.0", "–", "10.0", "–", "9.0", "–"}}, r.near(nil).rows); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([][]string{{byID, "1", "10.0", "–", "–", "–", "–", "–"}}, r.far().rows); d != "" {
		t.Error(d)
	}
	if bounds := r.bounds(); len(bounds) > 0 {
		t.Errorf("bounds %v", bounds)
	}
}
