package e2e

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/githubtest"
)

// stepsOn is a workflow of the steps that a page shows, one block after another; "" if it
// shows none. A whole workflow is no block of steps.
func stepsOn(t *testing.T, page string) string {
	t.Helper()
	var b strings.Builder
	for _, text := range blocks(read(t, page), "yaml") {
		first := strings.TrimLeft(text, " ")
		if !strings.HasPrefix(first, "- id: ") && !strings.HasPrefix(first, "- uses: ") && !strings.HasPrefix(first, "- if: ") {
			continue
		}
		indented := text[:len(text)-len(first)]
		for _, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
			b.WriteString("      " + strings.TrimPrefix(line, indented) + "\n")
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "on: push\npermissions: {}\njobs:\n  shown:\n    runs-on: ubuntu-latest\n    steps:\n" + b.String()
}

func TestStepsOnPagesPassActionlint(t *testing.T) {
	t.Parallel()
	for _, page := range glob(t, "../*.md", "../docs/*.md") {
		workflow := stepsOn(t, page)
		if workflow == "" {
			continue
		}
		t.Run(name(page), func(t *testing.T) {
			t.Parallel()
			lint(t, strings.ReplaceAll(workflow, "nairi-community/vault-secret@v1", "./"))
		})
	}
}

// The steps of docs/generate.md make a value for the vault alone, and one that something else
// knows first: it has the value that the vault has in the end.
func TestStepsOfThePageOnMadeValuesRun(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	v.hold(held{"SERVICE_TOKEN", oldValue, []string{"api.example.com"}}, held{"DATABASE_PASSWORD", oldValue, []string{"db.example.com"}})
	repository, set := userRepository(t), filepath.Join(t.TempDir(), "set")
	write(t, filepath.Join(repository, "set-password.sh"), "#!/bin/sh\ncp \"$1\" '"+set+"'\n", 0o755)
	const first = "    steps:\n"
	workflow := strings.Replace(stepsOn(t, "../docs/generate.md"), first, first+"      - uses: actions/checkout@v5\n", 1)

	got := job{text: workflow + seeing, vault: v, repository: repository}.run(t)

	if got.failed { // the step after an unknown outcome is skipped
		t.Error("a step failed")
	}
	values := map[string]string{}
	for _, s := range v.Secrets(v.VaultID) {
		values[s.EnvKey] = s.Value
		got.hides(t, s.Value)
	}
	if key := values["SERVICE_TOKEN"]; key == oldValue || len(key) != 43 {
		t.Errorf("the vault has no new key of 43 characters, but one of %d", len(key))
	}
	if password := values["DATABASE_PASSWORD"]; password == oldValue || password != read(t, set) {
		t.Error("the vault has another password than what was set")
	}
}

func TestTheStepOfThePageOnMirrorsRuns(t *testing.T) {
	t.Parallel()
	v, github := newVault(t), githubtest.New(t, githubtest.Options{})
	v.AddVaultWithID(shownVault, "shown")
	v.VaultID = shownVault
	j := job{
		text: stepsOn(t, "../docs/mirror.md") + seeing, vault: v, repository: userRepository(t), secrets: map[string]string{"MIRROR_TOKEN": githubtest.DefaultToken},
	}
	j.on(github)

	got := j.run(t)

	got.succeeded(t)
	for _, place := range []string{"repo:octo/cats", "env:octo/cats/production"} {
		if there := github.Secrets(place); len(there) != 1 || there[0].Value != v.Secrets(v.VaultID)[0].Value {
			t.Errorf("%s does not have the value of the vault", place)
		}
	}
}
