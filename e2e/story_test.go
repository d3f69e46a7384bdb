package e2e

import (
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

const (
	oldValue   = "postgres://app:correct-horse@db.example.com/app"
	freshValue = "postgres://app:battery-staple@db.example.com/app"
)

// story is a file of testdata: a workflow, and after it what the vault holds before
// and what the run does. The variable SECRET_ID is the ID of the last secret before.
// No value that the job has as a secret or in its environment shows in its log.
type story struct {
	Secrets, Env  map[string]string
	Before, After []held
	Failed        []string // steps that fail, while the job goes on
	// Steps has the outputs of each step. Where they have a result, those that are
	// left out are the secret's, as it is at the end or was before it was deleted.
	Steps map[string]map[string]string
	// Previous names who changed the secret last before a step looked: an earlier step, or
	// nobody of the job.
	Previous map[string]string
	// Inner has the results of steps whose other outputs are not compared: act mixes
	// them with those of an action within.
	Inner map[string]string
	job   job // how it is run
}

func readStory(t *testing.T, path string) story {
	t.Helper()
	workflow, text, _ := strings.Cut(read(t, path), "---\n")
	s := readYAML[story](t, text)
	s.job.text = workflow + seeing
	return s
}

// readYAML reads what has no keys but those of T.
func readYAML[T any](t *testing.T, text string) T {
	t.Helper()
	var data T
	decoder := yaml.NewDecoder(strings.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&data); err != nil {
		t.Fatal(err)
	}
	return data
}

func TestStories(t *testing.T) {
	t.Parallel()
	for _, path := range glob(t, "testdata/*.yml") {
		for _, runner := range runners {
			t.Run(filepath.Base(path)+" in "+runner.name(), func(t *testing.T) {
				t.Parallel()
				s := readStory(t, path)
				s.job.runner = runner
				s.check(t)
			})
		}
	}
}

// check runs the story and returns the log.
func (s story) check(t *testing.T) string {
	t.Helper()
	v := newVault(t)
	j := s.job
	j.vault, j.secrets, j.env = v, s.Secrets, s.Env
	j.vars = map[string]string{"SECRET_ID": v.hold(s.Before...)}
	before := v.Secrets(v.VaultID)

	got := j.run(t)

	got.succeeded(t, s.Failed...)
	v.holds(t, s.After...)
	secrets := before
	if now := v.Secrets(v.VaultID); len(now) > 0 {
		secrets = now
	}
	for id, want := range s.Steps {
		want = wholly(v, secrets, want)
		if by := s.Previous[id]; by == "nobody" {
			want["previous_updated_at"] = timestamp(before[0].UpdatedAt)
		} else if by != "" {
			want["previous_updated_at"] = got.steps[by].Outputs["updated_at"]
		}
		got.saw(t, id, want)
	}
	for id, result := range s.Inner {
		if is := got.steps[id].Outputs["result"]; is != result {
			t.Errorf("%s: result %q", id, is)
		}
	}
	for _, values := range []map[string]string{s.Secrets, s.Env} {
		for _, value := range values {
			got.hides(t, value)
		}
	}
	return got.log
}

// wholly adds to the outputs that are said those of the secret.
func wholly(v vault, secrets []nairitest.Stored, said map[string]string) map[string]string {
	if said["result"] == "" {
		return said
	}
	outputs := failure(v, "", "")
	if len(secrets) > 0 {
		outputs = v.outputsOf(secrets[0], "", "")
	}
	if said["result"] == "created" {
		outputs["updated_at"] = outputs["created_at"]
	}
	maps.Copy(outputs, said)
	return outputs
}

// A checkout of the main branch has no dist: the program is built from source.
func TestBuiltFromSource(t *testing.T) {
	t.Parallel()
	s := readStory(t, "testdata/rotate.yml")
	s.job.repository = t.TempDir()
	if err := newRepository(s.job.repository, everything); err != nil {
		t.Fatal(err)
	}
	s.check(t)
}
