package action

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
)

// refuses checks that a step sent nothing, ended with 2, and named the inputs
// that are to blame.
func (s *stage) refuses(got ended, code problem.Code, inputs ...string) {
	s.t.Helper()
	got.ends(s.t, report.ExitBadInput, "failed", code)
	if len(got.requests) > 0 {
		s.t.Errorf("sent %q", got.requests)
	}
	for _, input := range inputs {
		if blamed(got.log, input) < 0 {
			s.t.Errorf("%s is not blamed in the log: %s", input, got.log)
		}
	}
	got.says(s.t, code.Hint())
}

// blamed is where a log blames an input, in an annotation or, beyond those that a runner
// keeps, in a line; -1 for nowhere.
func blamed(log, input string) int {
	if at := strings.Index(log, "::error title=vault-secret%3A "+input+"::"); at >= 0 {
		return at
	}
	return strings.Index(log, "\nerror: "+input+" ")
}

// What is wrong with the inputs is said before anything is sent, with what would
// be right. Every kind of it is tested where the inputs are read.
func TestBadInputsAreRefusedBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		with  inputs
		code  problem.Code
		blame string
		says  string
	}{
		{inputs{"secret_id": "", "value": value}, problem.BadInput, "secret_id", "Name the secret: set env_key (its name) or secret_id."},
		{inputs{"secret_id": tokenID, "value": value, "vault_id": tokenID}, problem.BadInput, "vault_id", "looks like the ID of a secret."},
		{inputs{"secret_id": tokenID, "value": value, "api_key": "ccagent_NotAPublicKey"}, problem.WrongKeyKind, "api_key", "is an agent's key"},
	} {
		s := newStage(t)
		s.hidden = append(s.hidden, "NotAPublicKey")
		got := s.step(tt.with)
		s.refuses(got, tt.code, tt.blame)
		got.says(t, tt.says)
	}
}

func TestAllThatIsWrongIsSaidAtOnceInTheOrderOfTheDocumentation(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.anyAnnotation = true // which are counted below
	got := s.step(inputs{
		"operation":       "replace",
		"api_key":         "",
		"base_url":        "http://api.nairi.ai",
		"vault_id":        tokenID,
		"secret_id":       vaultID,
		"env_key":         "CCASECRET_TOKEN",
		"value":           "",
		"trim":            "all",
		"allowed_domains": "https://a.example, *, a.example:1",
		"dry_run":         "perhaps",
	})
	inputs := []string{
		"operation", "api_key", "vault_id", "secret_id", "env_key", "value", "trim", "allowed_domains", "dry_run", "base_url",
	}
	s.refuses(got, problem.BadInput, inputs...)
	same(t, "inputs as the log blames them", inputs, slices.SortedFunc(slices.Values(inputs), func(a, b string) int {
		return cmp.Compare(blamed(got.log, a), blamed(got.log, b))
	}))
	same(t, "annotations", 10, strings.Count(got.log, "::error "))
	for _, entry := range []string{"ntry 1", "ntry 2", "ntry 3"} {
		got.says(t, entry)
	}
}

// No later step would know what was done.
func TestNothingIsBegunWithoutAPlaceForTheOutputs(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.env["GITHUB_OUTPUT"] = filepath.Join(t.TempDir(), "missing", "output")
	got := s.step(rotation)
	if got.code != report.ExitBadInput || len(got.requests) > 0 {
		t.Errorf("exit code %d, requests %q", got.code, got.requests)
	}
	got.says(t, "names a file that cannot be opened for writing: its folder does not exist.")
	got.says(t, "Nothing was sent. Make sure that this run can write to that file.")
	if !strings.Contains(got.log, "\nresult=failed\n") {
		t.Errorf("the outputs are not in the log: %s", got.log)
	}
}

// A value that everyone who can see the run can read is not worth storing.
func TestAValueThatIsPublicIsRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.env["GITHUB_EVENT_PATH"] = file(t, `{"inputs":{"password":"`+value+`"}}`)
	got := s.step(rotation)
	s.refuses(got, problem.BadInput, "value")
	got.says(t, "inputs.password")
}

func TestEachSourceOfAValueGivesTheSame(t *testing.T) {
	t.Parallel()
	for name, with := range map[string]inputs{
		"value":      {"value": value},
		"value_env":  {"value_env": "THE_VALUE"},
		"value_file": {"value_file": file(t, value+"\r\n")},
	} {
		s := newStage(t)
		s.env["THE_VALUE"], s.with["secret_id"] = value, tokenID
		same(t, name, []string{rotate}, s.step(with).requests)
	}
}
