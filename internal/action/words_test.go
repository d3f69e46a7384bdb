package action

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
	"github.com/nairi-community/vault-secret/internal/runnertest"
)

// These tests keep the words of action.yml, the README and the other pages
// those of the code.

// repository is the folder of action.yml and the README.
const repository = "../.."

// text of a file of the repository.
func text(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(repository, name))
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
	head := rows[0][0]
	rows = slices.DeleteFunc(rows, func(row []string) bool { return row[0] == head || row[0] == "---" })
	return apart(rows)
}

// apart are rows with one name each, where a row has several.
func apart(rows [][]string) [][]string {
	var each [][]string
	for _, row := range rows {
		for name := range strings.SplitSeq(row[0], "`, `") {
			each = append(each, append([]string{name}, row[1:]...))
		}
	}
	return each
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

// composite is the action of action.yml.
func composite(t *testing.T) *runnertest.Action {
	t.Helper()
	action, err := runnertest.LoadAction(filepath.Join(repository, "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	return action
}

func inputNames() []string {
	var names []string
	for _, spec := range input.Specs() {
		names = append(names, spec.Name)
	}
	return names
}

// withOutputs are the operations that have more outputs than those of every run.
var withOutputs = []plan.Operation{plan.OpSync, plan.OpCheck, plan.OpExport, plan.OpList}

// outputNames are the outputs of a run.
func outputNames(operation plan.Operation) []string {
	var names []string
	many := slices.Contains(withOutputs, operation)
	for _, output := range (&report.Report{Manifest: many, Operation: operation, Redact: strings.Clone}).Outputs() {
		names = append(names, output.Name)
	}
	return names
}

// allOutputNames are those of all operations, each once.
func allOutputNames() []string {
	var names []string
	for _, operation := range withOutputs {
		for _, name := range outputNames(operation) {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
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

func TestReadmeAndActionListEveryInput(t *testing.T) {
	t.Parallel()
	same(t, "README.md", inputNames(), column(table(t, "README.md", "## Inputs"), 0))
	same(t, "action.yml", inputNames(), keys(t, "inputs"))
}

func TestReadmeAndActionGiveTheDefaultsOfTheCode(t *testing.T) {
	t.Parallel()
	action := composite(t)
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

// The README has the groups of the help, but calls the first one by what most runs look for.
func TestReadmeGroupsInputsAsTheHelpDoes(t *testing.T) {
	t.Parallel()
	want := map[string][]string{}
	group := ""
	for _, spec := range input.Specs() {
		if spec.Group() != "" {
			group = strings.Replace(spec.Group(), "Access and target", "Which secret", 1)
		}
		want[group] = append(want[group], spec.Name)
	}
	got := map[string][]string{}
	folded := strings.NewReplacer("<details><summary><b>", "**", "</b></summary>", "**")
	for _, text := range strings.Split(folded.Replace(section(t, "README.md", "## Inputs")), "\n**")[1:] {
		name, rest, _ := strings.Cut(text, "**")
		for _, row := range regexp.MustCompile("(?m)^\\| `(.*?)` \\|").FindAllStringSubmatch(rest, -1) {
			got[strings.TrimSuffix(name, ".")] = append(got[strings.TrimSuffix(name, ".")], strings.Split(row[1], "`, `")...)
		}
	}
	same(t, "README.md", want, got)
}

// A composite action's step gets no input that it does not map itself.
func TestActionMapsEveryInputAndOutput(t *testing.T) {
	t.Parallel()
	action := composite(t)
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
	for _, name := range allOutputNames() {
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
	action := composite(t)
	s := newStage(t)
	given := maps.Clone(s.with)
	given["secret_id"], given["value"] = tokenID, value
	vars, err := action.StepEnv("write", given)
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(s.env, vars)
	s.with = nil
	got := s.step(nil)
	same(t, "requests", []string{rotate}, got.requests)
}

func TestReadmeAndActionListEveryOutput(t *testing.T) {
	t.Parallel()
	same(t, "README.md", allOutputNames(), column(table(t, "README.md", "## Outputs"), 0))
	same(t, "action.yml", allOutputNames(), keys(t, "outputs"))
}

// The page's example is what a step writes, and has every variable.
func TestThePageOnOtherCIsShowsEveryVariable(t *testing.T) {
	t.Parallel()
	var code, written []string
	for _, variable := range (&report.Report{}).Variables() {
		code = append(code, variable.Name)
	}
	for _, match := range regexp.MustCompile(`(?m)^(NAIRI_[A-Z_]+)=`).FindAllStringSubmatch(text(t, "docs/other-cis.md"), -1) {
		written = append(written, match[1])
	}
	same(t, "docs/other-cis.md", code, written)
}

func TestReadmeListsEveryResultWithItsExitCode(t *testing.T) {
	t.Parallel()
	rows := table(t, "README.md", "### Results")
	same(t, "README.md", slices.Sorted(slices.Values(strs(apply.Outcomes))), slices.Sorted(slices.Values(column(rows, 0))))
	for _, row := range rows {
		code, changed := strconv.Itoa(report.ExitDone), "false"
		switch apply.Outcome(row[0]) {
		case apply.Failed:
			code = fmt.Sprintf("%d or %d", report.ExitFailed, report.ExitBadInput)
		case apply.Partial: // the vault had the value, and a mirror did not get it
			code, changed = strconv.Itoa(report.ExitUnknown), "either"
		case apply.Unknown:
			code, changed = strconv.Itoa(report.ExitUnknown), "true"
		case apply.Created, apply.Updated, apply.Deleted:
			changed = "true"
		}
		same(t, "README.md, "+row[0], []string{code, changed}, row[1:3])
	}
}

// The manual gives each exit code its meaning, and no other code. The README gives
// them beside the results, but for that of a cancelled run.
func TestManualGivesEachExitCodeItsMeaning(t *testing.T) {
	t.Parallel()
	manual, _, _ := strings.Cut(text(t, "main.go"), "\npackage main")
	_, manual, _ = strings.Cut(strings.ReplaceAll(manual, "\n// ", " "), "The exit code is ")
	manual, _, _ = strings.Cut(manual, ". ")
	same(t, "main.go", map[int]string{
		report.ExitDone:      "if it was done",
		report.ExitFailed:    "if it failed and nothing was changed",
		report.ExitBadInput:  "if an input was bad and no request was sent",
		report.ExitUnknown:   "if it was done in part or it is not known",
		report.ExitCancelled: "if SIGINT or SIGTERM ended it",
	}, meanings(manual))
	cancelled := fmt.Sprintf("A cancelled run (SIGINT or SIGTERM) ends with exit code %d; `result` still says what happened.", report.ExitCancelled)
	if readme := strings.Join(strings.Fields(section(t, "README.md", "### Results")), " "); !strings.Contains(readme, cancelled) {
		t.Error("README.md does not say how a cancelled run ends")
	}
}

// meanings are the exit codes that a sentence tells of, and what it says they mean.
func meanings(sentence string) map[int]string {
	found := map[int]string{}
	for _, match := range regexp.MustCompile(`(\d+) ((?:if|and) [^,]+)`).FindAllStringSubmatch(sentence, -1) {
		code, _ := strconv.Atoi(match[1])
		found[code] = match[2]
	}
	return found
}

func TestTroubleshootingTellsOfEveryErrorCode(t *testing.T) {
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
	same(t, page, slices.Sorted(slices.Values(strs(problem.Codes()))), headings)
}
