package runnertest

import (
	"bytes"
	"regexp"
	"strings"
)

// Limits of a report of variables: its size in bytes, which is the same for all
// plans of GitLab, and how many variables it may have, which is the least of all
// (gitlab.com/gitlab-org/gitlab/-/issues/411139).
const (
	maxReport          = 5 << 10
	maxReportVariables = 20
)

var (
	// app/models/concerns/ci/has_variable.rb
	reportKey = regexp.MustCompile(`^[A-Za-z0-9_]{1,255}$`)
	// lib/expand_variables.rb
	reportReference = regexp.MustCompile(`\$([A-Za-z_][A-Za-z0-9_]*)|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|%([A-Za-z_][A-Za-z0-9_]*)%`)
)

// ParseVariables reads the file of artifacts:reports:dotenv as GitLab does
// (app/services/ci/parse_dotenv_artifact_service.rb of 2025), and expands it with
// the variables of the job that gets it, as the runner does
// (app/presenters/ci/build_runner_presenter.rb). Quotes are part of a value, and a
// line without an equals sign, an empty one too, makes GitLab refuse all of it.
func ParseVariables(data []byte, job map[string]string) (map[string]string, error) {
	if len(data) >= maxReport {
		return nil, &outputError{Reason: "the file is too big"}
	}
	data = bytes.ToValidUTF8(bytes.TrimPrefix(data, []byte("\ufeff")), []byte("\ufffd"))
	variables := map[string]string{}
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		key, value, found := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		key, value = strip(key), strip(value)
		if !found || !reportKey.MatchString(key) {
			return nil, &outputError{Line: number, Quoted: line, Reason: "no variable"}
		}
		variables[key] = withReferences(value, job)
	}
	if len(variables) > maxReportVariables {
		return nil, &outputError{Line: number, Reason: "too many variables"}
	}
	return variables, nil
}

// strip is Ruby's String#strip.
func strip(text string) string {
	return strings.TrimRight(strings.TrimLeft(text, "\x00\t\n\v\f\r "), "\x00\t\n\v\f\r ")
}

// withReferences puts variables in for references to them; others stay as they are.
func withReferences(text string, variables map[string]string) string {
	return reportReference.ReplaceAllStringFunc(text, func(reference string) string {
		value, found := variables[strings.Trim(reference, "${}%")]
		if !found {
			return reference
		}
		return value
	})
}
