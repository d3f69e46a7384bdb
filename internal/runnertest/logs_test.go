package runnertest

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// load reads a file of testdata, in which a misspelt key is an error.
func load(t *testing.T, file string, into any) {
	t.Helper()
	data, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		t.Fatal(err)
	}
}

// logCase is a case of logs.yaml.
type logCase struct {
	Secrets []string
	Debug   bool
	Stderr  string
	Steps   []string
	Log     string
}

// UnmarshalYAML also reads the short form, [standard output, log].
func (c *logCase) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.SequenceNode {
		var short [2]string
		err := n.Decode(&short)
		*c = logCase{Steps: short[:1], Log: short[1]}
		return err
	}
	type plain logCase
	return n.Decode((*plain)(c))
}

func (c logCase) job() Job {
	job := Job{Secrets: c.Secrets, Debug: c.Debug}
	for _, out := range c.Steps {
		job.Steps = append(job.Steps, Step{Stdout: []byte(out)})
	}
	job.Steps[0].Stderr = []byte(c.Stderr)
	return job
}

func TestLogsAreThoseOfTheRunners(t *testing.T) {
	t.Parallel()
	var groups []struct {
		Source  string
		Runners []string
		Second  bool
		Cases   map[string]logCase
	}
	load(t, "logs.yaml", &groups)
	for _, group := range groups {
		for _, runner := range group.Runners {
			oracles := named(t, runner)
			for name, c := range group.Cases {
				job := c.job()
				if group.Second {
					job.Steps = slices.Insert(job.Steps, 0, Step{})
				}
				for _, o := range oracles {
					if diff := cmp.Diff(c.Log, o.Run(job).Log); diff != "" {
						t.Errorf("%s (%s), %s: %s", o.Name(), group.Source, name, diff)
					}
				}
			}
		}
	}
}

// named are the models of a runner; of act there is one for each order.
func named(t *testing.T, runner string) (oracles []Oracle) {
	t.Helper()
	for _, o := range Oracles() {
		if name, _, _ := strings.Cut(o.Name(), " decoding"); name == runner {
			oracles = append(oracles, o)
		}
	}
	if oracles == nil {
		t.Errorf("no model is called %q", runner)
	}
	return oracles
}

// run is a job of steps that write to standard output.
func run(o Oracle, stdout ...string) Transcript {
	return o.Run(logCase{Steps: stdout}.job())
}
