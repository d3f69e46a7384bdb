package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/cli"
)

func TestCompletesInFish(t *testing.T) {
	t.Parallel()
	s := stage(t, "fish")
	program := cli.Script("fish", topics()...)
	for _, tt := range completes {
		program += "complete -C '" + tt.line + "'\nprintf '%s\\n' --\n"
	}
	got := answers(s.run(t, "--no-config", file(t, program)))
	texts := map[string]string{}
	for _, offered := range got {
		for i := range offered {
			text, help, _ := strings.Cut(offered[i], "\t")
			offered[i], texts[text] = text, help
		}
	}
	expect(t, got)
	shown(t, texts)
}

// Zsh reads the script when it starts, or finds it in a folder when it is needed.
func TestCompletesInZsh(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"completion.zsh", "_vault-secret"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stage(t, "zsh")
			script := filepath.Join(t.TempDir(), name)
			if err := os.WriteFile(script, []byte(cli.Script("zsh", topics()...)), 0o600); err != nil {
				t.Fatal(err)
			}
			got, texts := s.zsh(t, script)
			expect(t, got)
			shown(t, texts)
		})
	}
}

// zsh is what zsh offers for each line, and the text that it shows for each offer.
func (s scene) zsh(t *testing.T, script string) (offers [][]string, texts map[string]string) {
	t.Helper()
	driver, err := filepath.Abs("testdata/complete.zsh")
	if err != nil {
		t.Fatal(err)
	}
	var lines string
	for _, tt := range completes {
		lines += tt.line + "\n"
	}
	out := file(t, "")
	s.run(t, "-f", driver, script, file(t, lines), out)
	written, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	offers, texts = answers(string(written)), map[string]string{}
	for i, lines := range offers {
		offers[i] = nil
		for _, line := range lines {
			if text, is := strings.CutPrefix(line, "= "); is {
				offers[i] = append(offers[i], strings.ReplaceAll(text, `\`, ""))
			}
			if name, help, is := strings.Cut(strings.TrimPrefix(line, "# "), " -- "); is {
				texts[strings.TrimSpace(name)] = help
			}
		}
	}
	return offers, texts
}

// shown checks the texts that a shell shows beside what it offers.
func shown(t *testing.T, texts map[string]string) {
	t.Helper()
	for name, want := range map[string]string{"set": nasty, "lint": "check: it all", "--url": nasty + " too", "--dry-run": nasty, "--trim": "what is dropped"} {
		if texts[name] != want {
			t.Errorf("%s: got %q, want %q", name, texts[name], want)
		}
	}
}
