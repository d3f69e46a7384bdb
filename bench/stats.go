package main

import "slices"

// median is the value in the middle, or the mean of the two that are.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	if len(sorted) == 0 {
		return 0
	}
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// ratio is the median of the ratios of each round: what disturbs a round disturbs
// all of it. Both have as many rounds.
func ratio(values, baseline []float64) float64 {
	return median(pairwise(values, baseline, func(a, b float64) float64 { return a / b }))
}

// difference is the median of the differences of each round.
func difference(values, baseline []float64) float64 {
	return median(pairwise(values, baseline, func(a, b float64) float64 { return a - b }))
}

func pairwise(a, b []float64, combine func(a, b float64) float64) []float64 {
	combined := make([]float64, len(a))
	for i := range a {
		combined[i] = combine(a[i], b[i])
	}
	return combined
}
