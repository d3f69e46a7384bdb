package nairi_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

func TestIDs(t *testing.T) {
	t.Parallel()
	const (
		aVault  = "; a vault ID is vlt_ and 26 characters, as in vlt_01KEQ6963XS96YDP3NF9NKB7QJ"
		aSecret = "; a secret ID is sec_ and 26 characters, as in sec_01KQ27AQH800XQTQPJZ0DH14SJ"
	)
	rest := string(secretID[4:])
	for _, test := range []struct{ text, vault, secret string }{
		{string(vaultID), "", "this looks like a vault ID"},
		{string(secretID), "this looks like a secret ID", ""},
		{"vlt_7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "", "this looks like a vault ID"},
		{"sec_8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "this looks like a secret ID", "is not a whole ID"},
		{"sec_" + strings.ToLower(rest), "this looks like a secret ID", "has lower-case letters after sec_"},
		{"vlt_" + strings.ToLower(rest), "has lower-case letters after vlt_", "this looks like a vault ID"},
		{"sec_" + rest[:25], "this looks like a secret ID", "is not a whole ID"},
		{"sec_" + rest + "0", "this looks like a secret ID", "is not a whole ID"},
		{"sec_" + rest + "\n", "this looks like a secret ID", "is not a whole ID"},
		{"sec_0IKQ27AQH800XQTQPJZ0DH14SJ", "this looks like a secret ID", "is not a whole ID"},
		{"sec_0UKQ27AQH800XQTQPJZ0DH14SJ", "this looks like a secret ID", "is not a whole ID"},
		{"sec_", "this looks like a secret ID", "is not a whole ID"},
		{"vlt_../../agents", "is not a whole ID", "this looks like a vault ID"},
		{rest, "this is no ID", "this is no ID"},
		{"DATABASE_URL", "this looks like a name", "this looks like a name"},
		{"cci_" + rest, "this looks like a name", "this looks like a name"},
		{"SEC_" + rest, "this looks like a name", "this looks like a name"},
		{"", "this is no ID", "this is no ID"},
		{" " + string(secretID), "this is no ID", "this is no ID"},
		{"https://nairi.ai/vaults/1", "this is no ID", "this is no ID"},
	} {
		vault, err := nairi.ParseVaultID(test.text)
		checkParsed(t, "vault ID", test.text, string(vault), err, test.vault, aVault)
		secret, err := nairi.ParseSecretID(test.text)
		checkParsed(t, "secret ID", test.text, string(secret), err, test.secret, aSecret)
	}
}

func checkParsed(t *testing.T, kind, text, got string, err error, problem, form string) {
	t.Helper()
	switch {
	case problem == "" && (err != nil || got != text):
		t.Errorf("%s %q: %q, %v", kind, text, got, err)
	case problem != "" && (err == nil || err.Error() != problem+form || got != ""):
		t.Errorf("%s %q: %q, %v; want %s", kind, text, got, err, problem+form)
	}
}

func TestIDsAreWhatTheyWereOrNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.StringMatching(`(sec|vlt)_[0-7][0-9A-HJKMNP-TV-Z]{25}`), rapid.StringMatching(`[a-z]{3}_.{24,28}`), rapid.String()).Draw(t, "text")
		vault, vaultErr := nairi.ParseVaultID(text)
		secret, secretErr := nairi.ParseSecretID(text)
		if vaultErr == nil && secretErr == nil {
			t.Fatalf("%q is both", text)
		}
		for _, got := range []string{string(vault), string(secret)} {
			if got != "" && (got != text || len(got) != 30 || strings.ContainsAny(got, "/.%?#\n ")) {
				t.Fatalf("%q gave %q", text, got)
			}
		}
	})
}

func TestCheckEnvKey(t *testing.T) {
	t.Parallel()
	const (
		form        = "must be a variable name: letters, digits and _, and no digit first, as in DATABASE_URL"
		placeholder = "must not begin with CCASECRET_: that is the placeholder an agent sees; give the name without it"
		nairiKeeps  = "must not begin with NAIRI_, which Nairi keeps for itself"
		agentKeeps  = "must not begin with CCAGENT_, which Nairi keeps for itself"
	)
	for name, want := range map[string]string{
		"DATABASE_URL": "", "a": "", "_": "", "_1": "", "mixedCase9": "", "NAIRI": "", "MY_NAIRI_KEY": "", "CCAGENT": "", "CCASECRETS": "", "nairi_key": "",
		strings.Repeat("A", 1000): "",

		"": form, "1A": form, "A-B": form, "A.B": form, "A B": form, " A": form, "A\n": form, "A=B": form, "Ä": form, "A\x00": form, "${A}": form, "A/B": form,
		"CCASECRET_A": placeholder, "CCASECRET_": placeholder,
		"NAIRI_A": nairiKeeps, "NAIRI_": nairiKeeps, "CCAGENT_A": agentKeeps,
	} {
		err := nairi.CheckEnvKey(name)
		if want == "" && err != nil || want != "" && (err == nil || err.Error() != want) {
			t.Errorf("%q: %v, want %q", name, err, want)
		}
	}
}
