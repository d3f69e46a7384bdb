package main

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/report"
)

// Requests of a step.
const (
	list    = "GET /secrets"
	look    = "PATCH /secrets/" + tokenID + " {}"
	rotate  = "PATCH /secrets/" + tokenID + ` {"value":"` + value + `"}`
	fence   = "PATCH /secrets/" + tokenID + ` {"allowed_domains":["db.example.com","*.example.org"]}`
	both    = "PATCH /secrets/" + tokenID + ` {"allowed_domains":["db.example.com","*.example.org"],"value":"` + value + `"}`
	unfence = "PATCH /secrets/" + tokenID + ` {"allowed_domains":[]}`
	create  = `POST /secrets {"allowed_domains":["db.example.com","*.example.org"],"env_key":"NEW","value":"` + value + `"}`
	remove  = "DELETE /secrets/" + tokenID
	lookNot = "PATCH /secrets/" + otherID + " {}"
)

// What the vault holds after it.
const (
	asBefore = "TOKEN " + former + " [api.example.com]"
	rotated  = "TOKEN " + value + " [api.example.com]"
	fenced   = "TOKEN " + former + " [db.example.com *.example.org]"
	changed  = "TOKEN " + value + " [db.example.com *.example.org]"
	created  = "NEW " + value + " [db.example.com *.example.org]"
)

const hosts = "db.example.com\n*.example.org"

type inputs = map[string]string

func TestOperations(t *testing.T) {
	t.Parallel()
	twin := token()
	twin.ID = otherID
	tests := map[string]struct {
		also     []nairitest.Stored // beside token
		with     inputs
		requests []string
		result   string
		code     report.Code // empty for a success
		stored   []string    // asBefore for nil
	}{
		"set by ID, a value": {
			with:     inputs{"secret_id": tokenID, "value": value},
			requests: []string{look, rotate},
			result:   "updated",
			stored:   []string{rotated},
		},
		"set by ID, domains": {
			with:     inputs{"secret_id": tokenID, "allowed_domains": hosts},
			requests: []string{look, fence},
			result:   "updated",
			stored:   []string{fenced},
		},
		"set by ID, both": {
			with:     inputs{"secret_id": tokenID, "value": value, "allowed_domains": hosts},
			requests: []string{look, both},
			result:   "updated",
			stored:   []string{changed},
		},
		"set by ID, any domain": {
			with:     inputs{"secret_id": tokenID, "allow_any_domain": "true"},
			requests: []string{look, unfence},
			result:   "updated",
			stored:   []string{"TOKEN " + former + " []"},
		},
		"set by ID, a value and the domains that are there": {
			with:     inputs{"secret_id": tokenID, "value": value, "allowed_domains": "API.example.com."},
			requests: []string{look, rotate},
			result:   "updated",
			stored:   []string{rotated},
		},
		"set by ID, the domains that are there": {
			with:     inputs{"secret_id": tokenID, "allowed_domains": "api.example.com"},
			requests: []string{look},
			result:   "unchanged",
		},
		"set by ID, the value that is there": {
			with:     inputs{"secret_id": tokenID, "value": former},
			requests: []string{look, "PATCH /secrets/" + tokenID + ` {"value":"` + former + `"}`},
			result:   "unchanged",
		},
		"set by an ID that is not there": {
			with:     inputs{"secret_id": otherID, "value": value, "allowed_domains": hosts},
			requests: []string{lookNot, list},
			result:   "failed",
			code:     report.SecretNotFound,
		},
		"set by name, there": {
			with:     inputs{"env_key": "TOKEN", "value": value},
			requests: []string{list, rotate},
			result:   "updated",
			stored:   []string{rotated},
		},
		"set by name, not there": {
			with:     inputs{"env_key": "NEW", "value": value, "allowed_domains": hosts},
			requests: []string{list, create},
			result:   "created",
			stored:   []string{asBefore, created},
		},
		"set by name, not there in this very case": {
			with:     inputs{"env_key": "Token", "value": value, "allow_any_domain": "true"},
			requests: []string{list, `POST /secrets {"allowed_domains":[],"env_key":"Token","value":"` + value + `"}`},
			result:   "created",
			stored:   []string{asBefore, "Token " + value + " []"},
		},
		"set by name, not there, without domains": {
			with:     inputs{"env_key": "NEW", "value": value},
			requests: []string{list},
			result:   "failed",
			code:     report.SecretNotFound,
		},
		"set by name, not there, without a value": {
			with:     inputs{"env_key": "NEW", "allowed_domains": hosts},
			requests: []string{list},
			result:   "failed",
			code:     report.SecretNotFound,
		},
		"set by a name that two have": {
			also:     []nairitest.Stored{twin},
			with:     inputs{"env_key": "TOKEN", "value": value},
			requests: []string{list},
			result:   "failed",
			code:     report.AmbiguousName,
			stored:   []string{asBefore, asBefore},
		},
		"set by ID and name that agree": {
			with:     inputs{"secret_id": tokenID, "env_key": "TOKEN", "value": value},
			requests: []string{look, rotate},
			result:   "updated",
			stored:   []string{rotated},
		},
		"set by ID and name that disagree": {
			with:     inputs{"secret_id": tokenID, "env_key": "NEW", "value": value, "allowed_domains": hosts},
			requests: []string{look},
			result:   "failed",
			code:     report.BadInput,
		},

		"create, not there": {
			with:     inputs{"operation": "create", "env_key": "NEW", "value": value, "allowed_domains": hosts},
			requests: []string{list, create},
			result:   "created",
			stored:   []string{asBefore, created},
		},
		"create, there": {
			with:     inputs{"operation": "create", "env_key": "TOKEN", "value": value, "allowed_domains": hosts},
			requests: []string{list},
			result:   "failed",
			code:     report.AlreadyExists,
		},

		"update by name, there": {
			with:     inputs{"operation": "update", "env_key": "TOKEN", "value": value},
			requests: []string{list, rotate},
			result:   "updated",
			stored:   []string{rotated},
		},
		"update by name, not there": {
			with:     inputs{"operation": "update", "env_key": "NEW", "value": value, "allowed_domains": hosts},
			requests: []string{list},
			result:   "failed",
			code:     report.SecretNotFound,
		},
		"update by ID, there": {
			with:     inputs{"operation": "update", "secret_id": tokenID, "allowed_domains": hosts},
			requests: []string{look, fence},
			result:   "updated",
			stored:   []string{fenced},
		},

		"delete by ID": {
			with:     inputs{"operation": "delete", "secret_id": tokenID},
			requests: []string{look, remove},
			result:   "deleted",
			stored:   []string{},
		},
		"delete by name": {
			with:     inputs{"operation": "delete", "env_key": "TOKEN"},
			requests: []string{list, remove},
			result:   "deleted",
			stored:   []string{},
		},
		"delete by an ID that is not there": {
			with:     inputs{"operation": "delete", "secret_id": otherID},
			requests: []string{lookNot, list},
			result:   "absent",
		},
		"delete by a name that is not there": {
			with:     inputs{"operation": "delete", "env_key": "NEW"},
			requests: []string{list},
			result:   "absent",
		},
		"delete by a name that two have": {
			also:     []nairitest.Stored{twin},
			with:     inputs{"operation": "delete", "env_key": "TOKEN"},
			requests: []string{list},
			result:   "failed",
			code:     report.AmbiguousName,
			stored:   []string{asBefore, asBefore},
		},
		"delete by ID and name that disagree": {
			with:     inputs{"operation": "delete", "secret_id": tokenID, "env_key": "NEW"},
			requests: []string{look},
			result:   "failed",
			code:     report.BadInput,
		},

		"dry run of a rotation": {
			with:     inputs{"secret_id": tokenID, "value": value, "dry_run": "true"},
			requests: []string{look},
			result:   "planned",
		},
		"dry run of a creation": {
			with:     inputs{"env_key": "NEW", "value": value, "allowed_domains": hosts, "dry_run": "true"},
			requests: []string{list},
			result:   "planned",
		},
		"dry run of a deletion": {
			with:     inputs{"operation": "delete", "secret_id": tokenID, "dry_run": "true"},
			requests: []string{look},
			result:   "planned",
		},
		"dry run of nothing": {
			with:     inputs{"secret_id": tokenID, "allowed_domains": "api.example.com", "dry_run": "true"},
			requests: []string{look},
			result:   "unchanged",
		},
		"dry run of deleting nothing": {
			with:     inputs{"operation": "delete", "env_key": "NEW", "dry_run": "true"},
			requests: []string{list},
			result:   "absent",
		},
		"dry run of what cannot be": {
			with:     inputs{"operation": "update", "env_key": "NEW", "value": value, "dry_run": "true"},
			requests: []string{list},
			result:   "failed",
			code:     report.SecretNotFound,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			for _, secret := range tt.also {
				s.AddSecret(s.VaultID, secret)
			}
			got := s.step(tt.with)
			if d := gocmp.Diff(tt.requests, got.requests); d != "" {
				t.Errorf("requests: %s", d)
			}
			if tt.stored == nil {
				tt.stored = []string{asBefore}
			}
			if d := gocmp.Diff(tt.stored, append([]string{}, s.stored()...)); d != "" {
				t.Errorf("the vault: %s", d)
			}
			writes := tt.result == "created" || tt.result == "updated" || tt.result == "deleted"
			want := map[string]string{"result": tt.result, "changed": fmt.Sprint(writes), "error_code": string(tt.code), "vault_id": s.VaultID}
			for name, text := range want {
				if got.outputs[name] != text {
					t.Errorf("the output %s is %q, want %q", name, got.outputs[name], text)
				}
			}
			if want := min(len(tt.code), 1); got.code != want {
				t.Errorf("exit code %d, want %d", got.code, want)
			}
			if want := cmp.Or(report.Hint(tt.code), tt.result); !strings.Contains(got.log, want) {
				t.Errorf("%q is not in the log: %s", want, got.log)
			}
			if !strings.Contains(got.summary, "| "+tt.result+" |") {
				t.Errorf("%q is not in the summary: %s", tt.result, got.summary)
			}
		})
	}
}

// A second set by name finds what the first one created.
func TestSetByNameTwiceCreatesOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	with := inputs{"env_key": "NEW", "value": value, "allowed_domains": hosts}
	first := s.step(with)
	s.Set(func(o *nairitest.Options) { o.Now = func() time.Time { return noon.Add(time.Minute) } })
	second := s.step(with)
	if first.outputs["result"] != "created" || second.outputs["result"] != "unchanged" {
		t.Errorf("results %q, %q", first.outputs["result"], second.outputs["result"])
	}
	if second.outputs["changed"] != "false" || second.outputs["secret_id"] != first.outputs["secret_id"] {
		t.Errorf("the second has %v", second.outputs)
	}
	if d := gocmp.Diff([]string{asBefore, created}, s.stored()); d != "" {
		t.Error(d)
	}
}

// Within the second in which a secret was written its updated_at says nothing.
func TestRotationAtOnceIsNotCalledUnchanged(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	with := inputs{"env_key": "NEW", "value": value, "allowed_domains": hosts}
	s.step(with)
	if second := s.step(with); second.outputs["result"] != "updated" || second.outputs["changed"] != "true" {
		t.Errorf("result %q, changed %q", second.outputs["result"], second.outputs["changed"])
	}
}

func TestAmbiguousNameNamesTheIDs(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	twin := token()
	twin.ID = otherID
	s.AddSecret(s.VaultID, twin)
	got := s.step(inputs{"env_key": "TOKEN", "value": value})
	for _, id := range []string{tokenID, otherID} {
		if !strings.Contains(got.log, id) {
			t.Errorf("%s is not in the log: %s", id, got.log)
		}
	}
}

// The outputs of a rotation, all nine.
func TestOutputs(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	want := map[string]string{
		"secret_id":       tokenID,
		"env_key":         "TOKEN",
		"vault_id":        s.VaultID,
		"allowed_domains": `["db.example.com","*.example.org"]`,
		"created_at":      "2026-04-25T11:00:00.000Z",
		"updated_at":      "2026-04-25T12:00:00.000Z",
		"changed":         "true",
		"result":          "updated",
		"error_code":      "",
	}
	got := s.step(inputs{"secret_id": tokenID, "value": value, "allowed_domains": hosts})
	if d := gocmp.Diff(want, got.outputs); d != "" {
		t.Error(d)
	}
}

// A value arrives byte for byte, but for one final new line.
func TestValuesArriveAsTheyAre(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ given, trim, want string }{
		"spaces":              {"  two  spaces  ", "newline", "  two  spaces  "},
		"punctuation":         {"-@$%&\"'`\\{}[]<>#!*~|;", "newline", "-@$%&\"'`\\{}[]<>#!*~|;"},
		"percent escapes":     {"a%0Ab%25c", "newline", "a%0Ab%25c"},
		"lines":               {"first line\nsecond line\r\nthird line", "newline", "first line\nsecond line\r\nthird line"},
		"a final new line":    {"line\n", "newline", "line"},
		"a final CR LF":       {"line\r\n", "newline", "line"},
		"two of them":         {"line\n\n", "newline", "line\n"},
		"not trimmed":         {"line\n", "none", "line\n"},
		"a tab at the end":    {"line\t", "newline", "line\t"},
		"like a command":      {"::error::x\n##[stop-commands]y", "newline", "::error::x\n##[stop-commands]y"},
		"beyond ASCII":        {"Ünïcode 秘密 🔑\u202e", "newline", "Ünïcode 秘密 🔑\u202e"},
		"what JSON escapes":   {"<a href=\"x\">\u2028&\x01", "newline", "<a href=\"x\">\u2028&\x01"},
		"the name of outputs": {"updated_at", "newline", "updated_at"},
		"short":               {"ab", "newline", "ab"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.step(inputs{"secret_id": tokenID, "value": tt.given, "trim": tt.trim})
			if d := gocmp.Diff([]string{"TOKEN " + tt.want + " [api.example.com]"}, s.stored()); d != "" {
				t.Error(d)
			}
		})
	}
}

// Every request names the program, carries the key, and nothing else of note.
func TestHeaders(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.step(inputs{"secret_id": tokenID, "value": value})
	requests := s.Requests()
	if len(requests) != 2 {
		t.Fatalf("want two requests, got %d", len(requests))
	}
	for _, r := range requests {
		if got := r.Header.Get("User-Agent"); got != "vault-secret/"+version {
			t.Errorf("the User-Agent is %q", got)
		}
		if r.Header.Get("Authorization") != "Bearer "+s.Key || r.Header.Get("Content-Type") != "application/json" {
			t.Error("the key or the content type is not right")
		}
	}
}
