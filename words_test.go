package main

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/report"
	"github.com/nairi-community/vault-secret/internal/runnertest"
)

// These tests keep the words of action.yml, the README and the other pages
// those of the code.

// text of a file of the repository.
func text(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// section is what stands below a heading, up to the next one.
func section(t *testing.T, page, heading string) string {
	t.Helper()
	_, rest, found := strings.Cut("\n"+text(t, page), "\n"+heading+"\n")
	if !found {
		t.Fatalf("%s has no heading %q", page, heading)
	}
	body, _, _ := strings.Cut(rest, "\n#")
	return body
}

// table are the rows of the table below a heading, without its head.
func table(t *testing.T, page, heading string) [][]string {
	t.Helper()
	var rows [][]string
	for line := range strings.Lines(section(t, page, heading)) {
		if !strings.HasPrefix(line, "|") {
			continue
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		for i := range cells {
			cells[i] = strings.Trim(cells[i], "` ")
		}
		rows = append(rows, cells)
	}
	if len(rows) < 3 {
		t.Fatalf("%s has no table below %q", page, heading)
	}
	return rows[2:]
}

func column(rows [][]string, n int) []string {
	var cells []string
	for _, row := range rows {
		cells = append(cells, row[n])
	}
	return cells
}

// keys of a mapping in action.yml, in the order in which they stand there.
func keys(t *testing.T, mapping string) []string {
	t.Helper()
	_, rest, _ := strings.Cut("\n"+text(t, "action.yml"), "\n"+mapping+":\n")
	key := regexp.MustCompile(`^  ([A-Za-z_-]+):`)
	var names []string
	for line := range strings.Lines(rest) {
		if match := key.FindStringSubmatch(line); match != nil {
			names = append(names, match[1])
		} else if line != "\n" && !strings.HasPrefix(line, " ") {
			break
		}
	}
	return names
}

func inputNames() []string {
	var names []string
	for _, spec := range input.Specs() {
		names = append(names, spec.Name)
	}
	return names
}

func outputNames() []string {
	var names []string
	for _, output := range (report.Sync{}).Outputs() {
		names = append(names, output.Name)
	}
	return names
}

func strs[T ~string](list []T) []string {
	texts := make([]string, len(list))
	for i, text := range list {
		texts[i] = string(text)
	}
	return texts
}

// same fails unless what is written somewhere is what the code has.
func same[T any](t *testing.T, where string, code, written T) {
	t.Helper()
	if d := gocmp.Diff(code, written); d != "" {
		t.Errorf("%s (- is the code): %s", where, d)
	}
}

func TestWordsOfInputs(t *testing.T) {
	t.Parallel()
	same(t, "README.md", inputNames(), column(table(t, "README.md", "## Inputs"), 0))
	same(t, "action.yml", inputNames(), keys(t, "inputs"))
	_, manual, _ := strings.Cut(text(t, "main.go"), "PLUGIN_NAME:\n")
	manual, _, _ = strings.Cut(manual, "package main")
	var listed []string
	for _, match := range regexp.MustCompile(`(?m)^//\t([a-z_]+)  `).FindAllStringSubmatch(manual, -1) {
		listed = append(listed, match[1])
	}
	same(t, "main.go", inputNames(), listed)
}

func TestWordsOfDefaults(t *testing.T) {
	t.Parallel()
	action, err := runnertest.LoadAction("action.yml")
	if err != nil {
		t.Fatal(err)
	}
	written := map[string]string{}
	for _, row := range table(t, "README.md", "## Inputs") {
		written[row[0]] = row[1]
	}
	for _, spec := range input.Specs() {
		shown := spec.Default
		if shown == "" || shown == input.NotGiven {
			shown = "–"
		}
		same(t, "README.md, "+spec.Name, shown, written[spec.Name])
		// A default of base_url would keep NAIRI_BASE_URL from being looked at.
		given := spec.Default
		if spec.Name == "base_url" {
			given = ""
		}
		same(t, "action.yml, "+spec.Name, given, action.Inputs[spec.Name].Default)
	}
	if !strings.Contains(section(t, "README.md", "## Inputs"), "`"+input.NotGiven+"`") {
		t.Errorf("README.md does not tell of %s", input.NotGiven)
	}
}

// A composite action's step gets no input that it does not map itself.
func TestActionMapsEveryInputAndOutput(t *testing.T) {
	t.Parallel()
	action, err := runnertest.LoadAction("action.yml")
	if err != nil {
		t.Fatal(err)
	}
	step, err := action.Step("write")
	if err != nil {
		t.Fatal(err)
	}
	mapped := map[string]string{}
	for _, name := range inputNames() {
		mapped["INPUT_"+strings.ToUpper(name)] = "${{ inputs." + name + " }}"
	}
	same(t, "env of the step", mapped, step.Env)
	if strings.Contains(step.Run, "${{") {
		t.Errorf("an expression in a script is code: %s", step.Run)
	}
	outputs, values := map[string]string{}, map[string]string{}
	for _, name := range outputNames() {
		outputs[name] = "${{ steps.write.outputs." + name + " }}"
	}
	for name, output := range action.Outputs {
		values[name] = output.Value
	}
	same(t, "outputs", outputs, values)
}

// A step that was given nothing but what it must have does what the defaults of
// the code say: the action's change nothing about them.
func TestActionsDefaultsAreThoseOfTheProgram(t *testing.T) {
	t.Parallel()
	action, err := runnertest.LoadAction("action.yml")
	if err != nil {
		t.Fatal(err)
	}
	s := newStage(t)
	given := maps.Clone(s.with)
	given["secret_id"], given["value"] = tokenID, value
	vars, err := action.StepEnv("write", given, nil)
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(s.env, vars)
	s.with = nil
	got := s.step(nil)
	same(t, "requests", []string{look, rotate}, got.requests)
}

func TestWordsOfOutputs(t *testing.T) {
	t.Parallel()
	same(t, "README.md", outputNames(), column(table(t, "README.md", "## Outputs"), 0))
	same(t, "action.yml", outputNames(), keys(t, "outputs"))
}

// The page's example is what a step writes, and has every variable.
func TestWordsOfVariables(t *testing.T) {
	t.Parallel()
	var code, written []string
	for _, variable := range (report.Report{}).Variables() {
		code = append(code, variable.Name)
	}
	for _, match := range regexp.MustCompile(`(?m)^(NAIRI_[A-Z_]+)=`).FindAllStringSubmatch(text(t, "docs/usage.md"), -1) {
		written = append(written, match[1])
	}
	same(t, "docs/usage.md", code, written)
}

func TestWordsOfResults(t *testing.T) {
	t.Parallel()
	rows := table(t, "README.md", "### Results")
	same(t, "README.md", strs(apply.Outcomes), column(rows, 0))
	for _, row := range rows {
		want := strconv.Itoa(report.ExitDone)
		switch apply.Outcome(row[0]) {
		case apply.Failed:
			want = fmt.Sprintf("%d or %d", report.ExitFailed, report.ExitBadInput)
		case apply.Partial, apply.Unknown:
			want = strconv.Itoa(report.ExitUnknown)
		}
		same(t, "README.md, exit code of "+row[0], want, row[1])
	}
}

func TestWordsOfExitCodes(t *testing.T) {
	t.Parallel()
	manual, _, _ := strings.Cut(text(t, "main.go"), "\npackage main")
	readme := section(t, "README.md", "### Results")
	for _, code := range []int{
		report.ExitDone, report.ExitFailed, report.ExitBadInput, report.ExitUnknown, report.ExitCancelled,
	} {
		number := regexp.MustCompile(`\b` + strconv.Itoa(code) + `\b`)
		if !number.MatchString(manual) || !number.MatchString(readme) {
			t.Errorf("%d is not both in README.md, below Results, and in the manual in main.go", code)
		}
	}
}

func TestWordsOfErrorCodes(t *testing.T) {
	t.Parallel()
	const page = "docs/troubleshooting.md"
	var headings []string
	for _, match := range regexp.MustCompile("(?m)^## `(.*)`$").FindAllStringSubmatch(text(t, page), -1) {
		headings = append(headings, match[1])
		if len(strings.Fields(section(t, page, match[0]))) < 5 {
			t.Errorf("%s says nothing about %s", page, match[1])
		}
	}
	slices.Sort(headings)
	same(t, page, slices.Sorted(slices.Values(strs(report.Codes))), headings)
}
