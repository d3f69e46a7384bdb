package input_test

import (
	"os"
	"strings"
	"testing"

	environment "github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/plan"
)

const thirdVault = "vlt_01KQ27AQH800XQTQPJZ0DH14SJ"

// exporting is an export in a working folder with a manifest of vaultID, and one of
// thirdVault where a manifest is by default, if that is wanted.
func exporting(t *testing.T, byDefault bool, changes env) loaded {
	t.Helper()
	t.Chdir(t.TempDir())
	of := func(id string) string {
		return "vaults:\n- vault_id: " + id + "\n  secrets: {}\n"
	}
	inFile(t, "vault.yml", of(vaultID))
	inFile(t, "bad.yml", "vaults: []\n")
	inFile(t, "variable.yml", of("${PROD_VAULT_ID}"))
	if err := os.Mkdir(".github", 0o700); err != nil {
		t.Fatal(err)
	}
	if byDefault {
		inFile(t, ".github/nairi-vault.yml", of(thirdVault))
	}
	vars := env{"INPUT_API_KEY": key, "INPUT_OPERATION": "export"}.with(changes)
	e := environment.Process()
	e.Lookup = outside(vars, nil).Lookup
	return loadOutside(e)
}

// inFile writes a file.
func inFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// An export is of the vaults that vault_id names, or else a manifest, or else the file
// that is there; and it is merged into a text that is there.
func TestAnExportIsOfTheVaultsThatAreNamed(t *testing.T) {
	for name, test := range map[string]struct {
		changes   env
		byDefault bool
		vaults    string
		into      string // the name of the text, and the vault in that
	}{
		"IDs":                          {env{"INPUT_VAULT_ID": vaultID}, true, vaultID, "export"},
		"several IDs, some twice":      {env{"INPUT_VAULT_ID": thirdVault + ",\n " + vaultID + "," + thirdVault + "\n"}, false, thirdVault + " " + vaultID, "export"},
		"a new file":                   {env{"INPUT_VAULT_ID": vaultID, "INPUT_EXPORT_FILE": "new.yml"}, false, vaultID, "export"},
		"a file that is there":         {env{"INPUT_EXPORT_FILE": "vault.yml", "INPUT_OVERWRITE": "true"}, true, vaultID, "vault.yml " + vaultID},
		"IDs into one":                 {env{"INPUT_VAULT_ID": thirdVault, "INPUT_EXPORT_FILE": "vault.yml", "INPUT_OVERWRITE": "true"}, true, thirdVault, "vault.yml " + vaultID},
		"a manifest":                   {env{"INPUT_MANIFEST": "vault.yml"}, true, vaultID, "vault.yml " + vaultID},
		"a manifest to another":        {env{"INPUT_MANIFEST": "vault.yml", "INPUT_EXPORT_FILE": "new.yml"}, true, vaultID, "vault.yml " + vaultID},
		"the default is not asked for": {env{"INPUT_MANIFEST": ".github/nairi-vault.yml", "INPUT_EXPORT_FILE": "vault.yml", "INPUT_OVERWRITE": "true"}, true, vaultID, "vault.yml " + vaultID},
		"a vault by a variable":        {env{"INPUT_EXPORT_FILE": "variable.yml", "INPUT_OVERWRITE": "true", "PROD_VAULT_ID": vaultID}, true, vaultID, "variable.yml ${PROD_VAULT_ID}"},
		"the default manifest":         {nil, true, thirdVault, ".github/nairi-vault.yml " + thirdVault},
	} {
		t.Run(name, func(t *testing.T) {
			got := exporting(t, test.byDefault, test.changes)
			got.wantProblems(t)
			var ids []string
			for _, vault := range got.config.Vaults {
				ids = append(ids, string(vault.ID))
			}
			if all := strings.Join(ids, " "); all != test.vaults {
				t.Errorf("vaults %s, want %s", all, test.vaults)
			}
			into := got.config.Manifest
			if there := got.config.Present; there != nil {
				_, rest, _ := strings.Cut(string(there), "vault_id: ")
				id, _, _ := strings.Cut(rest, "\n")
				into += " " + id
			}
			if into != test.into {
				t.Errorf("into %s, want %s", into, test.into)
			}
			if got.config.Operation != plan.OpExport || got.config.ExportFile != test.changes["INPUT_EXPORT_FILE"] || got.config.Concurrency != 8 {
				t.Errorf("%+v", got.config)
			}
		})
	}
}

// Everything that is wrong is known before a request.
func TestAnExportThatCannotBeIsRefused(t *testing.T) {
	const exists = "export_file names a file that exists already. To merge into it, set overwrite: true"
	const irregular = "export_file is not the name of a regular file. Leave it out to print the manifest"
	for name, test := range map[string]struct {
		changes env
		want    []string
	}{
		"nothing in vault_id": {env{"INPUT_VAULT_ID": ","}, []string{"vault_id is not set. The dashboard shows it"}},
		"no vault":            {nil, []string{"vault_id is not set. Name the vaults to export"}},
		"no such manifest":    {env{"INPUT_MANIFEST": "none.yml"}, []string{"manifest names a file that does not exist"}},
		"several manifests":   {env{"INPUT_MANIFEST": "vault.yml,bad.yml"}, []string{"manifest names several files. An export is merged into one"}},
		"a variable":          {env{"INPUT_EXPORT_FILE": "variable.yml", "INPUT_OVERWRITE": "true"}, []string{"variable.yml:2: vault_id"}},
		"both":                {env{"INPUT_MANIFEST": "vault.yml", "INPUT_VAULT_ID": vaultID}, []string{"vault_id is given, and so is manifest. Each says which vaults to export, so keep one of them"}},
		"one bad ID of two":   {env{"INPUT_VAULT_ID": vaultID + ",default"}, []string{"Entry 2 of vault_id looks like a name"}},
		"one bad ID":          {env{"INPUT_VAULT_ID": "default"}, []string{"vault_id looks like a name"}},
		"it is there":         {env{"INPUT_VAULT_ID": vaultID, "INPUT_EXPORT_FILE": "vault.yml"}, []string{exists}},
		"it cannot be read":   {env{"INPUT_EXPORT_FILE": "bad.yml", "INPUT_OVERWRITE": "true"}, []string{"bad.yml:1: vaults names no vault. It needs at least one"}},
		"standard output":     {env{"INPUT_VAULT_ID": vaultID, "INPUT_EXPORT_FILE": "-"}, []string{"export_file is -, which does not mean standard output here. Leave it out, or name a file"}},
		"a folder":            {env{"INPUT_VAULT_ID": vaultID, "INPUT_EXPORT_FILE": ".github", "INPUT_OVERWRITE": "true"}, []string{irregular}},
		"several lines":       {env{"INPUT_VAULT_ID": vaultID, "INPUT_EXPORT_FILE": "a\nb"}, []string{"export_file must be the name of a file, in one line"}},
		"not expanded":        {env{"INPUT_VAULT_ID": vaultID, "INPUT_EXPORT_FILE": "~/vault.yml"}, []string{"export_file begins with ~, which is not expanded"}},
		"inputs of a secret":  {env{"INPUT_VAULT_ID": vaultID, "INPUT_ENV_KEY": "A"}, []string{"env_key is not used by operation: export"}},
		"dry_run":             {env{"INPUT_VAULT_ID": vaultID, "INPUT_DRY_RUN": "true"}, []string{"dry_run is only for operation: set, sync or generate"}},
	} {
		t.Run(name, func(t *testing.T) {
			exporting(t, false, test.changes).wantProblems(t, test.want...)
		})
	}
}
