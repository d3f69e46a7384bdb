package env_test

import (
	"os"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/env"
)

// What a CI sets to a token by itself is told from what a user has named.
func TestTheCIsOwnTokensAreReserved(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/reserved.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		verdict, variable, found := strings.Cut(strings.TrimSpace(line), " ")
		if !found || verdict == "#" {
			continue
		}
		name, whose := env.Reserved(variable)
		if reserved := verdict == "-"; (name != "") != reserved || (whose != "") != reserved {
			t.Errorf("%s: %q, %q", line, name, whose)
		}
	}
}
