package nairi_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/secret"
)

func TestCheckKey(t *testing.T) {
	t.Parallel()
	const stray = "zq7stray"
	for _, test := range []struct {
		name, text string
		good       bool
		agent      bool
	}{
		{"public", "nr_" + stray, true, false},
		{"public, padded", "nr_" + strings.Repeat("A-_9", 10) + "maA=", true, false},
		{"of a kind to come", "nrx_" + stray, true, false},
		{"the word of a kind, not first", "nr_ccagent_" + stray, true, false},
		{"every character of ASCII", `nr_!"#$%&'()*+,-./:;<=>?@[\]^_{|}~` + "`", true, false},

		{"of an agent", "ccagent_" + stray, false, true},
		{"of a daemon", "nairid_" + stray, false, true},
		{"of an old daemon", "eksecd_" + stray, false, true},
		{"of a container", "sys_" + stray, false, true},
		{"of an agent, broken", "ccagent_" + stray + "\n", false, true},
		{"a final new line", "nr_" + stray + "\n", false, false},
		{"a header", "nr_" + stray + "\r\nX-Evil: 1", false, false},
		{"a space", "Bearer nr_" + stray, false, false},
		{"a tab", "nr_" + stray + "\t", false, false},
		{"NUL", "nr_\x00" + stray, false, false},
		{"DEL", "nr_\x7f" + stray, false, false},
		{"not ASCII", "nr_" + stray + "…", false, false},
		{"not UTF-8", "nr_\xff" + stray, false, false},
	} {
		err := nairi.CheckKey(secret.New(test.text))
		if (err == nil) != test.good || errors.Is(err, nairi.ErrAgentKey) != test.agent {
			t.Errorf("%s: %v, want good %v, of an agent %v", test.name, err, test.good, test.agent)
		}
		if err != nil && strings.Contains(err.Error(), stray) {
			t.Errorf("%s: the error holds the key", test.name)
		}
		if got := nairi.AgentKey(test.text); got != test.agent {
			t.Errorf("%s: AgentKey is %v", test.name, got)
		}
	}
}
