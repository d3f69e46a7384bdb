package runnertest

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkRun is the size of one case of a property suite: some 200 masks,
// then 20 lines that could leak.
func BenchmarkRun(b *testing.B) {
	var out strings.Builder
	for i := range 200 {
		fmt.Fprintf(&out, "::add-mask::%x-some-secret-%d%%25\n", i*7919, i)
	}
	for i := range 20 {
		fmt.Fprintf(&out, "line %d says %x-some-secret-%d%% and then some more text\n", i, i*7919, i)
	}
	job := Job{Steps: []Step{{Stdout: []byte(out.String())}}}
	for _, o := range Oracles() {
		b.Run(o.Name(), func(b *testing.B) {
			for b.Loop() {
				o.Run(job)
			}
		})
	}
}
