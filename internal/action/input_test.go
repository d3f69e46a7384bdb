package action

import (
	"path/filepath"
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
		if !strings.Contains(got.log, input+": ") {
			s.t.Errorf("%s is not blamed in the log: %s", input, got.log)
		}
	}
	got.says(s.t, code.Hint())
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
		{inputs{"secret_id": "", "value": value}, problem.BadInput, "secret_id", "secret_id or env_key"},
		{inputs{"secret_id": tokenID, "value": value, "vault_id": tokenID}, problem.BadInput, "vault_id", "this looks like a secret ID"},
		{inputs{"secret_id": tokenID, "value": value, "api_key": "ccagent_NotAPublicKey"}, problem.WrongKeyKind, "api_key", "agent key"},
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
	blamed := []string{
		"operation", "api_key", "vault_id", "secret_id", "env_key", "value", "trim", "allowed_domains", "dry_run", "base_url",
	}
	s.refuses(got, problem.BadInput, blamed...)
	var inOrder []string
	for line := range strings.Lines(got.log) {
		input, _, _ := strings.Cut(line, ": ")
		if len(inOrder) < len(blamed) && input == blamed[len(inOrder)] {
			inOrder = append(inOrder, input)
		}
	}
	same(t, "lines of the log", blamed, inOrder)
	for _, entry := range []string{"entry 1", "entry 2", "entry 3"} {
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
	got.says(t, "failed (bad_input): GITHUB_OUTPUT: ")
	got.says(t, "nothing was sent; make sure that this step can write to the file that GITHUB_OUTPUT names")
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
