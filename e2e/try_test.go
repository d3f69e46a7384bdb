package e2e

import (
	"maps"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// notOurs are the actions of others in it, which act looks for even where their steps
// are skipped.
var notOurs = regexp.MustCompile(`actions/(?:setup-go|download-artifact)@[0-9a-f]{40}`)

// The workflow that tries the action on GitHub's runners, on this machine. It is
// called by others, and started by hand here.
func TestTry(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell and signals")
	}
	workflow := read(t, "../.github/workflows/try.yml")
	for old, new := range map[string]string{
		"  workflow_call:\n":                 "  workflow_dispatch:\n",
		"          ref: ${{ inputs.ref }}\n": "", // act takes this repository if none is named
	} {
		if !strings.Contains(workflow, old) {
			t.Fatalf("no %q", old)
		}
		workflow = strings.Replace(workflow, old, new, 1)
	}
	stub := t.TempDir()
	write(t, filepath.Join(stub, "action.yml"), "runs: { using: composite, steps: [{ run: 'true', shell: bash }] }\n", 0o600)

	repository := filepath.Join(t.TempDir(), "vault-secret")
	if err := newRepository(repository, everything, buildProgram); err != nil {
		t.Fatal(err)
	}
	j := job{
		text: workflow + seeing, event: "workflow_dispatch", vault: newVault(t), repository: repository,
		inputs: map[string]string{"runners": `["ubuntu-latest"]`},
	}
	for _, action := range notOurs.FindAllString(workflow, -1) {
		j.options = append(j.options, "--local-repository", action+"="+stub)
	}

	got := j.run(t)

	isGone(t, got.steps["emulator"].Outputs)
	// Those without an ID take a release, which there is none of.
	maps.DeleteFunc(got.steps, func(id string, s step) bool { _, err := strconv.Atoi(id); return err == nil && s.Outcome == "skipped" })
	got.succeeded(t, "refuse")
}
