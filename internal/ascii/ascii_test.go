package ascii_test

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// Texts are drawn from the characters that matter, and from any.
var texts = rapid.OneOf(rapid.StringMatching(`[A-Za-z0-9_$ \n-]{0,6}`), rapid.String())

func TestName(t *testing.T) {
	t.Parallel()
	name := regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	rapid.Check(t, func(t *rapid.T) {
		text := texts.Draw(t, "text")
		if got, want := ascii.Name(text), name.MatchString(text); got != want {
			t.Errorf("Name(%q) is %t", text, got)
		}
	})
}

func TestOnly(t *testing.T) {
	t.Parallel()
	for set, syntax := range map[string]string{
		ascii.Digits:           `^[0-9]*$`,
		ascii.Letters + "-":    `^[A-Za-z-]*$`,
		ascii.Word:             `^[A-Za-z0-9_]*$`,
		ascii.Upper + "_":      `^[A-Z_]*$`,
		ascii.Digits + "ABCDE": `^[0-9A-E]*$`,
	} {
		t.Run(syntax, func(t *testing.T) {
			t.Parallel()
			only := regexp.MustCompile(syntax)
			rapid.Check(t, func(t *rapid.T) {
				text := texts.Draw(t, "text")
				if got, want := ascii.Only(text, set), only.MatchString(text); got != want {
					t.Errorf("Only(%q) is %t", text, got)
				}
			})
		})
	}
}
