package cli

import (
	"bytes"
	"strings"
	"testing"
)

func TestArgumentsAreRefusedExceptVersion(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		arguments []string
		want      string // beginning of what is printed
		code      int
	}{
		{[]string{"-version"}, "vault-secret devel (commit unknown)\n", 0},
		{[]string{"--version"}, "vault-secret devel (commit unknown)\n", 0},
		{[]string{"made-up-secret"}, "vault-secret takes no arguments", 2},
		{[]string{"-version", "made-up-secret"}, "vault-secret takes no arguments", 2},
		{[]string{""}, "vault-secret takes no arguments", 2},
	} {
		var out bytes.Buffer
		code := Reply(tt.arguments, &out, Build{Version: "devel", Commit: "unknown"})
		got := out.String()
		if code != tt.code || !strings.HasPrefix(got, tt.want) {
			t.Errorf("%q: %q, %d", tt.arguments, got, code)
		}
		if strings.Contains(got, "made-up") {
			t.Errorf("%q is repeated: %q", tt.arguments, got)
		}
	}
}
