package nairitest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

func TestBlockedIsNotTheAPI(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{Blocked: 1})
	r := b.call("POST", "", `{"name":"n"}`)
	if r.status != 403 || !strings.Contains(r.body, "<html>") || !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") {
		t.Errorf("got %d %q as %q, want an HTML page", r.status, r.body, r.header.Get("Content-Type"))
	}
	b.call("POST", "", `{"name":"n"}`).want(t, 201, "")
}

func TestThrottled(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{Throttled: 2, RetryAfter: "7"})
	r := b.call("GET", "", "")
	r.want(t, 429, "rate limit exceeded")
	if got := r.header.Get("Retry-After"); got != "7" {
		t.Errorf("Retry-After = %q, want 7", got)
	}
	b.Set(func(o *nairitest.Options) { o.RetryAfter = "" })
	r = b.call("GET", "", "")
	r.want(t, 429, "rate limit exceeded")
	if _, there := r.header["Retry-After"]; there {
		t.Error("Retry-After sent without a value")
	}
	b.call("GET", "", "").want(t, 200, "")
}

func TestFailing(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{Failing: 2})
	path, body := "/"+b.VaultID+"/secrets", `{"env_key":"A","value":"v"}`
	b.call("POST", path, body).want(t, 500, "internal server error")
	b.Set(func(o *nairitest.Options) { o.FailStatus = 503 })
	b.call("POST", path, body).want(t, 503, "internal server error")
	if got := len(b.Secrets(b.VaultID)); got != 0 {
		t.Errorf("%d secrets after failures, want none", got)
	}
	b.call("POST", path, body).want(t, 201, "")

	b.Set(func(o *nairitest.Options) { o.Failing = nairitest.Always })
	for range 5 {
		b.call("GET", path, "").want(t, 503, "internal server error")
	}
	b.Set(func(o *nairitest.Options) { o.Failing = 0 })
	b.call("GET", path, "").want(t, 200, "")
}

func TestLostReplyIsOfAChange(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{LostReplies: 1})
	path := "/" + b.VaultID + "/secrets"
	id := b.AddSecret(b.VaultID, nairitest.Stored{EnvKey: "OLD", Value: "v"})
	b.call("GET", path, "").want(t, 200, "")
	b.call("PATCH", path+"/"+id, `{}`).want(t, 200, "")
	b.call("POST", path, `{`).want(t, 400, "invalid request body")

	_, err := b.send("POST", "/api/public/v1/vaults"+path, `{"env_key":"NEW","value":"v"}`)
	// Windows has another error for it.
	if err == nil || runtime.GOOS != "windows" && !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("err = %v, want a connection that was reset", err)
	}
	if got := b.Secrets(b.VaultID); len(got) != 2 {
		t.Errorf("%d secrets, want the new one too", len(got))
	}
	requests := b.Requests()
	if got := requests[len(requests)-1].Status; got != 0 {
		t.Errorf("recorded status = %d, want 0", got)
	}
	b.call("GET", path, "").want(t, 200, "")
}

func TestLatencyHoldsTheAnswerNotTheChange(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{Latency: time.Hour})
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.BaseURL+"/api/public/v1/vaults/"+b.VaultID+"/secrets", strings.NewReader(`{"env_key":"A","value":"v"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+b.Key)
	done := make(chan error, 1)
	go func() {
		resp, err := b.http.Do(req)
		if err == nil {
			_ = resp.Body.Close()
		}
		done <- err
	}()
	for len(b.Secrets(b.VaultID)) == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v, want no answer until the client gave up", err)
	}
	b.Set(func(o *nairitest.Options) { o.Latency = time.Millisecond })
	b.call("GET", "", "").want(t, 200, "")
}

func TestInterceptSeesEverythingFirst(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	hook := func(w http.ResponseWriter, r *http.Request) bool {
		calls.Add(1)
		body, _ := io.ReadAll(r.Body)
		if string(body) != `{"name":"hostile"}` {
			return false
		}
		w.Header().Set("Location", "https://elsewhere.example/")
		w.WriteHeader(http.StatusFound)
		return true
	}
	b := start(t, nairitest.Options{Intercept: hook, Throttled: 1})
	b.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	r := b.call("POST", "", `{"name":"hostile"}`, "Authorization", "")
	if r.status != 302 || r.header.Get("Location") == "" || r.header.Get("Date") != noon.Format(http.TimeFormat) {
		t.Errorf("got %d %v, want the hook's answer with the emulator's Date", r.status, r.header)
	}
	b.call("POST", "", `{"name":"good"}`).want(t, 429, "rate limit exceeded")
	b.call("POST", "", `{"name":"good"}`).want(t, 201, "")
	if got := calls.Load(); got != 3 {
		t.Errorf("%d calls of the hook, want 3", got)
	}
	if got := b.Requests()[0]; got.Status != 302 || string(got.Body) != `{"name":"hostile"}` {
		t.Errorf("recorded %d with body %q", got.Status, got.Body)
	}
}

func TestInterceptMayMoveTheClockAndSpeakTwice(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{})
	b.Set(func(o *nairitest.Options) {
		o.Intercept = func(w http.ResponseWriter, _ *http.Request) bool {
			b.at(time.Hour)
			w.WriteHeader(http.StatusEarlyHints)
			return false
		}
	})
	r := b.call("GET", "", "")
	r.want(t, http.StatusOK, "")
	if got, want := r.header.Get("Date"), noon.Add(time.Hour).Format(http.TimeFormat); got != want {
		t.Errorf("Date = %q, want %q", got, want)
	}
	if got := b.Requests()[0].Status; got != http.StatusOK {
		t.Errorf("recorded status = %d, want the final one", got)
	}
}

func TestInterceptMayHijack(t *testing.T) {
	t.Parallel()
	hook := func(w http.ResponseWriter, _ *http.Request) bool {
		conn, out, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return false
		}
		_, _ = fmt.Fprint(out, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[]")
		_ = out.Flush()
		_ = conn.Close()
		return true
	}
	b := start(t, nairitest.Options{Intercept: hook})
	if r, err := b.send("GET", "/api/public/v1/vaults", ""); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v, %v, want a cut answer", r, err)
	}
}

// TestAbortWithoutAConnection is the way of HTTP/2, which has none to reset.
func TestAbortWithoutAConnection(t *testing.T) {
	t.Parallel()
	e := nairitest.New(nairitest.Options{LostReplies: 1})
	r := httptest.NewRequest(http.MethodPost, "/api/public/v1/vaults", strings.NewReader(`{"name":"n"}`))
	r.Header.Set("Authorization", "Bearer "+e.Options().Key)
	defer func() {
		if got, _ := recover().(error); !errors.Is(got, http.ErrAbortHandler) {
			t.Errorf("recovered %v, want http.ErrAbortHandler", got)
		}
	}()
	e.ServeHTTP(httptest.NewRecorder(), r)
}

func TestTruncatedBodyIsNotCarriedOut(t *testing.T) {
	t.Parallel()
	e := nairitest.New(nairitest.Options{})
	cut := io.MultiReader(strings.NewReader(`{"name":"n"}`), failingReader{})
	r := httptest.NewRequest(http.MethodPost, "/api/public/v1/vaults", cut)
	r.Header.Set("Authorization", "Bearer "+e.Options().Key)
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	reply{w.Code, w.Header(), w.Body.String()}.want(t, 400, "invalid request body")
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
