package e2e

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

const exportPage = "../docs/export.md"

// holdShownExport puts in what the page exports.
func holdShownExport(v vault) {
	for _, s := range []nairitest.Stored{
		{ID: "sec_01KQ27AQH800XQTQPJZ0DH14SK", EnvKey: "TWIN"},
		{ID: "sec_01KQ27AQH800XQTQPJZ0DH14SJ", EnvKey: "TWIN"},
		{EnvKey: "OPEN_TOKEN"},
		{EnvKey: "DATABASE_URL", AllowedDomains: replicas},
	} {
		s.Value = oldValue
		v.AddSecret(shownVault, s)
	}
}

var exportedOn = regexp.MustCompile(`, exported 20\d\d-\d\d-\d\d\.`)

// undated is a manifest as it was exported on the day that the page shows.
func undated(text string) string {
	return exportedOn.ReplaceAllString(text, ", exported 2026-11-30.")
}

// The commands of the page write the manifest of the page, and a sync of that changes
// nothing.
func TestAdoptingAVaultInAShell(t *testing.T) {
	t.Parallel()
	page := read(t, exportPage)
	p := newPlace(t, map[string]string{})
	p.vault.AddVaultWithID(shownVault, "shown")
	holdShownExport(p.vault)
	p.always["NAIRI_API_KEY"] = p.vault.Key
	if err := p.script(nil, "ln -s "+releasedProgram()+" "+p.bin+"/vault-secret", block(t, page, "sh")); err != nil {
		t.Errorf("%v\n%s", err, p.log.String())
	}
	manifest := filepath.Join(p.dir, ".github", "nairi-vault.yml")
	if diff := cmp.Diff(block(t, page, "yaml"), undated(read(t, manifest))); diff != "" {
		t.Errorf("- on the page, + written:\n%s", diff)
	}
	p.log.Reset()
	if err := p.script(map[string]string{"INPUT_OPERATION": "sync", "INPUT_DRY_RUN": "true"}, "vault-secret"); err != nil {
		t.Error(err)
	}
	p.printed("planned_count=0\n")
	p.printed("unchanged_count=2\n")
}

// In a runner the log has the manifest, line by line.
func TestAdoptingAVaultInARunner(t *testing.T) {
	t.Parallel()
	page := read(t, exportPage)
	v := newVault(t)
	v.AddVaultWithID(shownVault, "shown")
	v.VaultID = shownVault
	holdShownExport(v)
	j := job{text: workflows(page)[0], event: "workflow_dispatch", vault: v, secrets: map[string]string{}}
	got := j.run(t)
	got.succeeded(t)
	for line := range strings.Lines(block(t, page, "yaml")) {
		if !strings.Contains(undated(got.log), strings.TrimRight(line, "\n")) {
			t.Errorf("the log has no %q:\n%s", line, got.log)
		}
	}
}
