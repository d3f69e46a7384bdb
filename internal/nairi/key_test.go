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
		{"the word of a kind, not first", "nr_ccagent_" + stray, true, false},
		{"every character of ASCII", `nr_!"#$%&'()*+,-./:;<=>?@[\]^_{|}~` + "`", true, false},

		{"of an agent", "ccagent_" + stray, false, true},
		{"of a daemon", "nairid_" + stray, false, true},
		{"of an old daemon", "eksecd_" + stray, false, true},
		{"of a container", "sys_" + stray, false, true},
		{"of an agent, broken", "ccagent_" + stray + "\n", false, true},
		{"of another service", "sk-proj-" + stray, false, false},
		{"not filled in", "$NAIRI_API_KEY", false, false},
		{"cut", stray, false, false},
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
	}
}

// What is stored in a vault is shown to agents: a key of Nairi's own is hardly
// ever meant.
func TestKeysAreKnownByTheirLooks(t *testing.T) {
	t.Parallel()
	key := strings.Repeat("A-_9", 4)
	for text, want := range map[string]bool{
		"nr_" + key: true, "ccagent_" + key: true, "nairid_" + key: true, "eksecd_" + key: true, "sys_" + key: true,
		"nr_" + key + "maA=": true,

		"": false, "nr_": false, "nr_" + key[1:]: false, "sys_" + key[1:]: false, "sys_admin": false,
		key: false, "x" + "nr_" + key: false, " nr_" + key: false, "nr_" + key + "\n": false, "nr_" + key + " more": false,
		"NR_" + key: false, "nrx_" + key: false, "nr_" + key + "é": false, "nr_${" + key + "}": false,
	} {
		if got := nairi.LooksLikeKey(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestPlaceholdersAreKnown(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"CCASECRET_DATABASE_URL": true, "CCASECRET_a": true, "CCASECRET_1": true,
		"": false, "CCASECRET_": false, "CCASECRET": false, "ccasecret_A": false, "CCASECRET_A B": false, "CCASECRET_A\n": false, "x CCASECRET_A": false,
	} {
		if got := nairi.IsPlaceholder(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
