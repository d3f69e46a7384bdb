package ci

import (
	"errors"
	"io"
	"strings"
)

// variableFile is a file of lines NAME=value, for later steps to take as
// variables.
type variableFile struct {
	io.WriteCloser
	source string // the input or the variable that named it
}

// FileError says that a file cannot be written. It does not repeat the file's
// name, as what was put in its place may be a secret.
type FileError struct {
	Source string // the input or the variable that names the file
}

// Error implements error.
func (e FileError) Error() string {
	return "the file that " + e.Source + " names cannot be opened for writing"
}

// OpenVariables opens the files for variables, so that one that cannot be
// written is known before anything is changed: outputFile, "" for none, and that
// of DRONE_OUTPUT, from which Harness takes a plugin's outputs
// (https://developer.harness.io/docs/continuous-integration/troubleshoot-ci/ci-env-var/#drone_output).
func (f *Files) OpenVariables(lookup Lookup, outputFile string) []FileError {
	drone, _ := lookup("DRONE_OUTPUT")
	var unopened []FileError
	for _, named := range [][2]string{{"output_file", outputFile}, {"DRONE_OUTPUT", drone}} {
		source, name := named[0], named[1]
		if name == "" {
			continue
		}
		file, err := appendTo(name)
		if err != nil {
			unopened = append(unopened, FileError{Source: source})
			continue
		}
		f.variables = append(f.variables, variableFile{WriteCloser: file, source: source})
	}
	return unopened
}

// WriteVariables adds variables to every file that was opened for them.
func (f *Files) WriteVariables(variables []Output) error {
	if len(f.variables) == 0 {
		return nil
	}
	text, left := f.dotenv(variables)
	for _, name := range left {
		f.console.Warn("the variable " + name + " is left empty in the file for variables: " +
			"its text is too long, or has characters that not all readers of such a file take alike")
	}
	var unwritten []string
	for _, file := range f.variables {
		_, err := io.WriteString(file, text)
		if errors.Join(err, file.Close()) != nil {
			unwritten = append(unwritten, file.source)
		}
	}
	if len(unwritten) > 0 {
		return errors.New("the outputs cannot be written to the file that " + strings.Join(unwritten, " and ") + " names")
	}
	return nil
}

// dotenv spells variables as lines, and returns the names of those whose text is
// left out. Their lines stay, for they may follow those of an earlier step.
func (f *Files) dotenv(variables []Output) (text string, left []string) {
	var lines strings.Builder
	for _, variable := range variables {
		value := f.console.clean(variable.Value)
		if !readAlike(value) {
			left = append(left, variable.Name)
			value = ""
		}
		lines.WriteString(variable.Name + "=" + value + "\n")
	}
	return lines.String(), left
}

// alike are the characters that mean themselves in a file of variables for
// everything that reads one. No quotes can make more of them: a shell and godotenv
// take quotes off, GitLab (parse_dotenv_artifact_service.rb) and Docker
// (--env-file) keep them, and GitLab expands $NAME and %NAME% whatever is around
// them (expand_variables.rb). A star is none to a shell in an assignment (POSIX,
// Shell Command Language, 2.9.1).
const alike = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.:,*"

// maxVariable is how long a text may be, in bytes: GitLab refuses all of a file of
// 5 KiB (parse_dotenv_artifact_service.rb, plan_limits.dotenv_size), and what
// else is in ours takes less than the rest of that.
const maxVariable = 4 << 10

// readAlike reports whether a text can stand behind NAME= as it is. What cannot
// must never stand there: a shell that sources the file would run it.
func readAlike(text string) bool {
	return len(text) <= maxVariable && (strings.Trim(text, alike) == "" || text == "[]")
}
