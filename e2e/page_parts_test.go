package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/input"
)

// Manifests on pages, and parts of them, are linted by the program. Parts of workflows are
// completed and checked by actionlint.
func TestPartsOnPagesAreRight(t *testing.T) {
	t.Parallel()
	for _, page := range pages(t) {
		for _, b := range general(t, page) {
			if b.kind != manifestBlock && b.kind != fragmentBlock {
				continue
			}
			b.text = indentedBy("", b.text)
			if complete, isPart := partOfManifest(t, b); isPart {
				lintManifest(t, b, complete)
			} else if complete, isPart := partOfWorkflow(t, b); isPart {
				lintPart(t, b, complete)
			} else {
				t.Errorf("%s:%d: this YAML is no part of a manifest or a workflow; name its test in testdata/runs/blocks.yml", b.page, b.line)
			}
		}
	}
}

// entryName is what a secret can be called.
var entryName = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)

// partOfManifest completes a manifest, the entries of a vault, or what is in one.
func partOfManifest(t *testing.T, b pageBlock) (complete string, isPart bool) {
	t.Helper()
	keys := keysOf(t, b.text)
	const head = "vaults:\n  - vault_id: " + shownVault + "\n"
	switch {
	case b.kind == manifestBlock:
		return b.text, true
	case only(keys, func(key string) bool { return key == "secrets" || key == "names" || key == "defaults" }) && slices.Contains(keys, "secrets"):
		return head + indentedBy("    ", b.text), true
	case only(keys, entryName.MatchString):
		return head + "    secrets:\n" + indentedBy("      ", b.text), true
	}
	return "", false
}

// partOfWorkflow completes keys of a workflow, of a job or of a step, or inputs of the action.
func partOfWorkflow(t *testing.T, b pageBlock) (complete string, isPart bool) {
	t.Helper()
	keys := keysOf(t, b.text)
	const job = "jobs:\n  shown:\n    runs-on: ubuntu-latest\n"
	const step = "    steps:\n      - uses: ./\n"
	of := func(names ...string) bool {
		return only(keys, func(key string) bool { return slices.Contains(names, key) })
	}
	isInput := func(key string) bool {
		return slices.ContainsFunc(input.Specs(), func(spec input.Spec) bool { return spec.Name == key })
	}
	switch {
	case of("jobs"):
		return "on: push\n" + b.text, true
	case of("on"):
		return b.text + job + step, true
	case of("permissions", "concurrency", "env", "defaults", "name"):
		return "on: push\n" + b.text + job + step, true
	case of("runs-on", "environment", "needs", "strategy", "container", "permissions", "concurrency"):
		return "on: push\njobs:\n  shown:\n    runs-on: ubuntu-latest\n" + indentedBy("    ", b.text) + step, true
	case of("with", "env", "if", "id", "continue-on-error"):
		return "on: push\n" + job + needed(b.text) + step + indentedBy("        ", b.text) + needs(b.text), true
	case only(keys, isInput):
		return "on: push\n" + job + step + "        with:\n" + indentedBy("          ", b.text), true
	}
	return "", false
}

var needsOutput = regexp.MustCompile(`\bneeds\.([\w-]+)\.outputs\.(\w+)`)

// needed says of the job of a part which other one it needs.
func needed(text string) string {
	if match := needsOutput.FindStringSubmatch(text); match != nil {
		return "    needs: " + match[1] + "\n"
	}
	return ""
}

// needs is that other job.
func needs(text string) string {
	if match := needsOutput.FindStringSubmatch(text); match != nil {
		return "  " + match[1] + ":\n    runs-on: ubuntu-latest\n    outputs:\n      " + match[2] + ": x\n    steps:\n      - run: 'true'\n"
	}
	return ""
}

func keysOf(t *testing.T, text string) []string {
	t.Helper()
	var keys []string
	for key := range decode[map[string]any](t, text) {
		keys = append(keys, key)
	}
	return keys
}

func only(keys []string, is func(string) bool) bool {
	return len(keys) > 0 && !slices.ContainsFunc(keys, func(key string) bool { return !is(key) })
}

func lintManifest(t *testing.T, b pageBlock, manifest string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "nairi-vault.yml")
	write(t, path, manifest, 0o600)
	cmd := exec.Command(releasedProgram(), "lint", path)
	cmd.Env = []string{"VAULT_ID=" + shownVault, "HOME=" + t.TempDir(), "SystemRoot=" + os.Getenv("SystemRoot")}
	out, err := cmd.CombinedOutput()
	// Its age is that of a date on the page.
	if problems := tooOld.ReplaceAll(out, nil); err != nil && (bytes.Equal(problems, out) || bytes.Contains(problems, []byte("nairi-vault.yml:"))) {
		t.Errorf("%s:%d: %v\n%s", b.page, b.line, err, out)
	}
}

// tooOld finds the problem of a manifest that has grown old on its page.
var tooOld = regexp.MustCompile(`(?m)^.*nairi-vault\.yml:.*max_age.*$`)

// queueOfJobs is a key that GitHub has since May 2026, and actionlint 1.7.12 does not know.
const queueOfJobs = `unexpected key "queue" for "concurrency" section`

func lintPart(t *testing.T, b pageBlock, workflow string) {
	t.Helper()
	cmd := exec.Command(tool(t, findActionlint), "-shellcheck=", "-pyflakes=", "-no-color", "-oneline", "-")
	cmd.Dir, cmd.Stdin = released, strings.NewReader(ours(workflow))
	out, err := cmd.CombinedOutput()
	if err != nil && (strings.Count(string(out), "\n") > 1 || !strings.Contains(string(out), queueOfJobs)) {
		t.Errorf("%s:%d: %v\n%s\n%s", b.page, b.line, err, out, workflow)
	}
}

// A page whose workflows read a manifest, and which prints one, says that it is the one.
func TestPagesNameTheirManifests(t *testing.T) {
	t.Parallel()
	for _, page := range pages(t) {
		runs, line := false, 0
		for _, b := range general(t, page) {
			runs = runs || b.kind == workflowBlock || b.kind == stepsBlock
			if b.kind == manifestBlock && b.file == "" && line == 0 {
				line = b.line
			}
		}
		if _, printsOne := filesOn(t, page)[shownManifest]; runs && line > 0 && !printsOne {
			t.Errorf("%s:%d: say in the paragraph before it which file it is, as in: This is `%s`:", page, line, shownManifest)
		}
	}
}
