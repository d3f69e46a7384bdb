package e2e

import (
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/githubtest"
)

// The simplest rotation, as docs/rotation.md prints it in thirty lines: what is too old gets a
// new value, which its mirrors get too, and the next run changes nothing.
func TestADueValueIsRotatedAndMirrored(t *testing.T) {
	t.Parallel()
	const page = "docs/rotation.md"
	workflow, files := snippets(t)[page+": rotate what is due"], filesOn(t, page)
	if lines := strings.Count(workflow+files[shownManifest], "\n"); lines > 30 {
		t.Errorf("the page calls %d lines thirty", lines)
	}
	v, github := newVault(t), githubtest.New(t, githubtest.Options{})
	v.AddVaultWithID(shownVault, "shown")
	v.VaultID = shownVault
	v.hold(held{webhookName, webhookValue, []string{"hooks.example.com"}})
	v.age([]string{webhookName})
	j := job{
		text: workflow, event: "schedule", vault: v, repository: repositoryOf(t, files), secrets: map[string]string{"MIRROR_TOKEN": githubtest.DefaultToken},
	}
	j.on(github)

	first := j.run(t)
	value := v.Secrets(v.VaultID)[0].Value
	second := j.run(t)

	first.succeeded(t)
	second.succeeded(t)
	if len(value) != 64 || v.Secrets(v.VaultID)[0].Value != value {
		t.Error("the value was not made once")
	}
	for _, place := range []string{webhookCaller, "env:octo/cats/production"} {
		if there := github.Secrets(place); len(there) != 1 || there[0].Value != value {
			t.Errorf("%s does not have the value of the vault", place)
		}
	}
	first.hides(t, value)
	if !strings.Contains(first.log, "2 mirrors were written.") || !strings.Contains(second.log, "1 unchanged") {
		t.Error("the logs say something else")
	}
}
