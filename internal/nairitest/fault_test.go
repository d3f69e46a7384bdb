package nairitest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

func TestLatencyHoldsTheAnswerNotTheChange(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{Latency: time.Hour})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for len(b.Secrets(b.VaultID)) == 0 {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	if a := b.try(ctx, "POST", "", `{"env_key":"A","value":"v"}`); !errors.Is(a.err, context.Canceled) {
		t.Errorf("%d, %v; want no answer until the client gave up", a.status, a.err)
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
	b := start(t, nairitest.Options{Intercept: hook, Script: nairitest.Script(t, "2*throttle")})
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
	defer func() {
		if got, _ := recover().(error); !errors.Is(got, http.ErrAbortHandler) {
			t.Errorf("recovered %v, want http.ErrAbortHandler", got)
		}
	}()
	createVault(strings.NewReader(`{"name":"n"}`), nairitest.Script(t, "reset-after-commit"))
}

func TestTruncatedBodyIsNotCarriedOut(t *testing.T) {
	t.Parallel()
	cut := io.MultiReader(strings.NewReader(`{"name":"n"}`), iotest.ErrReader(io.ErrUnexpectedEOF))
	createVault(cut, nil).want(t, 400, "invalid request body")
}

// createVault sends a request without a connection.
func createVault(body io.Reader, script []nairitest.Fault) reply {
	e := nairitest.New(nairitest.Options{Script: script})
	r := httptest.NewRequest(http.MethodPost, "/api/public/v1/vaults", body)
	r.Header.Set("Authorization", "Bearer "+e.Options().Key)
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	return reply{w.Code, w.Header(), w.Body.String()}
}

// A client asks for names beside another request: what is for any is for the other one.
func TestNamesMeetNoFaultThatIsNotForThem(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{})
	b.script("status=500", "names:status=503", "list:status=502")
	for _, want := range []int{503, 200, 200} {
		if got := b.call("GET", "", ""); got.status != want {
			t.Errorf("the names: %d, want %d", got.status, want)
		}
	}
	for _, want := range []int{500, 502, 200} {
		if got := b.call("GET", "/"+b.VaultID+"/secrets", ""); got.status != want {
			t.Errorf("the list: %d, want %d", got.status, want)
		}
	}
}
