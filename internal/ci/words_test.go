package ci

import (
	"bytes"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/mask"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// A short word is masked for the runner like any other value; the log says what that
// does to it, and only where a runner hides anything.
func TestAPlainWordIsMaskedWithAWarning(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		value  string
		lookup env.Lookup
		warns  string
	}{
		{"true", onGitHub, "drops outputs of the job"},
		{"updated", onGitHub, "drops outputs of the job"},
		{"2026", onGitHub, "drops outputs of the job"},
		{"DATABASE_URL", onGitHub, "shows *** for it"},
		{"true", onGitea, "shows *** for it"},
		{"true", inShell, ""},
		{"tr", onGitHub, ""}, // not masked at all
		{"k3y-Zz99", onGitHub, ""},
		{`{"password":"football","host":"db.example.com"}`, onGitHub, "a part of one"},
		{`{"password":"k3y-Zz99","host":"db.example.com"}`, onGitHub, ""},
	} {
		var out bytes.Buffer
		c := NewConsole(&out, tt.lookup)
		c.Mask(mask.Of(secret.New(tt.value), mask.WithParts(nil, nil)))
		masked := strings.Contains(out.String(), "::add-mask::")
		out.Reset()
		c.WarnOfWords()
		if warned := out.String(); !strings.Contains(warned, tt.warns) || (tt.warns == "") != (warned == "") || strings.Contains(warned, tt.value) || tt.warns != "" && !masked {
			t.Errorf("of %q: masked %t, and warned %q", tt.value, masked, warned)
		}
	}
}
