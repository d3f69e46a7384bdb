package scripts

import (
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// workflow is what the rules below look at, of a workflow or of an action.
type workflow struct {
	On          map[string]any
	Permissions *map[string]string
	Concurrency any
	Jobs        map[string]job
	Runs        job // of an action
}

type job struct {
	Permissions map[string]string
	Timeout     int    `yaml:"timeout-minutes"`
	Uses        string // another workflow, whose jobs have timeouts of their own
	Environment string
	Concurrency any
	Steps       []step
}

type step struct {
	Uses string
	Run  string
	With map[string]any
}

// inTurn reports whether runs of the workflow wait for one another: as a whole, or in
// each job with an environment. A job without one has nothing that two could spoil.
func (w workflow) inTurn() bool {
	inTurn := w.Concurrency != nil
	for _, j := range w.Jobs {
		if w.Concurrency == nil && j.Environment != "" {
			if j.Concurrency == nil {
				return false
			}
			inTurn = true
		}
	}
	return inTurn
}

func (w workflow) steps() []step {
	all := w.Runs.Steps
	for _, name := range slices.Sorted(maps.Keys(w.Jobs)) {
		all = append(all, w.Jobs[name].Steps...)
	}
	return all
}

// workflows of this repository, and its actions, by their files.
func workflows(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob("../.github/workflows/*")
	if err != nil {
		t.Fatal(err)
	}
	actions, err := filepath.Glob("../.github/actions/*/action.yml")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, path := range append(append(paths, actions...), "../action.yml") {
		name := strings.TrimPrefix(path, "../")
		texts[name] = here.read(t, name)
	}
	return texts
}

func parse(t *testing.T, text string) workflow {
	t.Helper()
	var w workflow
	if err := yaml.Unmarshal([]byte(text), &w); err != nil {
		t.Fatal(err)
	}
	return w
}

var script = regexp.MustCompile(`\bscripts/[\w.-]+`)

// The scripts that the workflows and the Makefile run are there, and there is
// none that nothing runs.
func TestScriptsAreUsed(t *testing.T) {
	t.Parallel()
	text := here.read(t, "Makefile")
	for _, workflow := range workflows(t) {
		text += workflow
	}
	there, err := filepath.Glob("*.sh")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range there {
		text += here.read(t, "scripts/"+name)
	}
	used := map[string]bool{}
	for _, name := range script.FindAllString(text, -1) {
		used[strings.TrimPrefix(name, "scripts/")] = true
	}
	if diff := cmp.Diff(there, slices.Sorted(maps.Keys(used))); diff != "" {
		t.Errorf("- there, + used:\n%s", diff)
	}
}

var goVersion = regexp.MustCompile(`(?m)^ *go-version: (\S+)$|^ARG GO_IMAGE=golang:(\d+\.\d+\.\d+)`)

// One SHA of an action is one version, in every workflow. The binaries, the image,
// and the check for vulnerabilities are of one Go.
func TestOneVersionOfEach(t *testing.T) {
	t.Parallel()
	texts := workflows(t)
	texts["Dockerfile"] = here.read(t, "Dockerfile")
	if !goVersion.MatchString(texts["Dockerfile"]) {
		t.Error("the Dockerfile names no version of Go")
	}
	versions := map[string]string{}
	one := func(file, what, version string) {
		if other, found := versions[what]; found && other != version {
			t.Errorf("%s: %s is %s, and elsewhere %s", file, what, version, other)
		}
		versions[what] = version
	}
	for name, text := range texts {
		for _, match := range uses.FindAllStringSubmatch(text, -1) {
			action, pin, _ := strings.Cut(match[1], "@")
			one(name, strings.Join(strings.SplitN(action, "/", 3)[:min(2, strings.Count(action, "/")+1)], "/"), pin)
		}
		for _, match := range goVersion.FindAllStringSubmatch(text, -1) {
			one(name, "Go", match[1]+match[2])
		}
	}
}
