package ci

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// Files are where a step leaves its outputs and its summary. Without a file for
// them, the outputs are printed. A command line has only the files that it names.
type Files struct {
	console   *Console
	env       env.Env
	random    io.Reader
	outputs   *file        // nil where the platform has none
	variables []*file      // for later steps as well, where they read no outputs
	results   *Replacement // of the file for all results; nil without one
	unnamed   bool         // whether the platform has outputs, and names no file for them
	inputs    []env.Named  // to which nothing may be added
}

// Files returns the files of a step before any of them is open. random is for
// delimiters.
func (c *Console) Files(e env.Env, random io.Reader) *Files {
	return &Files{console: c, env: e, random: random}
}

// Open opens the files that the platform names for outputs and variables, so
// that one that cannot be written is known before anything is changed. Variables
// go to the file of DRONE_OUTPUT, from which Harness takes a plugin's outputs
// (https://developer.harness.io/docs/continuous-integration/troubleshoot-ci/ci-env-var/#drone_output).
func (f *Files) Open() problem.List {
	name := f.named("GITHUB_OUTPUT")
	f.unnamed = name == "" && f.console.platform.dialect() == Expressions
	output, problems := f.open("GITHUB_OUTPUT", name)
	f.outputs = output
	return append(problems, f.addVariables("DRONE_OUTPUT", f.named("DRONE_OUTPUT"))...)
}

// named is the file that the platform names in a variable; "" for none. What a CI has for
// its steps is not for a command line.
func (f *Files) named(variable string) string {
	if f.console.command {
		return ""
	}
	return f.env.Get(variable)
}

// OpenVariables opens one more file for variables, which the output_file input
// names; "" for none.
func (f *Files) OpenVariables(name string) problem.List { return f.addVariables("output_file", name) }

func (f *Files) addVariables(source, name string) problem.List {
	opened, problems := f.open(source, name)
	if opened != nil {
		f.variables = append(f.variables, opened)
	}
	return problems
}

// open opens the file that source names, if there is any.
func (f *Files) open(source, name string) (*file, problem.List) {
	if name == "" {
		return nil, nil
	}
	opened, err := f.append(source, name)
	if err != nil {
		return nil, problem.List{unopened(source, err)}
	}
	return opened, nil
}

// Output is one output of the step. Whoever formed the value took secrets out of what
// is not its own: here it is left whole, whatever the secret is. Changed is true
// though a secret may be the word true.
type Output struct{ Name, Value string }

// Write hands outputs to later steps, and the same as variables to steps that
// read no outputs. Every file is tried, whatever became of the others.
func (f *Files) Write(outputs, variables []Output) error {
	return errors.Join(f.writeOutputs(outputs), f.writeVariables(variables))
}

// outputOfLines is the output that has several lines, if a file can hold them. All
// others are one: a line break in them came from outside.
const outputOfLines = "plan"

// theOutputs are what most files are to hold, in an error.
const theOutputs = "The outputs"

// writeOutputs prints the outputs as name=value lines where the platform has no
// file for them.
func (f *Files) writeOutputs(outputs []Output) error {
	inLines := outputs
	outputs = slices.Clone(outputs)
	for i, output := range outputs {
		outputs[i].Value = sanitize(output.Value)
	}
	if f.outputs == nil {
		if f.unnamed {
			f.console.Warn("This runner names no file for outputs in GITHUB_OUTPUT, so later steps cannot read them.")
		}
		return f.printOutputs(outputs)
	}
	for i, output := range inLines {
		if output.Name == outputOfLines {
			outputs[i].Value = sanitizeLines(output.Value)
		}
	}
	text, err := f.encode(outputs)
	if err != nil {
		return errors.Join(err, f.outputs.Close())
	}
	return f.outputs.finish(theOutputs, text)
}

// printOutputs prints outputs as lines name=value. They are lost if nobody can
// read them there, and no file has them.
func (f *Files) printOutputs(outputs []Output) error {
	lines := make([]string, len(outputs))
	for i, output := range outputs {
		lines[i] = output.Name + "=" + output.Value
	}
	if err := f.console.write(f.console.to.outputs, lines); err != nil && len(f.variables) == 0 {
		return errors.New("the outputs cannot be printed: standard output is closed, or has no room. Name a file for them in output_file")
	}
	return nil
}

// encode writes each output between lines of a delimiter that nobody can guess.
// With a known one, a value could end itself and set outputs of its own
// (CVE-2022-35954).
func (f *Files) encode(outputs []Output) ([]byte, error) {
	var token [16]byte
	if _, err := io.ReadFull(f.random, token[:]); err != nil {
		return nil, errors.New("there is no randomness for the outputs")
	}
	delimiter := "vault_secret_" + hex.EncodeToString(token[:])
	var text bytes.Buffer
	for _, output := range outputs {
		if strings.Contains(output.Value, delimiter) {
			return nil, errors.New("an output contains its own delimiter")
		}
		fmt.Fprintf(&text, "%s<<%s\n%s\n%s\n", output.Name, delimiter, output.Value, delimiter)
	}
	return text.Bytes(), nil
}

// maxSummary is how long a summary may be, in bytes: GitHub's runner drops one
// over 1 MiB (actions/runner, FileCommandManager.cs), and nobody reads 64 KiB.
const maxSummary = 64 << 10

// WriteSummary adds Markdown to the summary of the run. A summary is a courtesy:
// one that cannot be written is a warning.
func (f *Files) WriteSummary(markdown string) {
	name := f.named("GITHUB_STEP_SUMMARY")
	if name == "" {
		return
	}
	if err := f.writeSummary(name, f.console.CleanText(markdown)); err != nil {
		f.console.Warn("The summary of this step could not be written: " + problem.Sentence(err.Error()))
	}
}

func (f *Files) writeSummary(name, text string) error {
	if len(text) > maxSummary {
		return fmt.Errorf("it is longer than %d KiB", maxSummary>>10)
	}
	opened, err := f.append("GITHUB_STEP_SUMMARY", name)
	if err != nil {
		return errors.New("the file that GITHUB_STEP_SUMMARY names cannot be opened for writing" + reason(err))
	}
	if opened.finish("the summary", []byte(text)) != nil {
		return errors.New("the file that GITHUB_STEP_SUMMARY names cannot be written")
	}
	return nil
}
