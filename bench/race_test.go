package main

import (
	"errors"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// newTestGround skips the test where there is no file of certificates.
func newTestGround(t *testing.T) *ground {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the benchmark runs on Linux alone")
	}
	g, err := newGround(t.Context(), os.LookupEnv)
	if errors.Is(err, errMissing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.close)
	return g
}

// shell is a contestant that is a line of shell, with its value as its input.
func shell(line string) contestant {
	return contestant{name: "shell", writes: 1, command: func(values []string) (command, error) {
		return command{Path: "/bin/sh", Args: []string{"-c", line}, Stdin: strings.Join(values, "")}, nil
	}}
}

func TestRace(t *testing.T) {
	t.Parallel()
	g := newTestGround(t)
	c, err := findNetHTTP(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	c.writes = 1
	nothing := shell("exit 0")
	nothing.writes = 0
	took, err := g.race(t.Context(), []contestant{c, nothing}, 1, 2)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range took {
		if len(s.wall) != 2 || len(s.cpu) != 2 || len(s.memory) != 2 || slices.Min(s.wall) <= 0 || slices.Min(s.memory) <= 0 {
			t.Errorf("contestant %d took %+v", i, s)
		}
	}
	if n := len(g.History()); n != 3 {
		t.Errorf("%d writes, want one a round", n)
	}
}

// One that does not do its work is an error, which does not show what it had.
func TestFailures(t *testing.T) {
	t.Parallel()
	g := newTestGround(t)
	for line, want := range map[string]string{
		"exit 0":          "made 0 changes, not 1",
		"exit 3":          "exit status 3",
		"echo no; exit 1": "exit status 1: no",
		"cat; exit 1":     "exit status 1: ***",
		"/no/program":     "exit status 127",
	} {
		_, err := g.race(t.Context(), []contestant{shell(line)}, 0, 1)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want an error with %q", line, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "postgres") {
			t.Errorf("%s: the error has the value in it", line)
		}
	}
	if _, err := g.watch.run(command{Path: "/no/program"}); err == nil {
		t.Error("a program that is not there was run")
	}
	none := contestant{command: func([]string) (command, error) { return command{}, errMissing }}
	if _, err := g.once(t.Context(), none); !errors.Is(err, errMissing) {
		t.Errorf("a contestant without a command: %v", err)
	}
}

// What was written has to be what was given.
func TestWrote(t *testing.T) {
	t.Parallel()
	g := newTestGround(t)
	c, err := findNetHTTP(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	c.writes = 1
	right := c.command
	c.command = func([]string) (command, error) { return right([]string{"another value"}) }
	if _, err := g.once(t.Context(), c); err == nil || !strings.Contains(err.Error(), "another value than it was given") {
		t.Errorf("got %v", err)
	}
}
