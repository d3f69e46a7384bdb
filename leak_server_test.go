package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// awkward is a value of which no runner can be told as it is, and of which every
// encoding differs.
const awkward = "first \"line\" <of> & 100%25 it's\nsecond::line]##[stop-commands]x\n"

// commands are what a server says to make a runner do something.
const commands = "\n::error::forged\r::set-output name=result::forged\n##[stop-commands]x\n::stop-commands::x\n::add-mask::a\n" +
	"##[add-mask]e\n::debug::forged\x1b[2J\x1b]0;forged\a\u202e| <img src=x> `@all`\u2028::group::forged\x00\xff\n"

// hostile answers every request with all that it got, between commands.
type hostile struct {
	status int
	shape  string
	long   bool // whether the answer has 2 MiB
}

func (h hostile) answer(w http.ResponseWriter, r *http.Request, body []byte) {
	said := fmt.Sprintf("%s %s\n%v\n%s\n%s", r.Method, r.URL, r.Header, r.Header.Get("Authorization"), body)
	var request map[string]any
	if json.Unmarshal(body, &request) == nil {
		said += fmt.Sprint(request["value"], url.QueryEscape(fmt.Sprint(request["value"])), fmt.Sprintf("%d", []byte(awkward)))
	}
	text := commands + said + commands
	if h.long {
		text += strings.Repeat(text, (2<<20)/len(text)+1)
	}
	header := w.Header()
	header.Set("Content-Type", map[bool]string{true: "text/html", false: "application/json"}[h.shape == "page"])
	header.Set("Location", "https://"+url.PathEscape(said))
	header.Set("Date", said)
	header.Set("X-Request-Id", said)
	header.Set("WWW-Authenticate", said)
	w.WriteHeader(h.status)
	_, _ = w.Write(h.body(text))
}

// body is a text in one of the shapes that the API has, or in none.
func (h hostile) body(text string) []byte {
	secret := map[string]any{
		"id": tokenID, "env_key": text, "allowed_domains": []string{text}, "vault_id": text,
		"created_at": "2026-04-25T11:00:00.000Z", "updated_at": "2026-04-25T12:00:00.000Z",
	}
	shapes := map[string]any{
		"error": map[string]string{"error": text}, "secret": secret, "list": []any{secret},
		"named secret": map[string]any{"id": tokenID, "env_key": "TOKEN", "allowed_domains": []string{text}, "updated_at": text},
		"odd ID":       map[string]any{"id": text, "env_key": "TOKEN"},
	}
	shape, ok := shapes[h.shape]
	if !ok {
		return []byte("<html><body>" + text)
	}
	body, _ := json.Marshal(shape)
	return body
}

// phases are the requests that get such an answer; the emulator answers others.
var phases = map[string]func(r *http.Request, body string) bool{
	"all":    func(*http.Request, string) bool { return true },
	"reads":  func(r *http.Request, body string) bool { return r.Method == http.MethodGet || body == "{}" },
	"writes": func(r *http.Request, body string) bool { return r.Method != http.MethodGet && body != "{}" },
}

// at makes the emulator give the hostile answer in a phase.
func (h hostile) at(phase string) func(*nairitest.Options) {
	return func(o *nairitest.Options) {
		o.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
			body, _ := io.ReadAll(r.Body)
			if !phases[phase](r, string(body)) {
				return false
			}
			h.answer(w, r, body)
			return true
		}
	}
}

// forms of awkward and of the key that nothing may show.
func awkwardForms(key string) []string {
	quoted, _ := json.Marshal(awkward)
	forms := []string{key, string(quoted[1 : len(quoted)-1]), url.QueryEscape(awkward), url.PathEscape(awkward), strconv.Quote(awkward)}
	return append(forms, strings.Split(strings.TrimSpace(awkward), "\n")...)
}

// Whatever a server answers, and with whatever status, nothing that it repeats
// is readable, and none of its commands is one. What a step shows is checked by
// stage.seen, with and without a runner's masks.
func TestHostileServer(t *testing.T) {
	t.Parallel()
	operations := map[string]inputs{
		"set by ID":   {"secret_id": tokenID, "value": awkward},
		"set by name": {"env_key": "TOKEN", "value": awkward, "allowed_domains": hosts},
		"create":      {"operation": "create", "env_key": "NEW", "value": awkward, "allowed_domains": hosts},
		"update":      {"operation": "update", "env_key": "TOKEN", "value": awkward},
		"delete":      {"operation": "delete", "secret_id": tokenID},
	}
	for name, with := range operations {
		inBubble(t, name, func(s *stage) {
			s.hidden = append(s.hidden, awkwardForms(s.Key)...)
			s.hostileAnswers(with)
		})
	}
	inBubble(t, "sync", func(s *stage) {
		s.hidden = append(s.hidden, awkwardForms(s.Key)...)
		with := s.syncs("TOKEN: {env: A, allowed_domains: [api.example.com]}", "NEW: {env: A, any_domain: true}", "GONE: {absent: true}")
		values, _ := json.Marshal(map[string]string{"A": awkward})
		with["env_json"], with["prune"], with["max_deletes"] = string(values), "true", "9"
		s.hostileAnswers(with)
	})
}

// hostileAnswers runs a step for every status, with each shape, phase and platform
// in turn: the three numbers share no factor, so that all of them meet.
func (s *stage) hostileAnswers(with inputs) {
	shapes := []string{"error", "page", "secret", "list", "named secret", "odd ID", "text"}
	order := []string{"all", "writes", "reads", "all"}
	where := []string{"GitHub", "act", "forges"}
	for status := 200; status < 600; status++ {
		answer := hostile{status: status, shape: shapes[status%len(shapes)], long: status%50 == 0}
		s.on(where[status%len(where)])
		s.runners = s.runners[:min(len(s.runners), 3)]
		s.Set(answer.at(order[status%len(order)]))
		s.step(with)
		if s.t.Failed() {
			s.t.Fatalf("at %+v", answer)
		}
	}
}
