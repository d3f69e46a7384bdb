package input_test

import (
	"strings"
	"testing"

	environment "github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/event"
	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// commanded is what is read from flags and an environment.
func commanded(flags input.Flags, e environment.Env) loaded {
	var l loaded
	l.config, l.secrets, l.problems = input.Read(e.Lookup, flags).Check(e, event.Read(e), now)
	return l
}

// vaultsOf are the IDs of the vaults that were asked for.
func vaultsOf(l loaded) string {
	var ids []string
	for _, vault := range l.config.Vaults {
		ids = append(ids, string(vault.ID))
	}
	return strings.Join(ids, " ")
}

// A list is of the vaults that are named, and takes nothing that means nothing to it.
func TestAListIsOfTheVaultsThatAreNamed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		flags  input.Flags
		vars   env
		vaults string
		want   []string // problems
	}{
		"one":                   {vars: env{"INPUT_VAULT_ID": vaultID}, vaults: vaultID},
		"several, one twice":    {vars: env{"INPUT_VAULT_ID": thirdVault + ", " + vaultID + "\n" + thirdVault + "\n"}, vaults: thirdVault + " " + vaultID},
		"flags":                 {flags: input.Flags{"vault_id": vaultID + "\n" + thirdVault}, vaults: vaultID + " " + thirdVault},
		"the variable":          {flags: input.Flags{}, vars: env{"NAIRI_VAULT_ID": vaultID}, vaults: vaultID},
		"a flag beside it":      {flags: input.Flags{"vault_id": thirdVault}, vars: env{"NAIRI_VAULT_ID": vaultID}, vaults: thirdVault},
		"the variable, no flag": {vars: env{"NAIRI_VAULT_ID": vaultID}, want: []string{"vault_id is not set. The dashboard shows it"}},
		"none":                  {want: []string{"vault_id is not set. The dashboard shows it"}},
		"only a comma":          {vars: env{"INPUT_VAULT_ID": ","}, want: []string{"vault_id is not set. The dashboard shows it"}},
		"one bad ID of two":     {vars: env{"INPUT_VAULT_ID": vaultID + ",default"}, vaults: vaultID, want: []string{"Entry 2 of vault_id looks like a name"}},
		"what writes": {
			vars:   env{"INPUT_VAULT_ID": vaultID, "INPUT_DRY_RUN": "true", "INPUT_PRUNE": "true"},
			vaults: vaultID, want: []string{"dry_run is only for operation: set, sync or generate", "prune is only for operation: sync or lint"},
		},
		"what is of one secret": {
			vars:   env{"INPUT_VAULT_ID": vaultID, "INPUT_ENV_KEY": "A"},
			vaults: vaultID, want: []string{"env_key is not used by operation: list, which shows all of a vault"},
		},
		"a manifest":      {vars: env{"INPUT_VAULT_ID": vaultID, "INPUT_MANIFEST": "vault.yml"}, vaults: vaultID, want: []string{"manifest is only for operation: sync, export, lint or check"}},
		"no such number":  {vars: env{"INPUT_VAULT_ID": vaultID, "INPUT_CONCURRENCY": "65"}, vaults: vaultID, want: []string{"concurrency must be a whole number from 1 to 64"}},
		"results to a ~":  {vars: env{"INPUT_VAULT_ID": vaultID, "INPUT_RESULTS_FILE": "~/results"}, vaults: vaultID, want: []string{"results_file begins with ~, which is not expanded"}},
		"everything else": {vars: env{"INPUT_VAULT_ID": vaultID, "INPUT_CONCURRENCY": "3", "INPUT_RESULTS_FILE": "results.json"}, vaults: vaultID},
	} {
		vars := env{"INPUT_OPERATION": "list", "INPUT_API_KEY": key}.with(test.vars)
		got := commanded(test.flags, outside(vars, nil))
		t.Run(name, func(t *testing.T) { got.wantProblems(t, test.want...) })
		if all := vaultsOf(got); all != test.vaults {
			t.Errorf("%s: vaults %s, want %s", name, all, test.vaults)
		}
		c := got.config
		if wantsAll := name == "everything else"; c.Operation != plan.OpList || wantsAll != (c.Concurrency == 3 && c.ResultsFile == "results.json") || !wantsAll && len(test.want) == 0 && c.Concurrency != 8 {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

// NAIRI_VAULT_ID is for all commands that name no vault in another way: it contradicts
// none that does.
func TestTheVaultOfAShellIsADefault(t *testing.T) {
	for name, test := range map[string]struct {
		flags  input.Flags
		vaults string
		want   []string
	}{
		"nothing else":                    {input.Flags{}, vaultID, nil},
		"a manifest":                      {input.Flags{"manifest": "other.yml"}, thirdVault, nil},
		"a manifest, and a vault as well": {input.Flags{"manifest": "other.yml", "vault_id": vaultID}, "", []string{"--vault-id is given, and so is manifest"}},
		"a file that is merged into":      {input.Flags{"export_file": "other.yml", "overwrite": "true"}, thirdVault, nil},
		"another vault into a file":       {input.Flags{"export_file": "other.yml", "overwrite": "true", "vault_id": vaultID}, vaultID, nil},
		"a new file":                      {input.Flags{"export_file": "new.yml"}, vaultID, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			inFile(t, "other.yml", "vaults:\n- vault_id: "+thirdVault+"\n  secrets: {}\n")
			e := environment.Process()
			e.Lookup = outside(env{"NAIRI_API_KEY": key, "NAIRI_VAULT_ID": vaultID, "INPUT_OPERATION": "export"}, nil).Lookup
			got := commanded(test.flags, e)
			got.wantProblems(t, test.want...)
			if all := vaultsOf(got); len(test.want) == 0 && all != test.vaults {
				t.Errorf("vaults %s, want %s", all, test.vaults)
			}
		})
	}
}
