package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// shownBlocks are the commands of pages that are about something else: the page, what
// their first line begins with, and how they are run.
var shownBlocks = []struct {
	page, begins string
	before       func(*place)
	after        func(*place)
}{
	{"docs/lint.md", "vault-secret lint\n", (*place).addVaultsOfTeams, func(p *place) {
		p.printed("No problems in 1 file: 2 secrets in 1 vault.\n")
		p.printed("No problems in 2 files: 2 secrets in 2 vaults.\n")
		p.vault.untouched(p.t)
	}},
	{"docs/ci/azure-pipelines.md", "set -eu\nVALUE=", nil, func(p *place) { p.made("##vso[task.setsecret]%\n") }},
	{"docs/ci/buildkite.md", "set -eu\nVALUE=", (*place).addBuildkiteAgent, func(p *place) { p.made("redactor add: %\n") }},
}

func TestTheCommandsOfOtherPages(t *testing.T) {
	t.Parallel()
	for _, shown := range shownBlocks {
		t.Run(shown.page, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t, map[string]string{"NAIRI_VAULT_ID": shownVault})
			p.always["NAIRI_API_KEY"] = p.vault.Key
			for _, folder := range []string{p.dir, p.bin} {
				if err := os.Symlink(releasedProgram(), filepath.Join(folder, "vault-secret")); err != nil {
					t.Fatal(err)
				}
			}
			if shown.before != nil {
				shown.before(p)
			}
			all := blocks(read(t, "../"+shown.page), "sh")
			at := slices.IndexFunc(all, func(text string) bool { return strings.HasPrefix(text, shown.begins) })
			if at < 0 {
				t.Fatalf("there is no block that begins with %q", shown.begins)
			}
			if err := p.script(nil, all[at]); err != nil {
				t.Errorf("%v\n%s", err, p.log.String())
			}
			shown.after(p)
		})
	}
}

// addVaultsOfTeams adds the manifests of a repository: one, and one for each of two teams.
func (p *place) addVaultsOfTeams() {
	p.t.Helper()
	p.addShownManifest()
	folder := filepath.Join(p.dir, ".github", "vaults")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(p.dir, "nairi-vault.yml"), filepath.Join(p.dir, ".github", "nairi-vault.yml")); err != nil {
		p.t.Fatal(err)
	}
	for team, vault := range map[string]string{"billing": shownVault, "search": "vlt_01KQ27AQH800XQTQPJZ0DH14SJ"} {
		write(p.t, filepath.Join(folder, team+".yml"), "vaults:\n  - vault_id: "+vault+"\n    secrets:\n      KEY: { allowed_domains: [api.example.com] }\n", 0o600)
	}
}

// addBuildkiteAgent stands for the agent's program, which takes a mask.
func (p *place) addBuildkiteAgent() {
	write(p.t, filepath.Join(p.bin, "buildkite-agent"), "#!/bin/sh\necho \"$*: $(cat)\"\n", 0o755)
}

// made checks that a value was made, stored and masked: % in the mask is the value, and it
// is printed nowhere else.
func (p *place) made(mask string) {
	p.t.Helper()
	secrets := p.vault.Secrets(p.vault.VaultID)
	made := secrets[len(secrets)-1]
	if made.EnvKey != "SESSION_KEY" || len(made.Value) != 44 {
		p.t.Fatalf("the newest secret is %s", made.EnvKey)
	}
	masked := strings.Replace(mask, "%", made.Value, 1)
	if log := p.log.String(); !strings.HasPrefix(log, masked) || strings.Count(log, made.Value) != 1 {
		p.t.Error("the value is not masked first, or printed elsewhere")
	}
}

// A variable that is not set stays as it is written: it is refused as a value, and as a key.
func TestAzureVariablesThatAreNotSet(t *testing.T) {
	t.Parallel()
	pipeline := blocks(read(t, "../docs/ci/azure-pipelines.md"), "yaml")[0]
	for missing, says := range map[string]string{"DATABASE_URL": "looks like a variable or a command that was not expanded", "NAIRI_API_KEY": "[wrong_key_kind]"} {
		p := newPlace(t, map[string]string{"CI": "true"})
		run := p.ciRun(pin(t, pipeline, true), byHand)
		delete(run.secrets, missing)
		if err := p.shellSteps(azure.steps(run)); err == nil {
			t.Errorf("it succeeds without %s", missing)
		}
		p.printed(says)
		p.vault.holds(t, before)
	}
}
