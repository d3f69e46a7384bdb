package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
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
		if len(steps) != 1+more || steps[0].Uses != "nairi-community/vault-secret@v1" {
			t.Errorf("%s: %d steps, the first of which is %q", k.name, len(steps), steps[0].Uses)
		}
		for i := range steps {
			own := strings.Contains(text, fmt.Sprintf("{{ secrets.VALUE_%d }}", i))
			if i > 0 && own != (k.writes || strings.HasPrefix(steps[i].Uses, "nairi-community/")) {
				t.Errorf("%s: step %d has a value of its own: %t", k.name, i, own)
			}
		}
	}
	if last := kinds[len(kinds)-1]; !strings.HasSuffix(last.workflow(), "- run: 'true'\n") {
		t.Error("the last does something")
	}
}
