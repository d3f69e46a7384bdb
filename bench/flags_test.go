package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFlags(t *testing.T) {
	t.Parallel()
	set, lint := spelt{name: "a set"}, spelt{name: "a lint"}
	r := results{
		[]contestant{{name: set.byVariables()}, {name: set.byFlags()}, {name: lint.byVariables()}, {name: lint.byFlags()}},
		[]series{steady(10, 9), steady(10.4, 9), steady(4, 8), steady(5, 8)},
	}
	got := r.flags([]spelt{set, lint})
	want := [][]string{
		{"a set", "variables", "10.00", "1.000", "10.00", "9.0"},
		{"a set", "flags", "10.40", "1.040", "10.40", "9.0"},
		{"a lint", "variables", "4.00", "1.000", "4.00", "8.0"},
		{"a lint", "flags", "5.00", "1.250", "5.00", "8.0"},
	}
	if d := cmp.Diff(want, got.rows); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"a lint, by flags, of the same by variables"}, got.missed()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"2 runs of each, in turn"}, got.notes); d != "" {
		t.Error(d)
	}
}
