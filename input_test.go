package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/report"
)

// write puts a file into a new folder and returns its name.
func write(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// refuses checks that a step sent nothing, ended with 2, and named the inputs
// that are to blame.
func (s *stage) refuses(got ended, code report.Code, inputs ...string) {
	s.t.Helper()
	if got.code != report.ExitBadInput {
		s.t.Errorf("exit code %d, want %d", got.code, report.ExitBadInput)
	}
	if len(got.requests) > 0 {
		s.t.Errorf("sent %q", got.requests)
	}
	if d := gocmp.Diff([]string{asBefore}, s.stored()); d != "" {
		s.t.Errorf("the vault: %s", d)
	}
	if len(got.outputs) > 0 && (got.outputs["result"] != "failed" || got.outputs["error_code"] != string(code)) {
		s.t.Errorf("outputs %v, want the error_code %s", got.outputs, code)
	}
	for _, input := range inputs {
		if !strings.Contains(got.log, input+": ") {
			s.t.Errorf("%s is not blamed in the log: %s", input, got.log)
		}
	}
	got.says(s.t, report.Hint(code))
}

// Every kind of bad input by itself. says is what the complaint has to offer.
func TestBadInputs(t *testing.T) {
	t.Parallel()
	rotation := inputs{"secret_id": tokenID, "value": value}
	creation := inputs{"operation": "create", "env_key": "NEW", "value": value, "allowed_domains": hosts}
	deletion := inputs{"operation": "delete", "secret_id": tokenID}
	tests := map[string]struct {
		of    inputs
		with  inputs // given beside or in place of those
		blame string
		says  string
	}{
		"no key":                     {rotation, inputs{"api_key": ""}, "api_key", "misspelled"},
		"a key with a space":         {rotation, inputs{"api_key": "nr_a b"}, "api_key", "copy it again"},
		"no vault":                   {rotation, inputs{"vault_id": ""}, "vault_id", "vlt_"},
		"a vault in lower case":      {rotation, inputs{"vault_id": strings.ToLower(vaultID)}, "vault_id", "lower-case"},
		"a secret for a vault":       {rotation, inputs{"vault_id": tokenID}, "vault_id", "this looks like a secret ID"},
		"a vault's name":             {rotation, inputs{"vault_id": "default"}, "vault_id", "this looks like a name"},
		"a vault for a secret":       {rotation, inputs{"secret_id": vaultID}, "secret_id", "this looks like a vault ID"},
		"a path for a secret":        {rotation, inputs{"secret_id": "../../vaults"}, "secret_id", "sec_"},
		"neither ID nor name":        {rotation, inputs{"secret_id": ""}, "secret_id", "secret_id or env_key"},
		"a name with a hyphen":       {rotation, inputs{"env_key": "MY-TOKEN"}, "env_key", "DATABASE_URL"},
		"a name with a digit first":  {rotation, inputs{"env_key": "1TOKEN"}, "env_key", "DATABASE_URL"},
		"a reserved name":            {rotation, inputs{"env_key": "NAIRI_TOKEN"}, "env_key", "NAIRI_"},
		"another reserved name":      {rotation, inputs{"env_key": "CCAGENT_TOKEN"}, "env_key", "CCAGENT_"},
		"a placeholder's name":       {rotation, inputs{"env_key": "CCASECRET_TOKEN"}, "env_key", "without it"},
		"an unknown operation":       {rotation, inputs{"operation": "rotate"}, "operation", "set, create, update, delete"},
		"an address without TLS":     {rotation, inputs{"base_url": "http://api.nairi.ai"}, "base_url", "https://"},
		"an address with a password": {rotation, inputs{"base_url": "https://u:" + value + "@api.nairi.ai"}, "base_url", "user name"},
		"no address":                 {rotation, inputs{"base_url": "api.nairi.ai"}, "base_url", "https://api.nairi.ai"},
		"dry_run of maybe":           {rotation, inputs{"dry_run": "maybe"}, "dry_run", "true or false"},
		"dry_run of 1":               {rotation, inputs{"dry_run": "1"}, "dry_run", "true or false"},
		"dry_run of yes":             {rotation, inputs{"dry_run": "yes"}, "dry_run", "true or false"},
		"an unknown trim":            {rotation, inputs{"trim": "all"}, "trim", "newline, none"},

		"an empty value":             {rotation, inputs{"value": ""}, "value", "misspelled"},
		"a value of a new line":      {rotation, inputs{"value": "\n"}, "value", "misspelled"},
		"an empty value_env":         {inputs{"secret_id": tokenID}, inputs{"value_env": ""}, "value_env", "name of the variable"},
		"an empty value_file":        {inputs{"secret_id": tokenID}, inputs{"value_file": ""}, "value_file", "name of the file"},
		"a variable that is not set": {inputs{"secret_id": tokenID}, inputs{"value_env": "NO_SUCH"}, "value_env", "env:"},
		"the value for its variable": {inputs{"secret_id": tokenID}, inputs{"value_env": value}, "value_env", "not the value"},
		"a file that is not there":   {inputs{"secret_id": tokenID}, inputs{"value_file": value}, "value_file", "no such file"},
		"an empty file":              {inputs{"secret_id": tokenID}, inputs{"value_file": os.DevNull}, "value_file", "is empty"},
		"two values":                 {rotation, inputs{"value_env": "INPUT_VALUE"}, "value", "only one"},
		"a value that is not UTF-8":  {rotation, inputs{"value": "\xff" + value}, "value", "base64"},
		"a value in UTF-16":          {rotation, inputs{"value": "\xff\xfev\x00"}, "value", "UTF-16"},
		"a value with a NUL":         {rotation, inputs{"value": value + "\x00"}, "value", "base64"},
		"a value of white space":     {rotation, inputs{"value": " \t "}, "value", "white space"},
		"nothing to write":           {inputs{"secret_id": tokenID}, nil, "value", "nothing to write"},

		"no domains":               {rotation, inputs{"allowed_domains": ""}, "allowed_domains", "allow_any_domain"},
		"domains of commas":        {rotation, inputs{"allowed_domains": ",\n,"}, "allowed_domains", "allow_any_domain"},
		"domains as empty JSON":    {rotation, inputs{"allowed_domains": "[]"}, "allowed_domains", "allow_any_domain"},
		"domains as broken JSON":   {rotation, inputs{"allowed_domains": `["a"`}, "allowed_domains", "JSON array"},
		"a domain with a scheme":   {rotation, inputs{"allowed_domains": "https://a.example"}, "allowed_domains", "host name alone"},
		"a domain with a path":     {rotation, inputs{"allowed_domains": "a.example/x"}, "allowed_domains", "host name alone"},
		"a domain with a port":     {rotation, inputs{"allowed_domains": "a.example:443"}, "allowed_domains", "host name alone"},
		"a domain with a space":    {rotation, inputs{"allowed_domains": "a.example b.example"}, "allowed_domains", "commas or new lines"},
		"a lone star":              {rotation, inputs{"allowed_domains": "*"}, "allowed_domains", "allow_any_domain: true"},
		"an inner star":            {rotation, inputs{"allowed_domains": "a.*.example"}, "allowed_domains", "*.example.com"},
		"an address for a domain":  {rotation, inputs{"allowed_domains": "192.0.2.1"}, "allowed_domains", "host's name"},
		"a list and any":           {rotation, inputs{"allowed_domains": hosts, "allow_any_domain": "true"}, "allow_any_domain", "contradicts"},
		"any of perhaps":           {rotation, inputs{"allow_any_domain": "perhaps"}, "allow_any_domain", "true or false"},
		"create without a name":    {creation, inputs{"env_key": ""}, "env_key", "name of the secret"},
		"create with an ID":        {creation, inputs{"secret_id": tokenID}, "secret_id", "leave it out"},
		"create without domains":   {creation, inputs{"allowed_domains": "__not_given__"}, "allowed_domains", "any host"},
		"create without a value":   {creation, inputs{"value": "__not_given__"}, "value", "without one"},
		"delete with a value":      {deletion, inputs{"value": value}, "operation", "leave them out"},
		"delete with domains":      {deletion, inputs{"allowed_domains": hosts}, "operation", "leave them out"},
		"delete of nothing":        {deletion, inputs{"secret_id": ""}, "secret_id", "secret_id or env_key"},
		"set by name without name": {rotation, inputs{"secret_id": "", "env_key": ""}, "secret_id", "secret_id or env_key"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			given := inputs{}
			for _, part := range []inputs{tt.of, tt.with} {
				for name, text := range part {
					given[name] = text
				}
			}
			got := s.step(given)
			s.refuses(got, report.BadInput, tt.blame)
			got.says(t, tt.says)
		})
	}
}

// The key of an agent is refused by its kind, and never shown.
func TestWrongKindOfKey(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"ccagent_", "nairid_", "eksecd_", "sys_"} {
		s := newStage(t)
		s.hidden = append(s.hidden, "NotAPublicKey")
		got := s.step(inputs{"api_key": prefix + "NotAPublicKey", "secret_id": tokenID, "value": value})
		s.refuses(got, report.WrongKeyKind, "api_key")
	}
}

// All that is wrong is said at once, a line each, in the order of the
// documentation.
func TestAllProblemsAtOnce(t *testing.T) {
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
		"operation", "api_key", "base_url", "vault_id", "secret_id", "env_key", "value", "trim", "allowed_domains", "dry_run",
	}
	s.refuses(got, report.BadInput, blamed...)
	var inOrder []string
	for line := range strings.Lines(got.log) {
		input, _, _ := strings.Cut(line, ": ")
		if len(inOrder) < len(blamed) && input == blamed[len(inOrder)] {
			inOrder = append(inOrder, input)
		}
	}
	if d := gocmp.Diff(blamed, inOrder); d != "" {
		t.Errorf("lines of the log: %s", d)
	}
	for _, entry := range []string{"entry 1", "entry 2", "entry 3"} {
		got.says(t, entry)
	}
}

// Without a place for the outputs nothing is begun: a later step would not know.
func TestOutputsThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.env["GITHUB_OUTPUT"] = filepath.Join(t.TempDir(), "missing", "output")
	got := s.step(inputs{"secret_id": tokenID, "value": value})
	s.refuses(got, report.BadInput, "GITHUB_OUTPUT")
	if !strings.Contains(got.log, "\nresult=failed\n") {
		t.Errorf("the outputs are not in the log: %s", got.log)
	}
}

// A value that everyone who can see the run can read is not worth storing.
func TestValueThatIsPublic(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.env["GITHUB_EVENT_PATH"] = write(t, `{"inputs":{"password":"`+value+`"}}`)
	got := s.step(inputs{"secret_id": tokenID, "value": value})
	s.refuses(got, report.BadInput, "value")
	got.says(t, "inputs.password")
}

// Each source of a value gives the same one.
func TestSourcesOfTheValue(t *testing.T) {
	t.Parallel()
	for name, with := range map[string]inputs{
		"value":      {"value": value},
		"value_env":  {"value_env": "THE_VALUE"},
		"value_file": {"value_file": write(t, value+"\r\n")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.env["THE_VALUE"] = value
			s.with["secret_id"] = tokenID
			got := s.step(with)
			if d := gocmp.Diff([]string{look, rotate}, got.requests); d != "" {
				t.Error(d)
			}
		})
	}
}
