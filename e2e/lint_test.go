package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const faulty = `vaults:
  - vault_id: ` + shownVault + `
    secrets:
      DATABASE_URL: { env: DATABASE_URL, allowed_domains: ["https://db.example.com"] }
      STRIPE_KEY: { env: STRIPE_KEY, allowed_domain: [api.stripe.com] }
`

// The workflow of the page refuses a manifest in a real runner, for a fork: without a key,
// with each problem on its line, and nothing is sent.
func TestALintInARunner(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	// Act does not wait for the last lines that a step printed before it failed.
	const wait = "\n      - if: always()\n        run: sleep 1\n"
	j := job{
		text: workflows(read(t, "../docs/lint.md"))[0] + wait, event: "pull_request", payload: payloads["from a fork"],
		vault: v, repository: repositoryOf(t, map[string]string{shownManifest: faulty}), secrets: map[string]string{"NAIRI_API_KEY": ""},
	}
	got := j.run(t)
	if !got.failed {
		t.Error("the job is green")
	}
	const file = "::error col=%,file=.github/nairi-vault.yml,line="
	for _, want := range []string{
		strings.Replace(file, "%", "59", 1) + "4,title=vault-secret%3A manifest::Entry 1 of DATABASE_URL.allowed_domains has a scheme. Write the host alone, as in api.example.com.",
		strings.Replace(file, "%", "38", 1) + "5,title=vault-secret%3A manifest::STRIPE_KEY.allowed_domain is an unknown key. Did you mean allowed_domains?",
		"2 problems in 1 file. [bad_input]",
	} {
		if !strings.Contains(got.log, want) {
			t.Errorf("the log does not have %q", want)
		}
	}
	if len(v.Requests()) > 0 {
		t.Error("a request was sent")
	}
}

// The hook that the page has for pre-commit lints the manifest.
func TestTheHookOfThePage(t *testing.T) {
	t.Parallel()
	shown := filesOn(t, "docs/lint.md")[".pre-commit-config.yaml"]
	hooks := decode[struct {
		Repos []struct {
			Hooks []struct{ Entry, Files string }
		}
	}](t, shown).Repos[0].Hooks
	p := newPlace(t, nil)
	writeFiles(t, p.dir, map[string]string{shownManifest: faulty})
	if err := os.Symlink(releasedProgram(), filepath.Join(p.bin, "vault-secret")); err != nil {
		t.Fatal(err)
	}
	if len(hooks) != 1 || !regexp.MustCompile(hooks[0].Files).MatchString(shownManifest) || p.script(nil, hooks[0].Entry) == nil {
		t.Errorf("%+v lets a faulty manifest pass", hooks)
	}
	p.printed("2 problems in 1 file.")
}
