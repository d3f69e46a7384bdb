package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/input"
)

// pipelines are the tests of the pages in docs/ci.
var pipelines = map[string]func(t *testing.T, page string){
	"gitea.md":      runExec,
	"woodpecker.md": func(t *testing.T, page string) { runPlugins(t, page, woodpeckerSetting) },
	"drone.md":      func(t *testing.T, page string) { runPlugins(t, page, droneSetting); runHarness(t, page) },
	"gitlab.md":     gitLab.run,

	"circleci.md":        circleCI.run,
	"azure-pipelines.md": azure.run,
	"jenkins.md":         jenkins.run,
	"buildkite.md":       buildkite.run,
	"bitbucket.md":       bitbucket.run,
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

// said and saidOfMany are what the last steps of each page print.
const (
	said       = "DATABASE_URL was updated, last changed at 20"
	saidOfMany = "The vault was updated, with 1 new secrets"
)

// many are the values of the manifest that docs/other-cis.md shows.
var many = map[string]string{"DATABASE_URL": freshValue, "STRIPE_KEY": stripeValue}

// addShownManifest adds that manifest to the workspace.
func (p *place) addShownManifest() {
	p.t.Helper()
	write(p.t, filepath.Join(p.dir, "nairi-vault.yml"), block(p.t, read(p.t, "../docs/other-cis.md"), "yaml"), 0o644)
}

// synced checks that the steps did what the manifest says, and what they printed.
func (p *place) synced(said string) {
	p.t.Helper()
	p.vault.holds(p.t, held{"DATABASE_URL", freshValue, replicas}, held{"STRIPE_KEY", stripeValue, []string{"api.stripe.com"}})
	p.printed(said)
	outcome{log: p.log.String()}.hides(p.t, stripeValue)
}

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

// runExec runs the workflow of the page by its command, in a repository of a user.
func runExec(t *testing.T, page string) {
	if testing.Short() {
		t.Skip("runs a workflow in Gitea's runner")
	}
	p := newPlace(t, nil)
	p.dir = userRepository(t)
	write(t, filepath.Join(p.dir, ".gitea", "workflows", "rotate.yml"), strings.ReplaceAll(block(t, page, "yaml"), gitHub, ""), 0o600)
	if err := os.Symlink(tool(t, findGiteaRunner), filepath.Join(p.bin, "gitea-runner")); err != nil {
		t.Fatal(err)
	}
	offline := "gitea-runner " + strings.Join(quoted(gitea{}.offline(t)), " ")

	err := p.script(map[string]string{"NAIRI_API_KEY": p.vault.Key, "DATABASE_URL": freshValue},
		strings.Replace(block(t, page, "sh"), "gitea-runner exec", offline, 1))

	if err != nil {
		t.Error(err)
	}
	p.rotated(said)
}

// quoted are words for a shell.
func quoted(words []string) []string {
	words = slices.Clone(words)
	for i, word := range words {
		words[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return words
}

// The CIs that are not in tools/ have models here, written from the sources of
// woodpecker-ci/woodpecker v3.17.0, drone-runners/drone-runner-docker v1.8.4 and
// gitlab-runner v16.9.1. By hand, the pages' pipelines were run in these three. Harness's
// is written from its documentation.

// pluginStep is a step of Woodpecker or Drone: a plugin, or commands.
type pluginStep struct {
	Image       string
	Environment map[string]any
	Settings    map[string]any
	Commands    []string
}

// spelling is how a platform hands a setting over that is no text.
type spelling func(setting any, secrets map[string]string) string

// runPlugins runs the two pipelines of a page: of one secret, and of a manifest.
func runPlugins(t *testing.T, page string, spell spelling) {
	all := blocks(page, "yaml")
	if len(all) < 2 {
		t.Fatal("there are no two pipelines")
	}
	one := newPlace(t, map[string]string{"CI": "true"})
	one.pipeline(all[0], spell)
	one.rotated(said)
	synced := newPlace(t, map[string]string{"CI": "true"})
	synced.addShownManifest()
	synced.pipeline(all[1], spell)
	synced.synced(saidOfMany)
}

func (p *place) pipeline(text string, spell spelling) {
	p.t.Helper()
	for _, step := range decode[struct{ Steps []pluginStep }](p.t, text).Steps {
		run := func() error { return p.script(nil, step.Commands...) }
		if strings.Contains(step.Image, "/vault-secret:") {
			run = func() error { return p.plugin(step, spell) }
		}
		if err := run(); err != nil {
			p.t.Errorf("%s: %v\n%s", step.Image, err, p.log.String())
		}
	}
}

func runHarness(t *testing.T, page string) {
	all := blocks(page, "yaml")
	pipeline := decode[struct {
		Step struct{ Spec pluginStep }
	}](t, all[len(all)-1])
	p := newPlace(t, map[string]string{"CI": "true", "DRONE_OUTPUT": "drone.env"})
	if err := p.plugin(pipeline.Step.Spec, harnessSetting); err != nil {
		t.Error(err)
	}
	output := regexp.MustCompile(`outputVariables\.(\w+)`).FindStringSubmatch(page)
	if text := read(t, filepath.Join(p.dir, "drone.env")); len(output) == 0 || !strings.Contains(text, output[1]+"=20") {
		t.Errorf("%v is not in %q", output, text)
	}
	p.rotated("result=updated")
}

// plugin runs the program as the image does, with settings in variables.
func (p *place) plugin(step pluginStep, spell spelling) error {
	p.t.Helper()
	secrets := map[string]string{"nairi_api_key": p.vault.Key, "database_url": freshValue, "stripe_key": stripeValue}
	env := map[string]string{}
	for name, setting := range step.Settings {
		checkInputs(p.t, name)
		env["PLUGIN_"+strings.ToUpper(name)] = spell(setting, secrets)
	}
	for name, variable := range step.Environment {
		env[name] = spell(variable, secrets)
	}
	return p.run(env, releasedProgram())
}

// woodpeckerSetting resolves secrets at any depth (3.17,
// pipeline/frontend/yaml/compiler/settings/params.go).
func woodpeckerSetting(setting any, secrets map[string]string) string {
	if text, ok := plainSetting(setting, secrets); ok {
		return text
	}
	return asJSON(resolved(setting, secrets))
}

// resolved is a setting with the secrets that it names at any depth.
func resolved(setting any, secrets map[string]string) any {
	s, ok := setting.(map[string]any)
	if !ok {
		return setting
	}
	if name, ok := s["from_secret"].(string); ok {
		return secrets[name]
	}
	all := map[string]any{}
	for name, of := range s {
		all[name] = resolved(of, secrets)
	}
	return all
}

// droneSetting resolves a secret only as the whole of a setting
// (drone-runner-docker 1.8.4, engine/compiler/step.go).
func droneSetting(setting any, secrets map[string]string) string {
	if text, ok := plainSetting(setting, secrets); ok {
		return text
	}
	return asJSON(setting)
}

// harnessSecret is how Harness names a secret.
var harnessSecret = regexp.MustCompile(`^<\+secrets\.getValue\("(\w+)"\)>$`)

func harnessSetting(setting any, secrets map[string]string) string {
	if match := harnessSecret.FindStringSubmatch(fmt.Sprint(setting)); match != nil {
		return secrets[match[1]]
	}
	return droneSetting(setting, secrets)
}

// plainSetting is how both spell what is not a map. Of literals, it knows those
// alone that YAML leaves as they are written; testdata/literals/literals.yml has the others.
func plainSetting(setting any, secrets map[string]string) (string, bool) {
	switch s := setting.(type) {
	case []any:
		texts := make([]string, len(s))
		for i, element := range s {
			texts[i] = fmt.Sprint(element)
		}
		return strings.Join(texts, ","), true
	case map[string]any:
		name, ok := s["from_secret"].(string)
		return secrets[name], ok
	}
	return fmt.Sprint(setting), true
}

func asJSON(setting any) string {
	text, err := json.Marshal(setting)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// The tables of literals say what was seen.
func TestLiteralsArriveAsThePagesSay(t *testing.T) {
	t.Parallel()
	type literal struct {
		Written           string
		Woodpecker, Drone *string
	}
	seen := decode[[]literal](t, read(t, "testdata/literals/literals.yml"))
	for page, arrives := range map[string]func(literal) *string{
		"woodpecker.md": func(l literal) *string { return l.Woodpecker },
		"drone.md":      func(l literal) *string { return l.Drone },
	} {
		rows := regexp.MustCompile("(?m)^  \\| `value:(.*)` \\| (.+) \\|$").FindAllStringSubmatch(read(t, "../docs/ci/"+page), -1)
		if len(rows) < 10 {
			t.Errorf("%s has %d rows", page, len(rows))
		}
		for _, row := range rows {
			at := slices.IndexFunc(seen, func(l literal) bool { return l.Written == strings.TrimSpace(row[1]) })
			if at < 0 {
				t.Errorf("%s: value:%s was not seen", page, row[1])
				continue
			}
			told := row[2]
			switch arrived := arrives(seen[at]); {
			case arrived == nil && told == "left out":
			case arrived != nil && *arrived == "" && strings.HasPrefix(told, "empty"):
			case arrived != nil && *arrived != "" && strings.HasPrefix(told, "`"+*arrived+"`"):
			default:
				t.Errorf("%s says that value:%s is %s", page, row[1], told)
			}
		}
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
