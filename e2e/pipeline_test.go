package e2e

import (
	"encoding/json"
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

// checkInput fails for a name that no input has.
func checkInput(t *testing.T, name string) {
	t.Helper()
	known := func(spec input.Spec) bool { return spec.Name == strings.ToLower(name) }
	if !slices.ContainsFunc(input.Specs(), known) {
		t.Errorf("there is no input %s", name)
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
	secrets := map[string]string{"nairi_api_key": p.vault.Key, "database_url": freshValue}
	for _, step := range pipeline.Steps {
		run := func() error { return p.script(nil, step.Commands...) }
		if strings.Contains(step.Image, "/vault-secret:") {
			run = func() error { return p.plugin(pluginEnv(t, step.Settings, secrets)) }
		}
		if err := run(); err != nil {
			t.Errorf("%s: %v", step.Image, err)
		}
	}
	p.rotated(said)
}

// pluginEnv are the variables in which a plugin gets its settings: those of
// Woodpecker (pipeline/frontend/yaml/compiler/settings/params.go), and of Drone.
func pluginEnv(t *testing.T, settings map[string]any, secrets map[string]string) map[string]string {
	t.Helper()
	env := map[string]string{}
	for name, setting := range settings {
		checkInput(t, name)
		env["PLUGIN_"+strings.ToUpper(name)] = spelledSetting(t, setting, secrets)
	}
	return env
}

func spelledSetting(t *testing.T, setting any, secrets map[string]string) string {
	t.Helper()
	switch s := setting.(type) {
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
			t.Fatal(err)
		}
		return string(text)
	}
	return fmt.Sprint(setting)
}

// harnessSecret is how Harness names a secret.
var harnessSecret = regexp.MustCompile(`<\+secrets\.getValue\("(\w+)"\)>`)

func runHarness(t *testing.T, page string) {
	all := blocks(page, "yaml")
	pipeline := decode[struct {
		Step struct{ Spec pluginStep }
	}](t, all[len(all)-1])
	p := newPlace(t, map[string]string{"CI": "true", "DRONE_OUTPUT": "drone.env"})
	secrets := map[string]string{"nairi_api_key": p.vault.Key, "database_url": freshValue}
	env := pluginEnv(t, pipeline.Step.Spec.Settings, nil)
	for name, text := range env {
		if match := harnessSecret.FindStringSubmatch(text); match != nil {
			env[name] = secrets[match[1]]
		}
	}
	if err := p.plugin(env); err != nil {
		t.Error(err)
	}
	output := regexp.MustCompile(`outputVariables\.(\w+)`).FindStringSubmatch(page)
	if text := read(t, filepath.Join(p.dir, "drone.env")); len(output) == 0 || !strings.Contains(text, output[1]+"=20") {
		t.Errorf("%v is not in %q", output, text)
	}
	p.rotated("result=updated")
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
	jobs := decode[gitLabPipeline](t, pin(t, text))
	p := gitLabPlace(t)
	for name := range jobs.Rotate.Variables {
		if name, ok := strings.CutPrefix(name, "INPUT_"); ok {
			checkInput(t, name)
		}
	}
	if err := p.script(jobs.Rotate.Variables, jobs.Rotate.Script...); err != nil {
		t.Errorf("rotate: %v", err)
	}
	reported := read(t, filepath.Join(p.dir, jobs.Rotate.Artifacts.Reports.Dotenv))
	variables, err := runnertest.ParseVariables([]byte(reported), p.always)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.script(variables, jobs.Report.Script...); err != nil {
		t.Errorf("report: %v", err)
	}
	p.rotated(said)

	other := gitLabPlace(t)
	jobs = decode[gitLabPipeline](t, text)
	other.refuses(other.script(jobs.Rotate.Variables, jobs.Rotate.Script...))
}

func gitLabPlace(t *testing.T) *place {
	t.Helper()
	p := newPlace(t, map[string]string{"GITLAB_CI": "true", "DATABASE_URL": freshValue})
	p.always["NAIRI_API_KEY"] = p.vault.Key
	return p
}

func runShell(t *testing.T, page string) {
	script := block(t, page, "sh")
	for _, match := range regexp.MustCompile(`(?m)^INPUT_(\w+)=`).FindAllStringSubmatch(script, -1) {
		checkInput(t, match[1])
	}
	p := shellPlace(t)
	if err := p.script(nil, pin(t, script)); err != nil {
		t.Error(err)
	}
	p.rotated(said)

	other := shellPlace(t)
	other.refuses(other.script(nil, script))
}

func shellPlace(t *testing.T) *place {
	t.Helper()
	p := newPlace(t, map[string]string{})
	p.always["NAIRI_API_KEY"] = p.vault.Key
	write(t, filepath.Join(p.dir, "database-url.txt"), freshValue+"\n", 0o600)
	return p
}

// refuses checks that a program other than the pinned one was not run.
func (p *place) refuses(err error) {
	p.t.Helper()
	if err == nil {
		p.t.Error("a program that is not the pinned one was taken")
	}
	p.vault.untouched(p.t)
}
