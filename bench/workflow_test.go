package main

import (
	"fmt"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// parsed are the steps of a workflow behind its checkout.
func parsed(t *testing.T, text string) []step {
	t.Helper()
	var w struct {
		Jobs map[string]struct{ Steps []step }
	}
	if err := yaml.Unmarshal([]byte(text), &w); err != nil {
		t.Fatal(err)
	}
	all := w.Jobs["steps"].Steps
	if len(all) == 0 || !strings.HasPrefix(all[0].Uses, "actions/checkout@") {
		t.Fatalf("%d steps, of which the first is no checkout", len(all))
	}
	return all[1:]
}

type step struct {
	Uses, Run string
	With, Env map[string]string
}

func TestWorkflows(t *testing.T) {
	t.Parallel()
	for _, k := range kinds {
		text := k.workflow()
		steps := parsed(t, text)
		if len(steps) != 1+more {
			t.Errorf("%s: %d steps", k.name, len(steps))
			continue
		}
		if steps[0].Uses != "./vault-secret" {
			t.Errorf("%s: the first step uses %q", k.name, steps[0].Uses)
		}
		for i := range steps {
			own := strings.Contains(text, fmt.Sprintf("{{ secrets.VALUE_%d }}", i))
			if i > 0 && own != strings.Contains(k.text, "secrets.VALUE") {
				t.Errorf("%s: step %d has a value of its own: %t", k.name, i, own)
			}
		}
	}
	if last := kinds[len(kinds)-1]; !strings.HasSuffix(last.workflow(), "- run: 'true'\n") {
		t.Error("the last does something")
	}
}

// Each secret that a job is given is used by a step, and by one alone.
func TestJobs(t *testing.T) {
	t.Parallel()
	g := newTestGround(t)
	vault, err := g.newCrowd(3, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(vault.close)
	jobs := g.jobs(vault)
	for _, j := range jobs {
		text := workflow(j.steps...)
		if n := len(parsed(t, text)); n != len(j.steps) {
			t.Errorf("%s: %d steps", j.name, n)
		}
		for _, name := range j.names {
			if n := strings.Count(text, "${{ secrets."+name+" }}"); n != 1 {
				t.Errorf("%s: %s is used %d times", j.name, name, n)
			}
		}
	}
	if jobs[0].name != nothingAtAll || len(jobs[0].names) > 0 {
		t.Errorf("the first is %q", jobs[0].name)
	}
	// What only names a secret does not show its value to other users.
	command := g.executing("runner", jobs[1], vault, freshValues(steps))
	for _, argument := range command.Args {
		if strings.Contains(argument, "postgres://") || strings.Contains(argument, g.key()) {
			t.Error("a secret is among the arguments")
		}
	}
}

func TestLongValues(t *testing.T) {
	t.Parallel()
	values := longValues(2)
	for _, value := range values {
		if n := strings.Count(value, "\n") + 1; n != longLines {
			t.Errorf("%d lines", n)
		}
	}
	if values[0] == values[1] {
		t.Error("they are equal")
	}
}
