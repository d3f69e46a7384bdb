package main

import (
	"testing"
	"time"
)

// What a process lets others do is not its own.
func TestOwnCPU(t *testing.T) {
	t.Parallel()
	const work = "i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done"
	others := measure(t.Context(), command{Path: "/bin/sh", Args: []string{"-c", `sh -c "$0"; :`, work}})
	own := measure(t.Context(), command{Path: "/bin/sh", Args: []string{"-c", work}})
	for _, s := range []sample{others, own} {
		if s.Failure != "" || s.CPU == 0 {
			t.Fatalf("%+v", s)
		}
	}
	if others.Own > others.CPU/2 || own.Own < own.CPU/2 {
		t.Errorf("%v of %v are of one that leaves the work to another, and %v of %v of one that does it", others.Own, others.CPU, own.Own, own.CPU)
	}
}

func TestOwnTime(t *testing.T) {
	t.Parallel()
	const stat = "7 (a (b) c) Z 1 7 7 0 -1 4227084 100 900 0 0 12 3 400 500 20 0 1 0 99 0 0\n"
	if got, err := ownTime(stat); err != nil || got != 150*time.Millisecond {
		t.Errorf("got %v, %v", got, err)
	}
	for _, bad := range []string{"", "7 (a) Z 1 2", "7 (a) Z 1 7 7 0 -1 4227084 100 900 0 0 x 3 400"} {
		if got, err := ownTime(bad); err == nil {
			t.Errorf("%q is %v", bad, got)
		}
	}
}
