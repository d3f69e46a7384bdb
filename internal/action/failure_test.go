package action

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/problem"
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

// intercepting lets a fault answer the requests that match, and the emulator others.
func intercepting(match func(r *http.Request, body string) bool, f fault) func(*nairitest.Options) {
	return func(o *nairitest.Options) {
		o.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			if !match(r, string(body)) {
				return false
			}
			f(w, r)
			return true
		}
	}
}

// writes reports whether a request is more than a look.
func writes(r *http.Request, body string) bool { return r.Method != http.MethodGet && body != "{}" }

// breakAt lets a fault answer the requests that write, or those that look.
func (s *stage) breakAt(write bool, f fault) {
	s.Set(intercepting(func(r *http.Request, body string) bool { return writes(r, body) == write }, f))
}

// script makes faults of the emulator's own happen.
func (s *stage) script(faults ...string) {
	s.t.Helper()
	script := nairitest.Script(s.t, faults...)
	s.Set(func(o *nairitest.Options) { o.Script = script })
}

// inBubble runs a test in a time of its own, in which waiting takes none, and
// without a network, whose time would be the real one.
func inBubble(t *testing.T, name string, test func(*stage)) {
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		s.transport = s.Transport()
		synctest.Test(t, func(t *testing.T) {
			s.t = t
			time.Sleep(time.Until(noon)) // the bubble's clock is that of the server then
			test(s)
		})
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
// wrong at the look, when it does at the write, and when it does at all there is. After
// a write that failed in the API's own words, a look can tell that it was not done;
// after one that failed in any other way, or succeeded in none, it might be done yet.
var faults = map[string]struct {
	fault              fault
	look, write, alone problem.Code
}{
	"400":                    {saysJSON(400, `{"error":"secret ID must be a valid ULID"}`), problem.BadInput, problem.BadInput, problem.BadInput},
	"401":                    {saysJSON(401, `{"error":"invalid token"}`), problem.Unauthorized, problem.Unauthorized, problem.Unauthorized},
	"401 in plain text":      {says(401, "text/plain", "no"), problem.Unauthorized, problem.Unauthorized, problem.Unauthorized},
	"403":                    {saysJSON(403, `{"error":"forbidden"}`), problem.Unauthorized, problem.Unauthorized, problem.Unauthorized},
	"403 in HTML":            {saysPage(403), problem.Blocked, problem.Blocked, problem.Blocked},
	"403 for a rate":         {saysJSON(403, `{"error":"rate limit exceeded"}`), problem.RateLimited, problem.RateLimited, problem.RateLimited},
	"403 for a rate, a page": {says(403, "text/html", "<title>Access denied</title>error code: 1015"), problem.RateLimited, problem.RateLimited, problem.RateLimited},
	"404 of the vault":       {saysJSON(404, `{"error":"vault not found"}`), problem.VaultNotFound, problem.SecretNotFound, problem.VaultNotFound},
	"404 of the secret":      {secretNotFound, problem.SecretNotFound, problem.SecretNotFound, problem.SecretNotFound},
	"408":                    {saysJSON(408, `{"error":"slow"}`), problem.Timeout, problem.Timeout, problem.Timeout},
	"409":                    {saysJSON(409, `{"error":"conflict"}`), problem.UnexpectedAnswer, problem.UnexpectedAnswer, problem.UnexpectedAnswer},
	"429":                    {saysJSON(429, `{"error":"slow down"}`), problem.RateLimited, problem.RateLimited, problem.RateLimited},
	"500":                    {saysJSON(500, `{"error":"internal server error"}`), problem.ServerError, problem.ServerError, problem.UnknownState},
	"502 in HTML":            {saysPage(502), problem.ServerError, problem.UnknownState, problem.UnknownState},
	"503":                    {saysJSON(503, `{"error":"maintenance"}`), problem.ServerError, problem.ServerError, problem.UnknownState},
	"521 of Cloudflare":      {says(521, "text/plain", "error code: 521"), problem.ServerError, problem.UnknownState, problem.UnknownState},
	"200 in HTML":            {saysPage(200), problem.UnexpectedAnswer, problem.UnknownState, problem.UnknownState},
	"200, cut short":         {saysJSON(200, `{"id":"sec_01`), problem.UnexpectedAnswer, problem.UnknownState, problem.UnknownState},
	"200, a list":            {saysJSON(200, `[{"id":"`+tokenID+`"}]`), problem.UnexpectedAnswer, problem.UnknownState, problem.UnknownState},
	"200, nothing in it":     {saysJSON(200, `{}`), problem.UnexpectedAnswer, problem.UnknownState, problem.UnknownState},
	"200, an ID of dots":     {saysJSON(200, `{"id":"../.."}`), problem.UnexpectedAnswer, problem.UnknownState, problem.UnknownState},
	"200, no body":           {saysJSON(200, ``), problem.UnexpectedAnswer, problem.UnknownState, problem.UnknownState},
	"200, without end":       {saysJSON(200, `"`+strings.Repeat("x", 2<<20)), problem.UnexpectedAnswer, problem.UnknownState, problem.UnknownState},
	"202":                    {saysJSON(202, `{"id":"`+tokenID+`"}`), problem.UnexpectedAnswer, problem.UnknownState, problem.UnknownState},
	"a redirect":             {redirects, problem.UnexpectedAnswer, problem.UnknownState, problem.UnknownState},
	"a connection that ends": {resets, problem.Network, problem.UnknownState, problem.UnknownState},
}

// Whatever goes wrong at the server, a step says so in a code, tells what to do,
// and calls nothing a failure that may have been done.
func TestServerFailuresHaveTheirCodes(t *testing.T) {
	t.Parallel()
	for name, tt := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, "at the look", func(s *stage) {
				s.breakAt(false, tt.fault)
				got := s.step(checked)
				got.fails(s.t, tt.look)
				if tt.look != problem.SecretNotFound {
					got.names(s.t, "/api/public/v1/vaults/"+s.VaultID)
				}
				if len(got.requests) == 0 || slices.Contains(got.requests, rotate) {
					s.t.Errorf("requests %q", got.requests)
				}
			})
			inBubble(t, "at the write", func(s *stage) {
				s.breakAt(true, tt.fault)
				got := s.step(checked)
				got.fails(s.t, tt.write)
				got.names(s.t, "PATCH /api/public/v1/vaults/"+s.VaultID+"/secrets/"+tokenID)
				sent := slices.Compact(got.requests) // an attempt may be repeated, and looked into
				if len(sent) == 3 && sent[2] == look {
					sent = sent[:2]
				}
				same(s.t, "requests", []string{look, rotate}, sent)
			})
			inBubble(t, "at a write that nobody looked before", func(s *stage) {
				s.breakAt(true, tt.fault)
				got := s.step(rotation)
				got.fails(s.t, tt.write)
				got.names(s.t, "PATCH /api/public/v1/vaults/"+s.VaultID+"/secrets/"+tokenID)
				same(s.t, "requests", rotate, got.requests[0])
			})
			inBubble(t, "at all of it", func(s *stage) {
				s.Set(intercepting(func(*http.Request, string) bool { return true }, tt.fault))
				got := s.step(rotation)
				got.fails(s.t, tt.alone)
				if tt.alone != problem.SecretNotFound {
					got.names(s.t, "/api/public/v1/vaults/"+s.VaultID)
				}
				same(s.t, "requests", rotate, got.requests[0])
				same(s.t, "the vault", []string{asBefore}, s.stored())
			})
		})
	}
}

// fails checks that a step failed as its code says, and said what to do. What is
// not known is told apart from what was not done.
func (e ended) fails(t *testing.T, code problem.Code) {
	t.Helper()
	if code == problem.UnknownState {
		e.ends(t, report.ExitUnknown, "unknown", code)
	} else {
		e.ends(t, report.ExitFailed, "failed", code)
	}
	if !strings.Contains(e.log, "["+string(code)+"]") {
		t.Errorf("%s is not in the log: %s", code, e.log)
	}
	e.advises(t, code.Hint(), problem.HintRefused, problem.HintForbidden, problem.UnexpectedAnswer.Hint())
}

// names checks that the log names the request that failed, and the summary too, where
// that is of a failure.
func (e ended) names(t *testing.T, request string) {
	t.Helper()
	if e.outputs["error_code"] != string(problem.UnknownState) {
		e.says(t, request)
	} else if !strings.Contains(e.log, request) {
		t.Errorf("%q is not in the log: %s", request, e.log)
	}
}

// advises checks that both the log and the summary say what to do, and that it is one of
// these hints, if there are any.
func (e ended) advises(t *testing.T, hints ...string) {
	t.Helper()
	_, advice, _ := strings.Cut(plainly(e.summary), "**What to do:** ")
	advice, _, _ = strings.Cut(advice, "\n")
	if len(hints) > 0 && !slices.ContainsFunc(hints, func(hint string) bool { return hint != "" && hint == generally(advice) }) {
		t.Errorf("%q is what the summary says to do: %s", advice, e.summary)
	}
	if advice == "" || !strings.Contains(e.log, advice) {
		t.Errorf("%q is not in the log: %s", advice, e.log)
	}
}

// generally is a hint that names the API's host, as it is for any host.
func generally(hint string) string {
	return strings.NewReplacer("127.0.0.1", "the API's host", proxied, "the API's host").Replace(hint)
}

// A list that cannot be relied on is never taken for an empty vault, nor for a
// whole one: that would create what is there, or delete what is wanted.
func TestNothingIsPlannedFromAListThatCannotBeReliedOn(t *testing.T) {
	t.Parallel()
	row := `{"id":"` + tokenID + `","env_key":"TOKEN","allowed_domains":[]}`
	for _, answer := range []string{`null`, "[" + row + "," + strings.Replace(row, "TOKEN", "OLD_NAME", 1) + "]"} {
		s := newStage(t)
		s.breakAt(false, saysJSON(200, answer))
		one := s.step(inputs{"env_key": "NEW", "value": value, "allowed_domains": hosts})
		one.fails(t, problem.UnexpectedAnswer)
		same(t, "requests", []string{list}, one.requests)
		s = newStage(t)
		s.breakAt(false, saysJSON(200, answer))
		with := s.syncs("TOKEN: {allowed_domains: [api.example.com]}", "NEW: {env: A, any_domain: true}")
		with["env_json"], with["prune"], with["max_deletes"] = `{"A": "`+value+`"}`, "true", "9"
		many := s.step(with)
		many.fails(t, problem.UnexpectedAnswer)
		same(t, "requests", []string{list}, many.requests)
	}
}

// A write that was carried out and whose answer was lost is never called a
// failure, and is not done twice.
func TestAWriteWhoseAnswerIsLostIsNotDoneTwice(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		with   inputs
		stored []string
	}{
		"of a rotation": {rotation, []string{rotated}},
		"of a creation": {inputs{"env_key": "NEW", "value": value, "allowed_domains": hosts}, []string{asBefore, created}},
		"of a deletion": {inputs{"operation": "delete", "secret_id": tokenID}, []string{}},
	}
	for name, tt := range tests {
		inBubble(t, name, func(s *stage) {
			s.script("create:reset-after-commit", "update:reset-after-commit", "delete:reset-after-commit")
			got := s.step(tt.with)
			if result := got.outputs["result"]; result == "failed" || result == "unchanged" || got.code == report.ExitFailed {
				s.t.Errorf("exit code %d, result %s", got.code, result)
			}
			same(s.t, "the vault", tt.stored, s.stored())
		})
	}
}

// Where nothing listens, nothing can have been done: not even by a write.
func TestClosedPortIsAFailureEvenOfAWrite(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault string
		with  inputs
	}{
		"at the look":                          {"always*refuse", checked},
		"at the write":                         {"always*update:refuse", checked},
		"at a write that nobody looked before": {"always*refuse", rotation},
	} {
		inBubble(t, name, func(s *stage) {
			s.script(tt.fault)
			got := s.step(tt.with)
			got.fails(s.t, problem.Network)
			got.says(s.t, "connection refused")
		})
	}
}

func TestCancelledBeforeTheFirstRequestSendsNothing(t *testing.T) {
	t.Parallel()
	for _, with := range []inputs{rotation, checked} {
		s := newStage(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		got := s.stepIn(ctx, with)
		got.ends(t, report.ExitCancelled, "failed", problem.Cancelled)
		if len(got.requests) > 0 {
			t.Errorf("requests %q", got.requests)
		}
	}
}

// A long error is cut, and a cut through the value leaves no half of it behind.
func TestACutThroughTheValueLeavesNoHalfOfIt(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	half := value[:len(value)/2]
	s.hidden = append(s.hidden, half)
	for length := 300 - len(value); length <= 300-len(half); length++ {
		s.breakAt(true, saysJSON(400, `{"error":"`+strings.Repeat("x", length)+value+`"}`))
		s.step(rotation).says(t, "xxx")
	}
}
