package input_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/manifest"
	"github.com/nairi-community/vault-secret/internal/plan"
)

const otherVault = "vlt_01KEQ6963XS96YDP3NF9NKB7QK"

// inVault is a manifest of one vault, whose entries are from line 4 on.
func inVault(about string, entries ...string) string {
	text := "vaults:\n- " + strings.ReplaceAll(about, "; ", "\n  ") + "\n  secrets:\n"
	for _, entry := range entries {
		text += "    " + entry + "\n"
	}
	return text
}

// teams are manifests of two teams for one vault, and of one for another.
var teams = env{
	"vaults/billing.yml": inVault("vault_id: "+vaultID, "A: { env: A_VALUE, any_domain: true }"),
	"vaults/search.yml":  inVault("vault_id: "+vaultID, "B: { env: A_VALUE, any_domain: true }", "a: { absent: true }"),
	"vaults/web.yml":     inVault("vault_id: "+otherVault, "A: { env: A_VALUE, any_domain: true }"),
	"vaults/notes.txt":   "no manifest",
}

// placesOf are the vaults of a configuration: of each secret its place.
func placesOf(l loaded) string {
	var text strings.Builder
	for _, vault := range l.config.Vaults {
		fmt.Fprintf(&text, "%s %s:%d:", vault.ID, vault.Place.File, vault.Place.Line)
		for _, d := range vault.Secrets {
			fmt.Fprintf(&text, " %s %s:%d", d.EnvKey, d.Place.File, d.Place.Line)
		}
		text.WriteString("\n")
	}
	return text.String()
}

func TestSeveralManifestsAreReadAsOne(t *testing.T) {
	t.Parallel()
	const (
		all = vaultID + " vaults/billing.yml:2: A vaults/billing.yml:4 B vaults/search.yml:4 a vaults/search.yml:5\n" +
			otherVault + " vaults/web.yml:2: A vaults/web.yml:4\n"
		web = otherVault + " vaults/web.yml:2: A vaults/web.yml:4\n"
	)
	for given, want := range map[string]struct{ name, held string }{
		"vaults/*.yml": {"vaults/*.yml", all},
		" vaults/billing.yml ,vaults/search.yml\n\n\tvaults/web.yml,\r\n": {"vaults/billing.yml, vaults/search.yml, vaults/web.yml", all},
		"vaults/billing.yml\nvaults/*.yml":                                {"vaults/billing.yml, vaults/*.yml", all},
		"vaults/web.yml":                                                  {"vaults/web.yml", web},
		"vaults/web.yml, ./vaults//web.yml, vaults/w*.yml":                {"vaults/web.yml, ./vaults//web.yml, vaults/w*.yml", web},
		"vaults/[v-w]e?.yml":                                              {"vaults/[v-w]e?.yml", web},
	} {
		got := load(syncing(env{"INPUT_MANIFEST": given}), teams)
		got.wantProblems(t)
		if got.config.Manifest != want.name || placesOf(got) != want.held {
			t.Errorf("%q: %s\n- wanted, + got:\n%s", given, got.config.Manifest, cmp.Diff(want.held, placesOf(got)))
		}
		if name := input.Read(outside(syncing(env{"INPUT_MANIFEST": given}), nil).Lookup, nil).ManifestName(); name != want.name {
			t.Errorf("%q is named %q", given, name)
		}
	}
	got := load(syncing(env{"INPUT_MANIFEST": "vaults/*.yml"}), teams)
	if told := lines(got.config.Warnings); !strings.Contains(told, "vaults/search.yml:5: a ") || !strings.Contains(told, "vaults/billing.yml:4") {
		t.Errorf("names that differ in case alone over two files: %s", told)
	}
}

// What several files say of a vault counts for the vault.
func TestWhatFilesSayOfAVaultIsJoined(t *testing.T) {
	t.Parallel()
	says := func(texts ...string) plan.Vault {
		files := env{}
		for i, text := range texts {
			files[fmt.Sprintf("%d.yml", i)] = inVault("vault_id: "+vaultID+text, fmt.Sprintf("S%d: { any_domain: true }", i))
		}
		got := load(syncing(env{"INPUT_MANIFEST": "*.yml", "INPUT_PRUNE": "false"}), files)
		got.wantProblems(t)
		vault := got.config.Vaults[0]
		vault.Secrets = nil
		return vault
	}
	at := plan.Place{File: "0.yml", Line: 2}
	for _, test := range []struct {
		texts []string
		want  plan.Vault
	}{
		{[]string{"; names: S0", "; names: [S1, 'T*']; allow_empty: true"}, plan.Vault{Owned: []string{"S0", "S1", "T*"}, Parts: []plan.Part{
			{Owned: []string{"S0"}, Place: at}, {Owned: []string{"S1", "T*"}, MayEmpty: true, Place: plan.Place{File: "1.yml", Line: 2}},
		}}},
		{[]string{"; names: S0", ""}, plan.Vault{}},
		{[]string{"", "; names: S1"}, plan.Vault{}},
		{[]string{"; names: S0", "", "; names: S2"}, plan.Vault{}},
		{[]string{"; allow_empty: true", "; unmanaged: error"}, plan.Vault{AllManaged: true}},
		{[]string{"", "; allow_empty: true"}, plan.Vault{}},
		{[]string{"; allow_empty: true", "; allow_empty: true", "; allow_empty: true"}, plan.Vault{MayEmpty: true}},
		{[]string{"; names: S0; allow_empty: true", "; allow_empty: true", "; names: S2"}, plan.Vault{}},
		{[]string{"; allow_empty: false", "; unmanaged: show"}, plan.Vault{}},
	} {
		test.want.ID, test.want.Place = vaultID, at
		if diff := cmp.Diff(test.want, says(test.texts...)); diff != "" {
			t.Errorf("%q (-want +read)\n%s", test.texts, diff)
		}
	}
}

// The input's error is for all vaults, and its show lets a manifest be stricter.
func TestTheStricterWordOnTheUnmanagedCounts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		input, file, vault string
		want               bool
	}{
		{"show", "show", "error", true}, {"show", "error", "show", false}, {"error", "show", "show", true}, {"show", "error", "", true}, {"show", "", "", false},
	} {
		text := inVault("vault_id: "+vaultID, "A: { any_domain: true }")
		if test.vault != "" {
			text = inVault("vault_id: "+vaultID+"; unmanaged: "+test.vault, "A: { any_domain: true }")
		}
		if test.file != "" {
			text += "unmanaged: " + test.file + "\n"
		}
		got := load(syncing(env{"INPUT_UNMANAGED": test.input}), env{manifest.Default: text})
		got.wantProblems(t)
		if got.config.Vaults[0].AllManaged != test.want {
			t.Errorf("%+v: %t", test, !test.want)
		}
	}
}

func TestTheNewKeysOfAnEntryAreDesired(t *testing.T) {
	t.Parallel()
	text := inVault("vault_id: ${PROD_VAULT_ID}",
		"A: { env: A_VALUE, domain_list: hosts, rotated: 2026-11-01, max_age: 90d, renamed_from: OLD }", "B: { env: A_VALUE, values: always }") +
		"defaults: { values: when_created }\ndomain_lists: { hosts: [a.example.com] }\n"
	got := load(syncing(env{"PROD_VAULT_ID": otherVault + "\n", "INPUT_VALUES": "when_rotated"}), env{manifest.Default: text})
	got.wantProblems(t)
	if got.config.Vaults[0].ID != otherVault {
		t.Errorf("the ID is %q", got.config.Vaults[0].ID)
	}
	a, b := got.config.Vaults[0].Secrets[0], got.config.Vaults[0].Secrets[1]
	if a.Values != plan.ValuesWhenCreated || !a.Rotated.Equal(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)) || a.MaxAge != 90*24*time.Hour ||
		a.RenamedFrom != "OLD" || !slices.Equal(a.Lists, []string{"hosts"}) || listed(a.Domains) != "[a.example.com]" {
		t.Errorf("%+v", a)
	}
	if b.Values != plan.ValuesAlways || b.Rotated != nil || b.Domains != nil {
		t.Errorf("%+v", b)
	}
	if modes := []string{string(plan.ValuesAlways), string(plan.ValuesWhenCreated), string(plan.ValuesWhenRotated)}; !slices.Equal(modes, manifest.ValueModes) {
		t.Error("a manifest has other modes than a plan")
	}
}

// An ID comes from the step's variables alone, and what a variable holds is not
// repeated.
func TestAVaultIDIsNotTakenFromElsewhere(t *testing.T) {
	t.Parallel()
	with := func(variable string) env {
		return env{manifest.Default: inVault("vault_id: ${"+variable+"}", "A: { any_domain: true }"), "values.env": "PROD=" + vaultID}
	}
	elsewhere := syncing(env{"INPUT_ENV_JSON": `{"PROD": "` + vaultID + `"}`})
	load(elsewhere, with("PROD")).wantProblems(t, "vault_id names a variable that is not set")
	load(syncing(env{"INPUT_ENV_JSON": unset, "INPUT_VALUES_FILE": "values.env"}), with("PROD")).wantProblems(t, "vault_id names a variable that is not set")
	load(syncing(env{"PROD": " "}), with("PROD")).wantProblems(t, "vault_id names a variable that is empty")
	load(syncing(env{"GITHUB_TOKEN": vaultID}), with("GITHUB_TOKEN")).wantProblems(t, "vault_id names a variable that is the runner's own")
	load(syncing(nil), with("INPUT_API_KEY")).wantProblems(t, "vault_id names a variable that is this program's own")
	if there := load(syncing(env{"PROD": vaultID}), with("PROD")); len(there.config.Vaults) != 1 || !there.config.Vaults[0].ByVariable {
		t.Errorf("an ID of a variable: %+v", there.config.Vaults)
	}
	got := load(syncing(env{"PROD": stray}), with("PROD"))
	got.wantProblems(t, "vault_id names a variable whose text looks like")
	holdsNone(t, loaded{problems: got.problems}, stray)
}

func TestSeveralManifestsAreBounded(t *testing.T) {
	t.Parallel()
	files := env{}
	for i := range 3 {
		files[fmt.Sprintf("%d.yml", i)] = teams["vaults/web.yml"] + "#" + strings.Repeat("x", manifest.MaxBytes/3)
	}
	load(syncing(env{"INPUT_MANIFEST": "*.yml"}), files).wantProblems(t, "manifest names files that are larger than 16 MiB together")
	var names []string
	for i := range 201 {
		names = append(names, fmt.Sprintf("%d.yml", i))
		files[names[i]] = teams["vaults/web.yml"]
	}
	load(syncing(env{"INPUT_MANIFEST": strings.Join(names, "\n")}), files).wantProblems(t, "manifest names more than 200 files")
	load(syncing(env{"INPUT_MANIFEST": "*.yml"}), files).wantProblems(t, "manifest matches too many files")
}

// Whoever opens a pull request chooses the names of its files.
func TestAnOddNameOfAFileIsNoManifest(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a\n::error::b.yml", "a\x1b[31m.yml", "a\u202eb.yml", "a\u2028.yml", "\xff.yml"} {
		got := load(syncing(env{"INPUT_MANIFEST": "*.yml"}), env{name: teams["vaults/web.yml"]})
		got.wantProblems(t, "manifest matches a file whose name has a character that a log would not show")
		if strings.ContainsAny(lines(got.problems), "\n\x1b") {
			t.Errorf("%q is repeated", name)
		}
	}
}
