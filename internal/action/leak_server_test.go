package action

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
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

func (h hostile) answer(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	key := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	said := fmt.Sprintf("%s %s\n%v\n%s\n%s", r.Method, r.URL, r.Header, key, body)
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
	header.Set("Location", "https://"+key+".example/"+url.PathEscape(said))
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
	"reads":  func(r *http.Request, body string) bool { return !writes(r, body) },
	"writes": writes,
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
func TestNothingThatAServerRepeatsShows(t *testing.T) {
	t.Parallel()
	operations := map[string]inputs{
		"set by ID":   {"secret_id": tokenID, "value": awkward},
		"set by name": {"env_key": "TOKEN", "value": awkward, "allowed_domains": hosts},
		"create":      {"operation": "create", "env_key": "NEW", "value": awkward, "allowed_domains": hosts},
		"update":      {"operation": "update", "env_key": "TOKEN", "value": awkward},
		"delete":      {"operation": "delete", "secret_id": tokenID},
		"sync":        nil,
	}
	for name, with := range operations {
		inBubble(t, name, func(s *stage) {
			if name == "sync" {
				with = s.syncs("TOKEN: {env: A, allowed_domains: [api.example.com]}", "NEW: {env: A, any_domain: true}", "GONE: {absent: true}")
				values, _ := json.Marshal(map[string]string{"A": awkward})
				with["env_json"], with["prune"], with["max_deletes"] = string(values), "true", "9"
			}
			s.hidden = append(s.hidden, awkwardForms(s.Key)...)
			s.Set(func(o *nairitest.Options) { o.Unrecorded = true }) // thousands of requests, of which none is asked for
			s.hostileAnswers(with)
		})
	}
}

// hostileAnswers runs a step for every status, with each shape, phase and platform
// in turn: the three numbers share no factor, so that all of them meet. A status
// that has a meaning of its own comes in every shape.
func (s *stage) hostileAnswers(with inputs) {
	shapes := []string{"error", "page", "secret", "list", "named secret", "odd ID", "text"}
	order := []string{"all", "writes", "reads", "all"}
	where := []string{"GitHub", "act", "forges"}
	meaning := []int{200, 201, 202, 204, 301, 400, 401, 403, 404, 409, 429, 500, 503}
	for status := 200; status < 600; status++ {
		turns := 1
		if slices.Contains(meaning, status) {
			turns = len(shapes)
		}
		for turn := status; turn < status+turns; turn++ {
			answer := hostile{status: status, shape: shapes[turn%len(shapes)]}
			answer.long = turn%50 == 0 || answer.shape == "text" && status%100 == 0
			s.on(where[turn%len(where)])
			s.runners = s.runners[:min(len(s.runners), 3)]
			s.Set(intercepting(phases[order[turn%len(order)]], answer.answer))
			s.step(with)
			if s.t.Failed() {
				s.t.Fatalf("at %+v", answer)
			}
		}
	}
}
