package main

import "testing"

func TestMedian(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		values []float64
		want   float64
	}{
		{nil, 0},
		{[]float64{3}, 3},
		{[]float64{9, 1}, 5},
		{[]float64{100, 1, 2}, 2},
		{[]float64{4, 100, 2, 3}, 3.5},
	} {
		if got := median(test.values); got != test.want {
			t.Errorf("the median of %v is %v, want %v", test.values, got, test.want)
		}
	}
}

// A round that was slow for both says as much as any other.
func TestRoundsAreCompared(t *testing.T) {
	t.Parallel()
	values, baseline := []float64{1, 30, 3}, []float64{2, 60, 4}
	if got := ratio(values, baseline); got != 0.5 {
		t.Errorf("the ratio is %v", got)
	}
	if got := difference(values, baseline); got != -1 {
		t.Errorf("the difference is %v", got)
	}
	if values[1] != 30 || baseline[1] != 60 {
		t.Errorf("the order is lost: %v, %v", values, baseline)
	}
}
