package action

import (
	"bytes"
	"strings"
	"testing"
)

// The log of a step is whole also where the runner gives the step a terminal, as act does.
func TestTheLogOfAListIsNotAsNarrowAsATerminal(t *testing.T) {
	t.Parallel()
	e, _ := shownVault()
	var out bytes.Buffer
	h := host(inputs{"INPUT_OPERATION": "list", "INPUT_VAULT_ID": vaultID, "INPUT_API_KEY": e.Options().Key, "CLICOLOR_FORCE": "1"}, &out, e.Transport())
	h.Width = 40
	code := Run(t.Context(), h)
	table, _, _ := strings.Cut(blocksOf(t, listPage, "text")[0], "The vault has")
	if log := out.String(); code != 0 || !strings.Contains(log, table) || strings.Contains(log, "\x1b") {
		t.Errorf("exit code %d, and the log has no\n%s\nbut %s", code, table, log)
	}
}
