package ci

import (
	"errors"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// writeVariables adds variables to every file that was opened for them, as lines
// NAME=value.
func (f *Files) writeVariables(variables []Output) error {
	if len(f.variables) == 0 {
		return nil
	}
	text, left := f.dotenv(variables)
	for _, name := range left {
		f.console.Warn("The variable " + name + " is left empty in the file for variables. " +
			"Its text is too long, or has characters that not all readers of such a file take alike.")
	}
	var errs []error
	for _, file := range f.variables {
		errs = append(errs, file.finish(theOutputs, []byte(text)))
	}
	return errors.Join(errs...)
}

// dotenv spells variables as lines, and returns the names of those whose text is
// left out. Their lines stay, for they may follow those of an earlier step.
func (f *Files) dotenv(variables []Output) (text string, left []string) {
	var lines strings.Builder
	for _, variable := range variables {
		value := sanitize(variable.Value)
		if !portable(value) {
			left = append(left, variable.Name)
			value = ""
		}
		lines.WriteString(variable.Name + "=" + value + "\n")
	}
	return lines.String(), left
}

// portableCharacters mean themselves in a file of variables for everything that
// reads one. No quotes can make more of them: a shell and godotenv take quotes off, GitLab (parse_dotenv_artifact_service.rb) and Docker
// (--env-file) keep them, and GitLab expands $NAME and %NAME% whatever is around
// them (expand_variables.rb). A star is none to a shell in an assignment (POSIX,
// Shell Command Language, 2.9.1).
const portableCharacters = ascii.Word + "-.:,*"

// maxVariable is how long a text may be, in bytes: GitLab refuses all of a file of
// 5 KiB (parse_dotenv_artifact_service.rb, plan_limits.dotenv_size), and what
// else is in ours takes less than the rest of that.
const maxVariable = 4 << 10

// portable reports whether a text can stand behind NAME= as it is. What cannot
// must never stand there: a shell that sources the file would run it.
func portable(text string) bool {
	return len(text) <= maxVariable && (ascii.Only(text, portableCharacters) || text == "[]")
}
