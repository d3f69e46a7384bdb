package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestAnswer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		arguments []string
		want      string // beginning of what is printed
		code      int
		done      bool
	}{
		{nil, "", 0, false},
		{[]string{"-version"}, "vault-secret devel (commit unknown)\n", 0, true},
		{[]string{"--version"}, "vault-secret devel (commit unknown)\n", 0, true},
		{[]string{"made-up-secret"}, "vault-secret takes no arguments", 2, true},
		{[]string{"-version", "made-up-secret"}, "vault-secret takes no arguments", 2, true},
		{[]string{""}, "vault-secret takes no arguments", 2, true},
	} {
		var out bytes.Buffer
		code, done := answer(tt.arguments, &out)
		got := out.String()
		if code != tt.code || done != tt.done || !strings.HasPrefix(got, tt.want) || (got == "") != (tt.want == "") {
			t.Errorf("%q: %q, %d, %t", tt.arguments, got, code, done)
		}
		if strings.Contains(got, "made-up") {
			t.Errorf("%q is repeated: %q", tt.arguments, got)
		}
	}
}
