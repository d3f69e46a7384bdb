package runnertest

import (
	"fmt"
	"strings"
	"testing"
)

// spec/services/ci/parse_dotenv_artifact_service_spec.rb of GitLab has most of
// these.
func TestParseVariables(t *testing.T) {
	t.Parallel()
	type m = map[string]string
	many := strings.Builder{}
	for i := range maxReportVariables + 1 {
		fmt.Fprintf(&many, "A%d=1\n", i)
	}
	job := m{"HOME": "/root", "TOKEN": "of the job"}
	parse := func(data []byte) (map[string]string, error) { return ParseVariables(data, job) }
	checkOutputs(t, parse, []outputCase{
		{"empty file", "", m{}, false},
		{"pair", "A=1\n", m{"A": "1"}, false},
		{"no last newline", "A=1", m{"A": "1"}, false},
		{"first equals sign", "A=1=2\n", m{"A": "1=2"}, false},
		{"spaces around", " A = 1 \n", m{"A": "1"}, false},
		{"spaces inside", "A=1 2\n", m{"A": "1 2"}, false},
		{"empty value", "A=\n", m{"A": ""}, false},
		{"last one stays", "A=1\nA=2\n", m{"A": "2"}, false},
		{"double quotes stay", `A="1"`, m{"A": `"1"`}, false},
		{"single quotes stay", `A='1'`, m{"A": `'1'`}, false},
		{"comment stays", "A=1 # one\n", m{"A": "1 # one"}, false},
		{"not utf-8", "A=\xff\n", m{"A": "\ufffd"}, false},
		{"carriage return", "A=1\r\n", m{"A": "1"}, false},
		{"references", "A=$HOME ${TOKEN} %TOKEN%\n", m{"A": "/root of the job of the job"}, false},
		{"references to nothing", "A=$NO ${NO} %NO% 5%\n", m{"A": "$NO ${NO} %NO% 5%"}, false},
		{"empty line", "A=1\n\nB=2\n", nil, true},
		{"no equals sign", "A\n", nil, true},
		{"export", "export A=1\n", nil, true},
		{"no key", "=1\n", nil, true},
		{"key of other letters", "Ü=1\n", nil, true},
		{"too many", many.String(), nil, true},
		{"too big", "A=" + strings.Repeat("x", maxReport-2), nil, true},
		{"as big as can be", "A=" + strings.Repeat("x", maxReport-3), m{"A": strings.Repeat("x", maxReport-3)}, false},
	})
}
