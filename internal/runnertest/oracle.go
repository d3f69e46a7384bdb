package runnertest

import (
	"maps"
	"slices"
	"strings"
)

// Job is a job as a runner sees it: what each step wrote, in order. Feed the
// program's output as the first step and anything that later steps might
// print after it, because masks hold for the rest of a job.
type Job struct {
	Steps []Step
	// Secrets are values the runner masks from the start, as the workflow's
	// own secrets are.
	Secrets []string
	// Debug is the workflow's ACTIONS_STEP_DEBUG.
	Debug bool
}

// Step is what one step leaves behind.
//
// How standard error mixes with standard output is up to chance. The models
// take the worst case for masks: all of standard error comes first. (The
// GitHub runner does so within each batch it reads, ProcessInvoker.cs.)
type Step struct {
	Stdout, Stderr []byte
	Outputs        []byte // the file at GITHUB_OUTPUT
	Summary        []byte // the file at GITHUB_STEP_SUMMARY
}

// Transcript is what is left of a job for people and for later jobs.
type Transcript struct {
	Log         string // without time stamps and job prefixes
	Summary     string // as uploaded; empty where the runner prints it to the log
	Annotations []Annotation
	Commands    []Command           // executed, other than add-mask
	Outputs     []map[string]string // by step
	Masks       []string            // as registered, in order, without derived forms
	Failed      bool                // the runner itself failed a step

	mask         func(string) string
	dropsOutputs bool
}

// Command is a workflow command that a runner acted on.
type Command struct {
	Name, Data string
	Properties map[string]string
}

// Annotation is a notice, warning or error shown outside the log.
type Annotation struct {
	Type, Message string
	Properties    map[string]string // title, file and so on; never masked
}

// Visible is everything in the transcript that a person with access to the
// run can read: search it for what must not show.
func (t Transcript) Visible() string {
	var b strings.Builder
	b.WriteString(t.Log)
	b.WriteString(t.Summary)
	for _, a := range t.Annotations {
		b.WriteString(a.Message + "\n")
		for _, name := range slices.Sorted(maps.Keys(a.Properties)) {
			b.WriteString(name + "=" + a.Properties[name] + "\n")
		}
	}
	return b.String()
}

// Masked is text as the runner would show it at the end of the job.
func (t Transcript) Masked(text string) string { return t.mask(text) }

// JobOutputs sorts a job's outputs into those that later jobs receive and
// the names, sorted, of those that the runner drops because a mask changes
// them (actions/runner JobExtension.cs). act and its older children drop none.
func (t Transcript) JobOutputs(outputs map[string]string) (kept map[string]string, dropped []string) {
	kept = map[string]string{}
	for name, value := range outputs {
		if t.dropsOutputs && t.mask(value) != value {
			dropped = append(dropped, name)
			continue
		}
		kept[name] = value
	}
	slices.Sort(dropped)
	return kept, dropped
}

// Oracle is the model of one runner.
type Oracle interface {
	Name() string
	Run(Job) Transcript
}

// Oracles is every model there is, each with all the ways in which its
// runner leaves things to chance.
func Oracles() []Oracle {
	oracles := []Oracle{GitHub()}
	oracles = append(oracles, Act()...)
	oracles = append(oracles, Exec()...)
	oracles = append(oracles, GiteaRunner1()...)
	return append(oracles, Gitea(), GiteaRunner(), Forgejo())
}
