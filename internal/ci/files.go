package ci

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// Files are where a step leaves its outputs and its summary. Without a file for
// them, the outputs are printed.
type Files struct {
	console   *Console
	env       env.Env
	random    io.Reader
	outputs   *file  // nil where the platform has none
	variables []file // for later steps as well, where they read no outputs
	summary   string // the file's name; empty where the platform has none
}

// file is one that is open to be added to.
type file struct {
	io.WriteCloser
	source string // the input or the variable that named it
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
	f.summary = f.env.Get("GITHUB_STEP_SUMMARY")
	output, problems := f.open("GITHUB_OUTPUT", f.env.Get("GITHUB_OUTPUT"))
	f.outputs = output
	return append(problems, f.addVariables("DRONE_OUTPUT", f.env.Get("DRONE_OUTPUT"))...)
}

// OpenVariables opens one more file for variables, which the output_file input
// names; "" for none.
func (f *Files) OpenVariables(name string) problem.List { return f.addVariables("output_file", name) }

func (f *Files) addVariables(source, name string) problem.List {
	opened, problems := f.open(source, name)
	if opened != nil {
		f.variables = append(f.variables, *opened)
	}
	return problems
}

// open opens the file that source names. A problem does not repeat the file's
// name, as what was put in its place may be a secret.
func (f *Files) open(source, name string) (*file, problem.List) {
	if name == "" {
		return nil, nil
	}
	opened, err := f.appendTo(name)
	if err != nil {
		return nil, problem.List{{
			Input: source, Text: "the file that " + source + " names cannot be opened for writing",
			Hint: "nothing was sent; see that the file that " + source + " names can be written by this step",
		}}
	}
	return &file{opened, source}, nil
}

// fileMode is for a file that the platform did not make before.
const fileMode = 0o600

// appendTo opens a file to add to it. What somebody left there without an end of
// its last line must not run into our first.
func (f *Files) appendTo(name string) (*os.File, error) {
	opened, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, fileMode)
	if err != nil || f.endsLine(opened, name) {
		return opened, err
	}
	return opened, endLine(opened)
}

// endLine ends a line, and closes what cannot take that.
func endLine(w io.WriteCloser) error {
	if _, err := io.WriteString(w, "\n"); err != nil {
		return errors.Join(err, w.Close())
	}
	return nil
}

// endsLine reports whether a text can begin at the end of a file. Of one that
// cannot be read, such as a pipe, there is nothing to be known.
func (f *Files) endsLine(opened *os.File, name string) bool {
	info, err := opened.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return true
	}
	reader, err := f.env.Open(name)
	if err != nil {
		return true
	}
	defer func() { _ = reader.Close() }()
	var last lastByte
	_, err = io.Copy(&last, reader)
	return err != nil || last == '\n'
}

// lastByte keeps the last byte of what is written to it.
type lastByte byte

// Write implements io.Writer.
func (l *lastByte) Write(p []byte) (int, error) {
	if len(p) > 0 {
		*l = lastByte(p[len(p)-1])
	}
	return len(p), nil
}

// Output is one output of the step.
type Output struct{ Name, Value string }

// Write hands outputs to later steps, and the same as variables to steps that
// read no outputs. Every file is tried, whatever became of the others.
func (f *Files) Write(outputs, variables []Output) error {
	return errors.Join(f.writeOutputs(outputs), f.writeVariables(variables))
}

// writeOutputs prints the outputs as name=value lines where the platform has no
// file for them.
func (f *Files) writeOutputs(outputs []Output) error {
	outputs = slices.Clone(outputs)
	for i, output := range outputs {
		redacted := f.console.Redact(output.Value)
		outputs[i].Value = f.console.harmless(redacted)
		if redacted != output.Value {
			f.console.Warn("the output " + output.Name + " contains the secret or a form of it, and is hidden: later steps see ***")
		}
	}
	if f.outputs == nil {
		for _, output := range outputs {
			f.console.Print(output.Name + "=" + output.Value)
		}
		return nil
	}
	text, err := f.encode(outputs)
	if err != nil {
		return errors.Join(err, f.outputs.Close())
	}
	return f.outputs.finish(text)
}

// finish writes the text and closes the file: some file systems tell only then
// that they had no room for it.
func (f file) finish(text []byte) error {
	_, err := f.Write(text)
	if errors.Join(err, f.Close()) != nil {
		return errors.New("the outputs cannot be written to the file that " + f.source + " names")
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
	if f.summary == "" {
		return
	}
	if err := f.writeSummary(f.console.CleanText(markdown)); err != nil {
		f.console.Warn("the summary of this step is missing: " + err.Error())
	}
}

func (f *Files) writeSummary(text string) error {
	if len(text) > maxSummary {
		return fmt.Errorf("it is longer than %d KiB", maxSummary>>10)
	}
	opened, err := f.appendTo(f.summary)
	if err != nil {
		return errors.New("the file that GITHUB_STEP_SUMMARY names cannot be opened for writing")
	}
	_, err = io.WriteString(opened, text)
	if errors.Join(err, opened.Close()) != nil {
		return errors.New("the file that GITHUB_STEP_SUMMARY names cannot be written")
	}
	return nil
}
