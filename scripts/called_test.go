package scripts

import (
	"fmt"
	"strings"
	"testing"
)

// GitHub keeps one waiting job of a group and cancels the others. So in a workflow that
// others call for their vaults, the name of a group has all that tells one vault from
// another, and an environment may have the ID of its own in vars.VAULT_ID.
func TestGroupsOfCalledWorkflows(t *testing.T) {
	t.Parallel()
	groups := 0
	for name, text := range workflows(t) {
		if !strings.Contains(text, "inputs.vault_id ") {
			continue
		}
		w := parse(t, text)
		all := map[string]any{"all of it": w.Concurrency}
		for id, j := range w.Jobs {
			all[id] = j.Concurrency
		}
		for id, concurrency := range all {
			if concurrency == nil {
				continue
			}
			groups++
			group := fmt.Sprint(concurrency)
			for _, input := range []string{"manifest", "vault_id", "environment"} {
				if !strings.Contains(group, "${{ inputs."+input+" }}") {
					t.Errorf("%s: %s: the group does not have inputs.%s", name, id, input)
				}
			}
		}
	}
	if groups != 3 {
		t.Errorf("%d groups", groups)
	}
}
