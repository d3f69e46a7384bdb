package action

import (
	"fmt"
	"maps"

	"github.com/nairi-community/vault-secret/internal/problem"
)

// moment is a point in a step at which a signal comes.
type moment struct {
	with    inputs
	faults  []string
	request int    // the signal comes once this many requests have arrived,
	printed string // and this was printed,
	wrote   bool   // and something was written
	twice   bool   // a second signal follows
	race    int    // how many requests may be on their way out when it comes
	result  string
}

// inTheRead and inTheWrite are what makes one of the requests of a step slow, by
// name. A result of "" is that of a step that nothing went wrong with.
var (
	inTheRead = map[string]moment{
		"a slow look":             {faults: []string{"delay=1s"}, result: "failed"},
		"a look that hangs":       {faults: []string{"delay=20s"}, result: "failed"},
		"given up with the look":  {faults: []string{"delay=20s"}, twice: true, result: "failed"},
		"told to wait, then look": {faults: []string{"throttle=seconds,30s"}, printed: again + "in 30 s.", result: "failed"},
		"before another look":     {faults: []string{"status=503"}, printed: again, race: 1, result: "failed"},
	}
	inTheWrite = map[string]moment{
		"a slow write":             {faults: []string{"delay=1s"}},
		"a slow answer":            {faults: []string{"delay-after-commit=1s"}, wrote: true},
		"a write that hangs":       {faults: []string{"delay=20s"}, result: "unknown"},
		"an answer that hangs":     {faults: []string{"delay-after-commit=20s"}, wrote: true, result: "unknown"},
		"given up with the write":  {faults: []string{"delay=20s"}, twice: true, result: "unknown"},
		"given up with the answer": {faults: []string{"delay-after-commit=20s"}, wrote: true, twice: true, result: "unknown"},
		"told to wait, then write": {faults: []string{"throttle=seconds,30s"}, printed: again + "in 30 s.", result: "failed"},
		"before another write":     {faults: []string{"throttle"}, printed: again, race: 1, result: "failed"},
	}
)

// afterALostAnswer are moments in what follows a write that was carried out and
// not answered.
var afterALostAnswer = map[string]moment{
	"update, before another write": {
		with: steps["set by ID"].with, faults: []string{"always*update:reset-after-commit"},
		request: 1, printed: again, wrote: true, race: 1, result: "unknown",
	},
	"delete, in another write": {
		with: steps["delete"].with, faults: []string{"delete:reset-after-commit", "delete:delay=1s"},
		request: 3, wrote: true, result: "unknown", // a 404 is only believed with the list
	},
	"create, in another look": {
		with: steps["create"].with, faults: []string{"create:reset-after-commit", "list:delay=0s", "list:delay=1s"},
		request: 3, wrote: true, result: "unknown",
	},
}

// moments are all that are tried.
func moments() map[string]moment {
	all := maps.Clone(afterALostAnswer)
	for name, step := range steps {
		request := 1 // that writes
		if step.read != "" {
			request = 2
			for when, m := range inTheRead {
				m.with, m.request, m.faults = step.with, 1, []string{fmt.Sprintf("always*%s:%s", step.read, m.faults[0])}
				all[name+", "+when] = m
			}
		}
		for when, m := range inTheWrite {
			m.with, m.request, m.faults = step.with, request, []string{fmt.Sprintf("always*%s:%s", step.write, m.faults[0])}
			if m.result == "" {
				m.result = step.done
			}
			all[name+", "+when] = m
		}
	}
	return all
}

func (m moment) errorCode() problem.Code {
	codes := map[string]problem.Code{"failed": problem.Cancelled, "unknown": problem.UnknownState}
	return codes[m.result]
}
