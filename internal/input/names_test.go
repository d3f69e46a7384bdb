package input_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// nameCase is a line of testdata/names.txt, which tells what its verdicts are.
type nameCase struct{ variable, verdict, input string }

func nameCases(t *testing.T) []nameCase {
	t.Helper()
	text, err := os.ReadFile("testdata/names.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all []nameCase
	for line := range strings.Lines(string(text)) {
		if fields := append(strings.Fields(line), ""); fields[0] != "" && fields[0] != "#" {
			all = append(all, nameCase{fields[0], fields[1], fields[2]})
		}
	}
	return all
}

// about are the problems that name a variable.
func about(list problem.List, variable string) problem.List {
	return slices.DeleteFunc(slices.Clone(list), func(p problem.Problem) bool { return !strings.Contains(p.String(), variable) })
}

// A misspelt input is told of with the one that was meant, and refused if that
// one limits what the run writes; what is another tool's stops nothing.
func TestMisspeltInputsAreToldOfAndThoseOfOtherToolsLeftAlone(t *testing.T) {
	t.Parallel()
	for _, c := range nameCases(t) {
		content := stray
		if c.verdict == "fine" {
			content = input.NotGiven
		}
		got := load(good(env{c.variable: content}), nil)
		problems, warnings := about(got.problems, c.variable), about(got.config.Warnings, c.variable)
		told, others := problem.List{}, problems
		switch c.verdict {
		case "meant":
			told, others = warnings, problems
		case "refused":
			told, others = problems, warnings
		default:
			others = append(others, warnings...)
		}
		if c.input != "" && (len(told) != 1 || !strings.Contains(told[0].Text, "Did you mean "+c.input+" (")) || len(others) > 0 {
			t.Errorf("%s, %s: problems %v, warnings %v", c.variable, c.verdict, problems, warnings)
		}
		if c.verdict != "refused" && len(got.problems) > 0 {
			t.Errorf("%s stops the run: %v", c.variable, got.problems)
		}
		holdsNone(t, loaded{problems: got.problems, config: input.Config{Warnings: got.config.Warnings}}, stray)
	}
}

// On Woodpecker and Drone all settings are the plugin's own, so that any unknown
// one is named, all in one warning.
func TestUnknownSettingsOfAPluginAreNamedInOneWarning(t *testing.T) {
	t.Parallel()
	for _, platform := range []env{{"CI": "woodpecker"}, {"CI": "true", "CI_SYSTEM_NAME": "woodpecker"}, {"CI": "drone", "DRONE": "true"}} {
		for _, c := range nameCases(t) {
			got := load(good(platform).with(env{c.variable: input.NotGiven}), nil)
			named := len(about(got.config.Warnings, c.variable)) == 1 && strings.HasPrefix(c.variable, "PLUGIN_")
			refused := len(about(got.problems, c.variable)) == 1
			if isOwn := strings.HasPrefix(strings.ToUpper(c.variable), "PLUGIN_"); c.verdict == "foreign" && (named != isOwn || refused) ||
				c.verdict == "condition" && !refused {
				t.Errorf("%v, %s, %s: %v %v", platform, c.variable, c.verdict, got.problems, got.config.Warnings)
			}
		}
		got := load(good(platform).with(env{"PLUGIN_LOG_LEVEL": "debug", "PLUGIN_DEBUG": "true", "INPUT_NAME": "x"}), nil)
		got.wantProblems(t)
		if told := lines(got.config.Warnings); told != "No input is named PLUGIN_DEBUG, PLUGIN_LOG_LEVEL. Correct the name, or leave it out." {
			t.Error(told)
		}
	}
}

// An action around this one may have an input of a name like ours, of which it
// hands the content on under the right name.
func TestAMisspeltGuardBesideTheRightOneIsAWarning(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		right, wrong string
		refused      bool
	}{
		{"true", "true", false}, {"false", "false", false}, {"true", "false", false}, {input.NotGiven, input.NotGiven, false},
		{"false", "true", true}, {unset, "true", true}, {unset, "false", true}, {unset, "", true}, {input.NotGiven, "true", true},
	} {
		got := load(good(env{"INPUT_DRY_RUN": test.right, "INPUT_DRY-RUN": test.wrong}), nil)
		if refused := len(got.problems) == 1; refused != test.refused || len(about(append(got.problems, got.config.Warnings...), "INPUT_DRY-RUN")) != 1 {
			t.Errorf("%+v: %v %v", test, got.problems, got.config.Warnings)
		}
	}
}

// Whoever can set a variable chooses its name.
func TestAHostileNameIsShownHarmless(t *testing.T) {
	t.Parallel()
	got := load(good(env{"INPUT_DRY\n::RUN": "x", "PLUGIN_ALLOWED_DOMAINS\x1b[31m": "x", "INPUT_MANIFEST" + strings.Repeat("_", 500): "x"}), nil)
	for _, line := range append(got.problems.Lines(), got.config.Warnings.Lines()...) {
		if strings.ContainsAny(line, "\n\x1b") || strings.Contains(line, "::error") || len(line) > 300 {
			t.Errorf("%q", line)
		}
	}
	if len(got.problems) != 1 || len(got.config.Warnings) != 2 {
		t.Errorf("%v %v", got.problems, got.config.Warnings)
	}
}

// A platform that says nothing of the names of variables has none that is wrong.
func TestWithoutAListOfVariablesNoNameIsWrong(t *testing.T) {
	t.Parallel()
	o := outside(good(env{"INPUT_DRYRUN": "true"}), nil)
	o.Names = nil
	loadOutside(o).wantProblems(t)
}
