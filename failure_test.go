package main

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/http/httputil"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/report"
)

// fault answers a request in the API's place.
type fault func(w http.ResponseWriter, r *http.Request)

func says(status int, contentType, body string) fault {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func saysJSON(status int, body string) fault { return says(status, "application/json", body) }

func saysPage(status int) fault {
	return says(status, "text/html", "<html><h1>Access denied</h1></html>")
}

// resets cuts the connection once the request is there.
func resets(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func redirects(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
}

// breakAt lets a fault answer the requests that write, or those that look.
func (s *stage) breakAt(write bool, f fault) {
	s.Set(func(o *nairitest.Options) {
		o.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
			body, _ := io.ReadAll(r.Body)
			looks := r.Method == http.MethodGet || string(body) == "{}"
			if looks == write {
				return false
			}
			f(w, r)
			return true
		}
	})
}

// inBubble runs a test in a time of its own, in which waiting takes none, and
// without a network, whose time would be the real one.
func inBubble(t *testing.T, name string, test func(*stage)) {
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		s.transport = s.direct()
		synctest.Test(t, func(t *testing.T) {
			s.t = t
			test(s)
		})
	})
}

// roundTrip is a network in a test.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// direct hands requests to the emulator itself.
func (s *stage) direct() http.RoundTripper {
	return roundTrip(func(r *http.Request) (_ *http.Response, err error) {
		httptrace.ContextClientTrace(r.Context()).GotConn(httptrace.GotConnInfo{})
		r = r.Clone(r.Context())
		if r.Body == nil {
			r.Body = http.NoBody
		}
		defer func() {
			if recover() != nil { // http.ErrAbortHandler
				err = syscall.ECONNRESET
			}
		}()
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w.Result(), nil
	})
}

// secretNotFound answers for the secret alone: its vault is there.
func secretNotFound(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		saysJSON(200, "[]")(w, r)
		return
	}
	saysJSON(404, `{"error":"secret not found"}`)(w, r)
}

// faults are what can go wrong at the server, and the error_code when it goes
// wrong at the look and when it does at the write. After a write that failed in
// the API's own words, a look can tell that it was not done; after one that
// failed in any other way, or succeeded in none, it might be done yet.
var faults = map[string]struct {
	fault       fault
	look, write report.Code
}{
	"400":                    {saysJSON(400, `{"error":"secret ID must be a valid ULID"}`), report.BadInput, report.BadInput},
	"401":                    {saysJSON(401, `{"error":"invalid token"}`), report.Unauthorized, report.Unauthorized},
	"401 in plain text":      {says(401, "text/plain", "no"), report.Unauthorized, report.Unauthorized},
	"403":                    {saysJSON(403, `{"error":"forbidden"}`), report.Unauthorized, report.Unauthorized},
	"403 in HTML":            {saysPage(403), report.Blocked, report.Blocked},
	"404 of the vault":       {saysJSON(404, `{"error":"vault not found"}`), report.VaultNotFound, report.SecretNotFound},
	"404 of the secret":      {secretNotFound, report.SecretNotFound, report.SecretNotFound},
	"408":                    {saysJSON(408, `{"error":"slow"}`), report.Timeout, report.Timeout},
	"409":                    {saysJSON(409, `{"error":"conflict"}`), report.UnexpectedAnswer, report.UnexpectedAnswer},
	"429":                    {saysJSON(429, `{"error":"slow down"}`), report.RateLimited, report.RateLimited},
	"500":                    {saysJSON(500, `{"error":"internal server error"}`), report.ServerError, report.ServerError},
	"502 in HTML":            {saysPage(502), report.ServerError, report.UnknownState},
	"503":                    {saysJSON(503, `{"error":"maintenance"}`), report.ServerError, report.ServerError},
	"200 in HTML":            {saysPage(200), report.UnexpectedAnswer, report.UnknownState},
	"200, cut short":         {saysJSON(200, `{"id":"sec_01`), report.UnexpectedAnswer, report.UnknownState},
	"200, a list":            {saysJSON(200, `[{"id":"`+tokenID+`"}]`), report.UnexpectedAnswer, report.UnknownState},
	"200, nothing in it":     {saysJSON(200, `{}`), report.UnexpectedAnswer, report.UnknownState},
	"200, an ID of dots":     {saysJSON(200, `{"id":"../.."}`), report.UnexpectedAnswer, report.UnknownState},
	"200, no body":           {saysJSON(200, ``), report.UnexpectedAnswer, report.UnknownState},
	"200, without end":       {saysJSON(200, `"`+strings.Repeat("x", 2<<20)), report.UnexpectedAnswer, report.UnknownState},
	"202":                    {saysJSON(202, `{"id":"`+tokenID+`"}`), report.UnexpectedAnswer, report.UnknownState},
	"a redirect":             {redirects, report.UnexpectedAnswer, report.UnknownState},
	"a connection that ends": {resets, report.Network, report.UnknownState},
}

func TestServerFailures(t *testing.T) {
	t.Parallel()
	for name, tt := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			given := inputs{"secret_id": tokenID, "value": value}
			inBubble(t, "at the look", func(s *stage) {
				s.breakAt(false, tt.fault)
				got := s.step(given)
				got.fails(s.t, tt.look)
				if tt.look != report.SecretNotFound {
					got.says(s.t, "/api/public/v1/vaults/"+s.VaultID)
				}
				if len(got.requests) == 0 || slices.Contains(got.requests, rotate) {
					s.t.Errorf("requests %q", got.requests)
				}
			})
			inBubble(t, "at the write", func(s *stage) {
				s.breakAt(true, tt.fault)
				got := s.step(given)
				got.fails(s.t, tt.write)
				got.says(s.t, "PATCH /api/public/v1/vaults/"+s.VaultID+"/secrets/"+tokenID)
				sent := slices.Compact(got.requests) // an attempt may be repeated, and looked into
				if len(sent) == 3 && sent[2] == look {
					sent = sent[:2]
				}
				if d := gocmp.Diff([]string{look, rotate}, sent); d != "" {
					s.t.Error(d)
				}
			})
		})
	}
}

// fails checks that a step failed as its code says, and said what to do. What is
// not known is told apart from what was not done.
func (e ended) fails(t *testing.T, code report.Code) {
	t.Helper()
	want := map[string]string{"result": "failed", "changed": "false", "error_code": string(code)}
	exit := report.ExitFailed
	if code == report.UnknownState {
		want["result"], want["changed"], exit = "unknown", "true", report.ExitUnknown
	}
	for name, text := range want {
		if e.outputs[name] != text {
			t.Errorf("the output %s is %q, want %q", name, e.outputs[name], text)
		}
	}
	if e.code != exit {
		t.Errorf("exit code %d, want %d", e.code, exit)
	}
	e.says(t, string(code))
	e.says(t, report.Hint(code))
}

// says checks that both the log and the summary show a text.
func (e ended) says(t *testing.T, text string) {
	t.Helper()
	if !strings.Contains(e.log, text) {
		t.Errorf("%q is not in the log: %s", text, e.log)
	}
	if !strings.Contains(html.UnescapeString(e.summary), text) {
		t.Errorf("%q is not in the summary: %s", text, e.summary)
	}
}

// A list that is not one, or not the documented one, is never taken for an
// empty vault: that would create what is there.
func TestListFailures(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]fault{
		"an object":            saysJSON(200, `{"secrets":[]}`),
		"null":                 saysJSON(200, `null`),
		"nothing":              saysJSON(200, ``),
		"a page":               saysPage(200),
		"a list of texts":      saysJSON(200, `["TOKEN"]`),
		"a secret without ID":  saysJSON(200, `[{"env_key":"TOKEN"}]`),
		"a list cut short":     saysJSON(200, `[{"id":"`+tokenID+`"}`),
		"an object of the API": saysJSON(200, `{"error":"vault not found"}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.breakAt(false, f)
			got := s.step(inputs{"env_key": "NEW", "value": value, "allowed_domains": hosts})
			got.fails(t, report.UnexpectedAnswer)
			if d := gocmp.Diff([]string{list}, got.requests); d != "" {
				t.Error(d)
			}
		})
	}
}

// A write that was carried out and whose answer was lost is never called a
// failure, and is not done twice.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		with   inputs
		stored []string
	}{
		"of a rotation": {inputs{"secret_id": tokenID, "value": value}, []string{rotated}},
		"of a creation": {inputs{"env_key": "NEW", "value": value, "allowed_domains": hosts}, []string{asBefore, created}},
		"of a deletion": {inputs{"operation": "delete", "secret_id": tokenID}, []string{}},
	}
	for name, tt := range tests {
		inBubble(t, name, func(s *stage) {
			s.Set(func(o *nairitest.Options) { o.LostReplies = nairitest.Always })
			got := s.step(tt.with)
			if result := got.outputs["result"]; result == "failed" || result == "unchanged" || got.code == report.ExitFailed {
				s.t.Errorf("exit code %d, result %s", got.code, result)
			}
			if d := gocmp.Diff(tt.stored, append([]string{}, s.stored()...)); d != "" {
				s.t.Error(d)
			}
		})
	}
}

// An answer that shows something else than was asked for is no success.
func TestAnswersThatDiffer(t *testing.T) {
	t.Parallel()
	secret := func(id, name, domains string) fault {
		return saysJSON(200, fmt.Sprintf(
			`{"id":%q,"env_key":%q,"allowed_domains":%s,"created_at":"2026-04-25T11:00:00.000Z","updated_at":"2026-04-25T12:00:00.000Z"}`,
			id, name, domains))
	}
	for name, f := range map[string]fault{
		"another ID":     secret(otherID, "TOKEN", `["db.example.com","*.example.org"]`),
		"another name":   secret(tokenID, "OTHER", `["db.example.com","*.example.org"]`),
		"fewer domains":  secret(tokenID, "TOKEN", `["db.example.com"]`),
		"any domain":     secret(tokenID, "TOKEN", `[]`),
		"the old domain": secret(tokenID, "TOKEN", `["api.example.com"]`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.breakAt(true, f)
			got := s.step(inputs{"secret_id": tokenID, "value": value, "allowed_domains": hosts})
			if got.code != report.ExitUnknown || got.outputs["error_code"] != string(report.UnknownState) {
				t.Errorf("exit code %d, %v", got.code, got.outputs)
			}
		})
	}
}

// Where nothing listens, nothing can have been done: not even by a write.
func TestClosedPort(t *testing.T) {
	t.Parallel()
	inBubble(t, "at the look", func(s *stage) {
		s.transport = roundTrip(func(*http.Request) (*http.Response, error) { return nil, syscall.ECONNREFUSED })
		got := s.step(inputs{"secret_id": tokenID, "value": value})
		got.fails(s.t, report.Network)
		got.says(s.t, "connection refused")
	})
	inBubble(t, "at the write", func(s *stage) {
		open := s.transport
		s.transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			if len(s.Requests()) > 0 {
				return nil, syscall.ECONNREFUSED
			}
			return open.RoundTrip(r)
		})
		s.step(inputs{"secret_id": tokenID, "value": value}).fails(s.t, report.Network)
	})
}

// A server whose certificate nobody vouches for gets no request.
func TestUntrustedCertificate(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	server := httptest.NewUnstartedServer(s.Emulator)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	got := s.step(inputs{"base_url": server.URL, "secret_id": tokenID, "value": value})
	got.fails(t, report.TLS)
	if len(got.requests) > 0 {
		t.Errorf("requests %q", got.requests)
	}
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	inBubble(t, "at the look", func(s *stage) {
		s.transport = roundTrip(func(*http.Request) (*http.Response, error) { return nil, os.ErrDeadlineExceeded })
		s.step(inputs{"secret_id": tokenID, "value": value}).fails(s.t, report.Timeout)
	})
	inBubble(t, "of a server that hangs", func(s *stage) {
		s.transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		s.step(inputs{"secret_id": tokenID, "value": value}).fails(s.t, report.Timeout)
	})
}

func TestCancelledBeforeTheLook(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got := s.stepIn(ctx, inputs{"secret_id": tokenID, "value": value})
	if got.outputs["error_code"] != string(report.Cancelled) || got.outputs["result"] != "failed" || got.code != report.ExitCancelled {
		t.Errorf("exit code %d, %v", got.code, got.outputs)
	}
	if len(got.requests) > 0 {
		t.Errorf("requests %q", got.requests)
	}
}

// A server that sends back all it got, header and body, dressed up as commands,
// makes none of it readable and runs none of it, whatever it calls its answer.
func TestServerThatEchoes(t *testing.T) {
	t.Parallel()
	shapes := map[string][]int{
		"error":  {200, 202, 204, 301, 400, 401, 403, 404, 409, 429, 500, 503},
		"secret": {200, 201, 202, 301, 400, 500},
		"list":   {200, 400, 500},
		"text":   {200, 400, 500}, // 2 MiB of it
	}
	for shape, statuses := range shapes {
		for _, status := range statuses {
			inBubble(t, fmt.Sprint(status, " ", shape), func(s *stage) {
				s.Set(func(o *nairitest.Options) {
					o.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
						echo(w, r, status, shape)
						return true
					}
				})
				for platform := range platforms {
					s.on(platform)
					s.step(inputs{"secret_id": tokenID, "value": value})
					s.step(inputs{"env_key": "TOKEN", "value": value, "allowed_domains": hosts})
				}
			})
		}
	}
}

// A long error is cut, and a cut through the value leaves no half of it behind.
func TestServerThatEchoesAtTheCut(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	half := value[:len(value)/2]
	s.hidden = append(s.hidden, half)
	for length := 300 - len(value); length <= 300-len(half); length++ {
		s.breakAt(false, saysJSON(400, `{"error":"`+strings.Repeat("x", length)+value+`"}`))
		s.step(inputs{"secret_id": tokenID, "value": value}).says(t, "xxx")
	}
}

// echo answers with the request, in a shape that the API has.
func echo(w http.ResponseWriter, r *http.Request, status int, shape string) {
	request, _ := httputil.DumpRequest(r, true)
	text := "\n::error::forged\n##[stop-commands]x\n::add-mask::a\n\x1b[2J\u202e| <img src=x> `" + string(request)
	secret := map[string]any{
		"id": tokenID, "env_key": text, "allowed_domains": []string{text},
		"created_at": "2026-04-25T11:00:00.000Z", "updated_at": "2026-04-25T12:00:00.000Z",
	}
	var body []byte
	switch shape {
	case "error":
		body, _ = json.Marshal(map[string]string{"error": text})
	case "secret":
		body, _ = json.Marshal(secret)
	case "list":
		body, _ = json.Marshal([]any{secret})
	case "text":
		body = []byte(text + strings.Repeat("x", 2<<20))
	}
	header := w.Header()
	header.Set("Location", "https://"+value+".example/"+r.Header.Get("Authorization"))
	header.Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
