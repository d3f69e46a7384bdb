package input_test

import (
	"testing"

	"github.com/nairi-community/vault-secret/internal/plan"
)

// The input says it of every vault; the manifest may say so of one.
func TestUnmanagedIsOfEveryVault(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]bool{"error": true, "show": false, "__not_given__": false} {
		got := load(syncing(env{"INPUT_UNMANAGED": word}), heldFiles)
		got.wantProblems(t)
		for _, vault := range got.config.Vaults {
			if vault.AllManaged != want {
				t.Errorf("unmanaged: %s, and of %s it is an error: %t", word, vault.ID, vault.AllManaged)
			}
		}
	}
	load(syncing(env{"INPUT_UNMANAGED": "fail"}), heldFiles).wantProblems(t, "unmanaged must be one of show, error")
}

// Left out is a mode of its own, which no word says.
func TestValuesLeftOutGoByTheDate(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]plan.Values{
		"__not_given__": plan.ValuesByDate, "always": plan.ValuesAlways, "when_created": plan.ValuesWhenCreated, "when_rotated": plan.ValuesWhenRotated,
	} {
		got := load(syncing(env{"INPUT_VALUES": word}), heldFiles)
		got.wantProblems(t)
		if mode := got.config.Vaults[0].Secrets[0].Values; mode != want {
			t.Errorf("values: %s is %q", word, mode)
		}
		without := syncing(env{"INPUT_VALUES": word})
		delete(without, "A_VALUE")
		if lacking := load(without, heldFiles); (len(lacking.problems) > 0) == want.MayLack() {
			t.Errorf("values: %s without a variable: %v", word, lacking.problems)
		}
	}
}

// The name of a file that need not be there yet is held against what it may have been
// meant as.
func TestResultsFileIsAName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"-":             "results_file is -, which does not mean standard output here. Leave it out, or name a file",
		"$HOME/results": "results_file contains a variable or a command, which is not expanded. Write the whole path",
		"a\nb":          "results_file must be the name of a file, in one line",
	} {
		load(syncing(env{"INPUT_RESULTS_FILE": name}), heldFiles).wantProblems(t, want)
	}
	got := load(syncing(env{"INPUT_RESULTS_FILE": "out/results.json"}), heldFiles)
	got.wantProblems(t)
	if got.config.ResultsFile != "out/results.json" {
		t.Errorf("%q", got.config.ResultsFile)
	}
}
