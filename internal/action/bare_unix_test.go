//go:build unix

package action

import (
	"strings"
	"testing"
)

// Somebody who types the name of the program alone wants to know what it does. A step has
// inputs, or a log.
func TestTheNameAloneIsHelpOnATerminal(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		command, says string
		variables     []string
		code          int
	}{
		{"vault-secret", "Usage: vault-secret VERB [flags]", nil, 2},
		{"vault-secret", "[bad_input]", []string{"INPUT_ENV_KEY=TOKEN"}, 2},
		{"vault-secret", "[bad_input]", []string{"PLUGIN_ENV_KEY=TOKEN"}, 2},
		{"vault-secret | cat", "[bad_input]", nil, 0},
		{"vault-secret </dev/null", "[bad_input]", nil, 2},
	} {
		s := newStage(t)
		p := s.sit(tt.command, tt.variables...)
		p.sees(tt.says)
		if screen := p.ends(tt.code); strings.Contains(screen, "Usage: ") != strings.HasPrefix(tt.says, "Usage: ") {
			t.Errorf("%s %s: %s", tt.variables, tt.command, screen)
		}
	}
}
