package e2e

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/githubtest"
)

// stepsOn are workflows of the steps that a page shows, one block after another. A block with an
// ID that was there before begins another one.
func stepsOn(t *testing.T, page string) []string {
	t.Helper()
	return stepsOf(t, blocksOn(t, page))
}

func stepsOf(t *testing.T, shown []pageBlock) []string {
	t.Helper()
	var found []string
	ids := map[string]bool{}
	for _, b := range shown {
		if b.kind != stepsBlock {
			continue
		}
		steps := decode[[]struct{ ID string }](t, b.text)
		if len(found) == 0 || slices.ContainsFunc(steps, func(s struct{ ID string }) bool { return ids[s.ID] }) {
			found = append(found, "on: push\npermissions: {}\njobs:\n  shown:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v5\n")
			clear(ids)
		}
		for _, step := range steps {
			ids[step.ID] = step.ID != ""
		}
		found[len(found)-1] += indentedBy("      ", b.text)
	}
	return found
}

// indentedBy is a text whose first line is indented by so much.
func indentedBy(indent, text string) string {
	first := strings.TrimLeft(text, " ")
	was := text[:len(text)-len(first)]
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			line = indent + strings.TrimPrefix(line, was)
		}
		b.WriteString(line)
	}
	return b.String()
}

func TestStepsOnPagesPassActionlint(t *testing.T) {
	t.Parallel()
	for _, page := range pages(t) {
		for _, workflow := range stepsOn(t, page) {
			t.Run(page, func(t *testing.T) {
				t.Parallel()
				lint(t, ours(workflow))
			})
		}
	}
}

// ours is a workflow in which the action is the one of this repository.
func ours(workflow string) string {
	return strings.ReplaceAll(strings.ReplaceAll(workflow, "nairi-community/vault-secret/emulator@v1", "./emulator"), "nairi-community/vault-secret@v1", "./")
}

// Steps that a page shows without a workflow around them run in a job, as they are printed and
// with the files of the page.
func TestStepsOnPagesRun(t *testing.T) {
	t.Parallel()
	for _, page := range pages(t) {
		for i, workflow := range stepsOf(t, general(t, page)) {
			t.Run(fmt.Sprint(page, " ", i+1), func(t *testing.T) {
				t.Parallel()
				snippetRun{Event: "push", Payload: "on main", any: true}.check(t, workflow+seeing, filesFor(t, page))
			})
		}
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

	got := job{text: stepsOn(t, "docs/generate.md")[0] + seeing, vault: v, repository: repository}.run(t)

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
		text: stepsOn(t, "docs/mirror.md")[0] + seeing, vault: v, repository: userRepository(t), secrets: map[string]string{"MIRROR_TOKEN": githubtest.DefaultToken},
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
