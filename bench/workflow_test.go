package main

import (
	"fmt"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func TestWorkflows(t *testing.T) {
	t.Parallel()
	for _, k := range kinds {
		var w struct {
			Jobs map[string]struct {
				Steps []struct {
					Uses, Run string
					With, Env map[string]string
				}
			}
		}
		text := k.workflow()
		if err := yaml.Unmarshal([]byte(text), &w); err != nil {
			t.Errorf("%s: %v", k.name, err)
			continue
		}
		steps := w.Jobs["steps"].Steps
		if len(steps) != 2+more {
			t.Errorf("%s: %d steps", k.name, len(steps))
			continue
		}
		steps = steps[1:] // the first is the checkout
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
