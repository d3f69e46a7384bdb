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
		aVault  = ". Give the vault's ID, as in vlt_01KEQ6963XS96YDP3NF9NKB7QJ; the dashboard shows it on the vault's page"
		aSecret = ". Give the secret's ID, as in sec_01KQ27AQH800XQTQPJZ0DH14SJ"
	)
	rest := string(secretID[4:])
	for _, test := range []struct{ text, vault, secret string }{
		{string(vaultID), "", "looks like the ID of a vault"},
		{string(secretID), "looks like the ID of a secret", ""},
		{"vlt_7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "", "looks like the ID of a vault"},
		{"sec_8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "looks like the ID of a secret", "is not a whole ID"},
		{"sec_" + strings.ToLower(rest), "looks like the ID of a secret", "has lower-case letters after sec_, where an ID has capitals"},
		{"vlt_" + strings.ToLower(rest), "has lower-case letters after vlt_, where an ID has capitals", "looks like the ID of a vault"},
		{"sec_" + rest[:25], "looks like the ID of a secret", "is not a whole ID"},
		{"sec_" + rest + "0", "looks like the ID of a secret", "is not a whole ID"},
		{"sec_" + rest + "\n", "looks like the ID of a secret", "is not a whole ID"},
		{"sec_0IKQ27AQH800XQTQPJZ0DH14SJ", "looks like the ID of a secret", "is not a whole ID"},
		{"sec_0UKQ27AQH800XQTQPJZ0DH14SJ", "looks like the ID of a secret", "is not a whole ID"},
		{"sec_", "looks like the ID of a secret", "is not a whole ID"},
		{"vlt_../../agents", "is not a whole ID", "looks like the ID of a vault"},
		{rest, "is not an ID", "is not an ID"},
		{"DATABASE_URL", "looks like a name", "looks like a name"},
		{"cci_" + rest, "looks like a name", "looks like a name"},
		{"SEC_" + rest, "looks like a name", "looks like a name"},
		{"", "is not an ID", "is not an ID"},
		{" " + string(secretID), "is not an ID", "is not an ID"},
		{"https://nairi.ai/vaults/1", "is not an ID", "is not an ID"},
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
		form        = "must be the name of a variable: letters, digits and _, with no digit first, as in DATABASE_URL"
		placeholder = "must not begin with CCASECRET_, which begins the placeholder that an agent sees. Give the name without it"
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
