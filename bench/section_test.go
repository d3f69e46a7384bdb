package main

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMarkdown(t *testing.T) {
	t.Parallel()
	s := section{
		title:  "A title",
		header: []string{"client", "version", "wall ms"},
		rows:   [][]string{{"a|b", "1.2", "3.4"}, {"c", "5", "–"}},
		bounds: []bound{{"time, of curl's", 0.25, 0.4, ""}, {"a step", 20, 15, " ms"}},
		notes:  []string{"skipped: d: not on this machine"},
	}
	const want = `## A title

| client | version | wall ms |
| --- | --- | ---: |
| a\|b | 1.2 | 3.4 |
| c | 5 | – |

- pass: time, of curl's: 0.25, at most 0.40
- miss: a step: 20.00 ms, at most 15.00 ms
- skipped: d: not on this machine
`
	if d := cmp.Diff(want, s.markdown()); d != "" {
		t.Error(d)
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		got  float64
		want string
	}{
		{1, "pass: x: 1.00, at most 1.00"},
		{1.01, "miss: x: 1.01, at most 1.00"},
		{math.NaN(), "miss: x: NaN, at most 1.00"},
		{math.Inf(1), "miss: x: +Inf, at most 1.00"},
	} {
		if got := (bound{"x", test.got, 1, ""}).String(); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}

// steady is the series of a contestant that takes the same in every round.
func steady(wall, memory float64) series {
	return series{wall: []float64{wall, wall}, cpu: []float64{wall, wall}, memory: []float64{memory, memory}}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	contestants := []contestant{{name: ours, version: "1"}, {name: curl, version: "2"}, {name: node, version: "3"}}
	took := []series{steady(10, 9), steady(40, 12), steady(100, 90)}
	want := [][]string{
		{ours, "1", "10.0", "0.25", "10.0", "0.25", "9.0", "0.75"},
		{curl, "2", "40.0", "1.00", "40.0", "1.00", "12.0", "1.00"},
		{node, "3", "100.0", "2.50", "100.0", "2.50", "90.0", "7.50"},
	}
	if d := cmp.Diff(want, compare(contestants, took)); d != "" {
		t.Error(d)
	}
	var bounds []string
	for _, b := range limits(contestants, took) {
		bounds = append(bounds, b.String())
	}
	if d := cmp.Diff([]string{
		"pass: wall time, of curl's: 0.25, at most 0.40",
		"pass: peak memory, of curl's: 0.75, at most 1.00",
		"miss: wall time, of Node's: 0.10, at most 0.08",
	}, bounds); d != "" {
		t.Error(d)
	}
}

func TestNothingToCompareWith(t *testing.T) {
	t.Parallel()
	contestants, took := []contestant{{name: ours, version: "1"}}, []series{steady(10, 9)}
	if d := cmp.Diff([][]string{{ours, "1", "10.0", "–", "10.0", "–", "9.0", "–"}}, compare(contestants, took)); d != "" {
		t.Error(d)
	}
	if bounds := limits(contestants, took); len(bounds) > 0 {
		t.Errorf("bounds %v", bounds)
	}
}
