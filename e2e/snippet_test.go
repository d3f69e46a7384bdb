package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// snippets are the workflows that we show to users, by the file they are in and, on a page,
// their name.
func snippets(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, path := range glob(t, "../examples/*/*.yml") {
		found[name(path)] = read(t, path)
	}
	for _, page := range pages(t) {
		for _, b := range blocksOn(t, page) {
			if b.kind != workflowBlock {
				continue
			}
			shown := snippet(t, b)
			if found[shown] != "" {
				t.Errorf("%s:%d: the page has another workflow of this name", page, b.line)
			}
			found[shown] = strings.ReplaceAll(b.text, gitHub, "")
		}
	}
	return found
}

// snippet is what the workflow of a block is called here.
func snippet(t *testing.T, b pageBlock) string {
	t.Helper()
	named := decode[struct{ Name string }](t, b.text).Name
	if named == "" {
		t.Errorf("%s:%d: the workflow has no name", b.page, b.line)
	}
	return b.page + ": " + named
}

// gitHub is the host of an action for forges, which neither act nor actionlint
// know to take.
const gitHub = "https://github.com/"

func name(path string) string { return filepath.ToSlash(strings.TrimPrefix(path, "../")) }

// workflows are the blocks of a Markdown page that are whole workflows.
func workflows(page string) []string {
	var found []string
	for _, text := range blocks(page, "yaml") {
		if kindOfYAML(text) == workflowBlock {
			found = append(found, text)
		}
	}
	return found
}

// blocks are the blocks of a Markdown page that are in a language.
func blocks(page, language string) []string {
	var found []string
	for _, block := range strings.Split(page, "\n```"+language+"\n")[1:] {
		text, _, _ := strings.Cut(block, "\n```\n")
		found = append(found, text+"\n")
	}
	return found
}

func glob(t *testing.T, patterns ...string) []string {
	t.Helper()
	var paths []string
	for _, pattern := range patterns {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, found...)
	}
	return paths
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// lint runs actionlint where "./" means this action.
func lint(t *testing.T, workflow string) {
	t.Helper()
	cmd := exec.Command(tool(t, findActionlint), "-shellcheck=", "-pyflakes=", "-no-color", "-")
	cmd.Dir, cmd.Stdin = released, strings.NewReader(workflow)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// Those that stand for the action as users name it are checked against its
// action.yml as well.
func TestWorkflowsPassActionlint(t *testing.T) {
	t.Parallel()
	all := snippets(t)
	for _, path := range glob(t, "testdata/*.yml", "testdata/corpus/*.yml", "../.github/workflows/*.yml") {
		all[name(path)], _, _ = strings.Cut(read(t, path), "---\n")
	}
	for name, workflow := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lint(t, ours(workflow))
		})
	}
}
