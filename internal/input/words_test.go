package input

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/problem"
)

func TestWordsNameFlags(t *testing.T) {
	t.Parallel()
	set := Flags{"operation": "set"}
	tests := []struct{ text, want string }{
		{"Set value (or value_env, value_file), allowed_domains, or both", "Set --value-file (or --value-env), --allowed-domains, or both"},
		{"say allow_any_domain: true if that is meant", "say --allow-any-domain if that is meant"},
		{"set overwrite: true", "set --overwrite"},
		{"without unmanaged: error they are only shown", "without --unmanaged error they are only shown"},
		{"with values: always all is pushed", "with --values always all is pushed"},
		{"leave it out, or use operation: update", "leave it out, or use vault-secret update"},
		{"is for operation: sync alone", "is for vault-secret sync alone"},
		{"absent: true in the manifest", "absent: true in the manifest"},
		{"give it a value, a manifest or an issue", "give it a value, a manifest or an issue"},
		{"pass its token as github_token", "pass its token as INPUT_GITHUB_TOKEN"},
		{"the present updated_at", "the present updated_at"},
		{"--api-key-file and x-vault_id.example", "--api-key-file and x-vault_id.example"},
		{"VAULT_ID is not vault_id", "VAULT_ID is not --vault-id"},
		{"vault-secret help VERB says it", "vault-secret help set says it"},
		{"", ""},
	}
	for _, tt := range tests {
		if got := set.Words(tt.text); got != tt.want {
			t.Errorf("%q becomes %q, want %q", tt.text, got, tt.want)
		}
		if got := Flags(nil).Words(tt.text); got != tt.text {
			t.Errorf("a step says %q for %q", got, tt.text)
		}
	}
	if got := (Flags{"operation": "sync", "dry_run": "true"}).Words("help VERB"); got != "help plan" {
		t.Errorf("the verb of a plan: %q", got)
	}
}

// Whoever has a shell has no step, no job and no action, and inputs only as flags.
func TestNoHintSpeaksOfAStep(t *testing.T) {
	t.Parallel()
	hints := []string{
		problem.HintRefused, problem.HintForbidden, problem.HintCreated, problem.HintCredentials, problem.HintProxy, problem.HintClock, problem.HintStale, problem.HintOldName, problem.HintMirrors, problem.HintMade, problem.HintForgotten, problem.HintKept,
	}
	for _, code := range problem.Codes() {
		if code != problem.NotStarted { // which the action alone says
			hints = append(hints, code.Hint())
		}
	}
	for _, hint := range hints {
		said := " " + Flags{"operation": "set"}.Words(hint) + " "
		for _, word := range []string{" step", " job", "runner", " action", "README", " input", "operation", " log "} {
			if strings.Contains(said, word) {
				t.Errorf("of %q: %s", word, said)
			}
		}
		for _, spec := range Specs() {
			if strings.Contains(spec.Name, "_") && strings.Contains(said, spec.Name) {
				t.Errorf("of %s: %s", spec.Name, said)
			}
		}
	}
}

// A row whose words no text has any more is dead.
func TestEveryPhraseIsInSomeText(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	joined := regexp.MustCompile(`"\s*\+\s*"`)
	err := filepath.WalkDir("..", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || entry.Name() == "words.go" {
			return err
		}
		text, err := os.ReadFile(name)
		all.WriteString(joined.ReplaceAllString(string(text), ""))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(all.String(), pairs[i]) {
			t.Errorf("no text has %q", pairs[i])
		}
	}
}
