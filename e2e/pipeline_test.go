package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/runnertest"
)

// pipelines are the tests of the pages in docs/ci. Gitea's has a workflow, which
// is run as all others are.
var pipelines = map[string]func(t *testing.T, page string){
	"gitea.md":      func(*testing.T, string) {},
	"woodpecker.md": runPlugins,
	"drone.md":      func(t *testing.T, page string) { runPlugins(t, page); runHarness(t, page) },
	"gitlab.md":     runGitLab,
	"shell.md":      runShell,
}

func TestPipelinesRun(t *testing.T) {
	t.Parallel()
	for _, path := range glob(t, "../docs/ci/*.md") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			run := pipelines[filepath.Base(path)]
			if run == nil {
				t.Fatal("say in pipelines how it is run")
			}
			page := read(t, path)
			if !strings.Contains(page, "**What is masked.**") {
				t.Error("it does not say what the platform masks")
			}
			run(t, page)
		})
	}
}

// said is what the last step of each page prints.
const said = "DATABASE_URL was updated, last changed at 20"

// block is the first block of a page in a language.
func block(t *testing.T, page, language string) string {
	t.Helper()
	found := blocks(page, language)
	if len(found) == 0 {
		t.Fatalf("there is no %s", language)
	}
	return found[0]
}

func decode[T any](t *testing.T, text string) T {
	t.Helper()
	var decoded T
	if err := yaml.Unmarshal([]byte(text), &decoded); err != nil {
		t.Fatal(err)
	}
	return decoded
}

// checkInputs fails for a name that no input has.
func checkInputs(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if !slices.ContainsFunc(input.Specs(), func(spec input.Spec) bool { return spec.Name == strings.ToLower(name) }) {
			t.Errorf("there is no input %s", name)
		}
	}
}

// checkVariables fails for a variable that no input has.
func checkVariables(t *testing.T, text string) {
	t.Helper()
	for _, match := range regexp.MustCompile(`\bINPUT_(\w+)`).FindAllStringSubmatch(text, -1) {
		checkInputs(t, match[1])
	}
}

// pluginStep is a step of Woodpecker or Drone: a plugin, or commands.
type pluginStep struct {
	Image    string
	Settings map[string]any
	Commands []string
}

func runPlugins(t *testing.T, page string) {
	pipeline := decode[struct{ Steps []pluginStep }](t, block(t, page, "yaml"))
	p := newPlace(t, map[string]string{"CI": "true"})
	for _, step := range pipeline.Steps {
		run := func() error { return p.script(nil, step.Commands...) }
		if strings.Contains(step.Image, "/vault-secret:") {
			run = func() error { return p.plugin(step.Settings) }
		}
		if err := run(); err != nil {
			t.Errorf("%s: %v", step.Image, err)
		}
	}
	p.rotated(said)
}

func runHarness(t *testing.T, page string) {
	all := blocks(page, "yaml")
	pipeline := decode[struct {
		Step struct{ Spec pluginStep }
	}](t, all[len(all)-1])
	p := newPlace(t, map[string]string{"CI": "true", "DRONE_OUTPUT": "drone.env"})
	if err := p.plugin(pipeline.Step.Spec.Settings); err != nil {
		t.Error(err)
	}
	output := regexp.MustCompile(`outputVariables\.(\w+)`).FindStringSubmatch(page)
	if text := read(t, filepath.Join(p.dir, "drone.env")); len(output) == 0 || !strings.Contains(text, output[1]+"=20") {
		t.Errorf("%v is not in %q", output, text)
	}
	p.rotated("result=updated")
}

// plugin runs the program as the image does, with settings in variables as they
// are in Woodpecker (pipeline/frontend/yaml/compiler/settings/params.go), in Drone,
// and in Harness.
func (p *place) plugin(settings map[string]any) error {
	p.t.Helper()
	env := map[string]string{}
	for name, setting := range settings {
		checkInputs(p.t, name)
		env["PLUGIN_"+strings.ToUpper(name)] = p.spelled(setting)
	}
	return p.run(env, releasedProgram())
}

// harnessSecret is how Harness names a secret.
var harnessSecret = regexp.MustCompile(`^<\+secrets\.getValue\("(\w+)"\)>$`)

func (p *place) spelled(setting any) string {
	p.t.Helper()
	secrets := map[string]string{"nairi_api_key": p.vault.Key, "database_url": freshValue}
	switch s := setting.(type) {
	case string:
		if match := harnessSecret.FindStringSubmatch(s); match != nil {
			return secrets[match[1]]
		}
	case []any:
		texts := make([]string, len(s))
		for i, element := range s {
			texts[i] = fmt.Sprint(element)
		}
		return strings.Join(texts, ",")
	case map[string]any:
		if name, ok := s["from_secret"].(string); ok {
			return secrets[name]
		}
		text, err := json.Marshal(s)
		if err != nil {
			p.t.Fatal(err)
		}
		return string(text)
	}
	return fmt.Sprint(setting)
}

// gitLabJob is what we use of a job of GitLab.
type gitLabJob struct {
	Variables map[string]string
	Script    []string
	Artifacts struct {
		Reports struct{ Dotenv string }
	}
}

type gitLabPipeline struct{ Rotate, Report gitLabJob }

func runGitLab(t *testing.T, page string) {
	text := block(t, page, "yaml")
	checkVariables(t, text)
	for _, pinned := range []bool{true, false} {
		p := newPlace(t, map[string]string{"GITLAB_CI": "true", "DATABASE_URL": freshValue})
		p.always["NAIRI_API_KEY"] = p.vault.Key
		jobs := decode[gitLabPipeline](t, pin(t, text, pinned))
		err := p.script(jobs.Rotate.Variables, jobs.Rotate.Script...)
		if pinned {
			reported := read(t, filepath.Join(p.dir, jobs.Rotate.Artifacts.Reports.Dotenv))
			variables, malformed := runnertest.ParseVariables([]byte(reported), p.always)
			err = errors.Join(err, malformed, p.script(variables, jobs.Report.Script...))
		}
		p.checkPinned(pinned, err)
	}
}

func runShell(t *testing.T, page string) {
	script := block(t, page, "sh")
	checkVariables(t, script)
	for _, pinned := range []bool{true, false} {
		p := newPlace(t, map[string]string{})
		p.always["NAIRI_API_KEY"] = p.vault.Key
		write(t, filepath.Join(p.dir, "database-url.txt"), freshValue+"\n", 0o600)
		p.checkPinned(pinned, p.script(nil, pin(t, script, pinned)))
	}
}

// checkPinned checks that the program that was pinned was run, and no other.
func (p *place) checkPinned(pinned bool, err error) {
	p.t.Helper()
	if pinned != (err == nil) {
		p.t.Errorf("with the right sum: %t, error: %v", pinned, err)
	}
	if pinned {
		p.rotated(said)
	} else {
		p.vault.untouched(p.t)
	}
}
