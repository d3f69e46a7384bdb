package nairitest

import (
	"hash/fnv"
	"math/rand/v2"
)

// Chaos makes a hook for Options.Faults that chooses one of faults for a share
// of the requests, from 0 to 1. Each value of Options.RunHeader has a random
// sequence of its own, and so have its requests for names, so that a run whose requests
// follow one another meets the same faults every time, whatever runs beside it. A fault
// is only chosen for requests that its MATCH is for; its TIMES says nothing here.
func Chaos(seed uint64, share float64, faults ...Fault) func(Request) (Fault, bool) {
	sequences := map[string]*rand.Rand{}
	return func(r Request) (Fault, bool) {
		run := r.Run
		if r.Kind == KindNames { // which comes beside others
			run += " " + string(KindNames)
		}
		random := sequences[run]
		if random == nil {
			random = rand.New(rand.NewPCG(seed, sum(run)))
			sequences[run] = random
		}
		return choose(random, share, matching(faults, &r))
	}
}

func choose(random *rand.Rand, share float64, faults []Fault) (Fault, bool) {
	if random.Float64() >= share || len(faults) == 0 {
		return Fault{}, false
	}
	return faults[random.IntN(len(faults))], true
}

func matching(faults []Fault, r *Request) (found []Fault) {
	for _, f := range faults {
		if f.matches(r) {
			found = append(found, f)
		}
	}
	return found
}

func sum(text string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text))
	return h.Sum64()
}
