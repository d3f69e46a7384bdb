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
)

// Files are where a step leaves its outputs and its summary.
type Files struct {
	console *Console
	random  io.Reader
	outputs io.WriteCloser // nil where the platform has none
	summary string         // the file's name; empty where the platform has none
	// variables are for later steps as well, where they read no outputs.
	variables []variableFile
}

// fileMode is for a file that the platform did not make before.
const fileMode = 0o600

// OpenFiles opens the file of the outputs, so that one that cannot be written
// is known before anything is changed. random is for delimiters.
func (c *Console) OpenFiles(lookup Lookup, random io.Reader) (*Files, error) {
	files := &Files{console: c, random: random}
	files.summary, _ = lookup("GITHUB_STEP_SUMMARY")
	name, _ := lookup("GITHUB_OUTPUT")
	if name == "" {
		return files, nil
	}
	f, err := appendTo(name)
	if err != nil {
		return files, FileError{Source: "GITHUB_OUTPUT"}
	}
	files.outputs = f
	return files, nil
}

// appendTo opens a file to add to it. What somebody left there without an end of
// its last line must not run into our first.
func appendTo(name string) (*os.File, error) {
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, fileMode)
	if err == nil && !endsLine(name) {
		_, err = io.WriteString(file, "\n")
	}
	return file, err
}

// endsLine reports whether a text can begin at the end of a file. Of one that
// cannot be read, such as a pipe, there is nothing to be known.
func endsLine(name string) bool {
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return true
	}
	file, err := os.Open(name)
	if err != nil {
		return true
	}
	defer func() { _ = file.Close() }()
	var last [1]byte
	_, err = file.ReadAt(last[:], info.Size()-1)
	return err != nil || last[0] == '\n'
}

// Output is one output of the step.
type Output struct{ Name, Value string }

// WriteOutputs hands the outputs to later steps. Where the platform has no file
// for them they are printed as name=value lines.
func (f *Files) WriteOutputs(outputs []Output) error {
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
	defer func() { _ = f.outputs.Close() }()
	text, err := f.encode(outputs)
	if err != nil {
		return err
	}
	if _, err := f.outputs.Write(text); err != nil {
		return errors.New("the outputs cannot be written to the file that GITHUB_OUTPUT names")
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
// one that cannot be written fails nothing.
func (f *Files) WriteSummary(markdown string) {
	if f.summary == "" {
		return
	}
	text := f.console.Clean(markdown)
	if len(text) > maxSummary {
		return
	}
	file, err := appendTo(f.summary)
	if err != nil {
		return
	}
	defer func() { _ = file.Close() }()
	_, _ = io.WriteString(file, text)
}
