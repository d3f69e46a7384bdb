package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
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

// patching sends the one PATCH, at a base address.
func (g *ground) patching(t *testing.T, base, value string) command {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return command{Path: self, Args: []string{patchArgument}, Env: g.environ(base, "SECRET_VALUE="+value)}
}

// shell is a contestant that is a line of shell, with its value as its input.
func (g *ground) shell(line string) contestant {
	return contestant{name: "shell", turn: func() (turn, error) {
		values := freshValues(1)
		return g.writing(command{Path: "/bin/sh", Args: []string{"-c", line}, Stdin: values[0]}, values, patch...), nil
	}}
}

// near is the emulator's own address.
func near(t *testing.T, g *ground) string {
	t.Helper()
	base, err := g.reach(g.address, 0)
	if err != nil {
		t.Fatal(err)
	}
	return base
}

func TestRace(t *testing.T) {
	t.Parallel()
	g := newTestGround(t)
	base := near(t, g)
	remote, err := g.reach(g.address, time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	patcher := func(base string) func() (turn, error) {
		return func() (turn, error) {
			values := freshValues(1)
			return g.writing(g.patching(t, base, values[0]), values, patch...), nil
		}
	}
	r, err := g.race(t.Context(), []contestant{
		{name: "PATCH", turn: patcher(base)},
		{name: "PATCH", distance: time.Millisecond, every: 2, turn: patcher(remote)},
		{name: "nothing", turn: func() (turn, error) {
			return g.writing(command{Path: "/bin/sh", Args: []string{"-c", "exit 0"}}, nil), nil
		}},
	}, 1, 3)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{3, 2, 3} {
		s := r.took[i]
		if len(s.wall) != want || len(s.cpu) != want || len(s.own) != want || len(s.memory) != want {
			t.Errorf("contestant %d took %+v, want %d rounds", i, s, want)
		} else if slices.Min(s.wall) <= 0 || slices.Min(s.memory) <= 0 {
			t.Errorf("contestant %d took %+v", i, s)
		}
	}
	if n := len(g.History()); n != 4+2 {
		t.Errorf("%d writes, want one a round", n)
	}
	if s, found := r.of("PATCH", time.Millisecond); !found || len(s.wall) != 2 {
		t.Errorf("far away: %+v, %t", s, found)
	}
	if _, found := r.of("nothing", time.Millisecond); found {
		t.Error("a contestant is found at a distance that it does not have")
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
		"seq 30; exit 1":  "exit status 1: 21\n22\n",
		"/no/program":     "exit status 127",
	} {
		_, err := g.race(t.Context(), []contestant{g.shell(line)}, 0, 1)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want an error with %q", line, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "postgres") {
			t.Errorf("%s: the error has the value in it", line)
		}
	}
	values := longValues(2)
	if text := g.redact("a line: "+strings.Split(values[1], "\n")[3], values); text != "a line: ***" {
		t.Error("a line of a value is shown")
	}
	endless := command{Path: "/bin/sh", Args: []string{"-c", "while :; do :; done"}, Limit: 20 * time.Millisecond}
	late := contestant{turn: func() (turn, error) { return g.writing(endless, freshValues(1), patch...), nil }}
	if r, err := g.race(t.Context(), []contestant{late}, 0, 1); err != nil || !r.took[0].late {
		t.Errorf("a program without an end: %v", err)
	}
	if _, err := g.watch.run(command{Path: "/no/program"}); err == nil {
		t.Error("a program that is not there was run")
	}
	none := contestant{turn: func() (turn, error) { return turn{}, errMissing }}
	if _, err := g.once(t.Context(), none); !errors.Is(err, errMissing) {
		t.Errorf("a contestant without a command: %v", err)
	}
}

// What was written has to be what was given, and what was sent what is claimed.
func TestClaims(t *testing.T) {
	t.Parallel()
	g := newTestGround(t)
	base := near(t, g)
	for _, test := range []struct {
		name  string
		given string // instead of the value that it was to write
		kinds []nairitest.Kind
		want  string // of the error; "" for none
	}{
		{"all", "", patch, ""},
		{"another value", "another value", patch, "another value than it was given"},
		{"a request less", "", listAndPatch, "sent the requests [update], not [list update]"},
		{"a request more", "", nil, "sent the requests [update], not []"},
	} {
		values := freshValues(1)
		command := g.patching(t, base, cmp.Or(test.given, values[0]))
		_, err := g.once(t.Context(), contestant{turn: func() (turn, error) { return g.writing(command, values, test.kinds...), nil }})
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: got %v, want %q", test.name, err, test.want)
		}
	}
}

// What a process holds does not count for those that are measured after it.
func TestSmallAgain(t *testing.T) {
	t.Parallel()
	g := newTestGround(t)
	small := command{Path: "/bin/sh", Args: []string{"-c", "exit 0"}}
	before, err := g.run(t.Context(), small)
	if err != nil {
		t.Fatal(err)
	}
	big := small
	for i := range 3000 {
		big.Env = append(big.Env, fmt.Sprintf("NAME_%d=%s", i, strings.Repeat("x", 500)))
	}
	if during, err := g.run(t.Context(), big); err != nil || during.Memory <= before.Memory {
		t.Fatalf("a process of %d bytes of variables: %d bytes, %v", len(strings.Join(big.Env, "")), during.Memory, err)
	}
	if after, err := g.run(t.Context(), small); err != nil || after.Memory > before.Memory*3/2 {
		t.Errorf("%d bytes, and %d after a larger one, %v", before.Memory, after.Memory, err)
	}
}
