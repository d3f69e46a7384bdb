package nairitest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

const onWindows = runtime.GOOS == "windows"

func TestEveryEffect(t *testing.T) {
	const value = `{"env_key":"A","value":"v"}`
	type outcome func(b *bench, a attempt) bool
	answered := func(status int, contentType, text string) outcome {
		return func(_ *bench, a attempt) bool {
			return a.err == nil && a.status == status && a.header.Get("Content-Type") == contentType && strings.Contains(a.body, text)
		}
	}
	reset := func(_ *bench, a attempt) bool { return a.broken() && a.connected }
	const jsonType, pageType = "application/json", "text/html; charset=UTF-8"
	tests := []struct {
		fault     string
		committed int // secrets after a create
		want      outcome
	}{
		{"refuse", 0, func(b *bench, a attempt) bool {
			var op *net.OpError
			if !b.inMemory {
				return a.broken()
			}
			return errors.Is(a.err, syscall.ECONNREFUSED) && errors.As(a.err, &op) && op.Op == "dial" && !a.connected
		}},
		{"reset-before-body", 0, func(b *bench, a attempt) bool { return reset(b, a) && len(b.Requests()[0].Body) == 0 }},
		{"reset-after-body", 0, func(b *bench, a attempt) bool { return reset(b, a) && string(b.Requests()[0].Body) == value }},
		{"reset-after-commit", 1, reset},
		{"delay=1ms", 1, answered(201, jsonType, `"env_key":"A"`)},
		{"delay-after-commit=1ms", 1, answered(201, jsonType, `"env_key":"A"`)},
		{"status=503", 0, answered(503, jsonType, `{"error":"service unavailable"}`)},
		{"status-after-commit=504", 1, answered(504, jsonType, `{"error":"gateway timeout"}`)},
		{"html", 0, answered(200, pageType, "<html>")},
		{"html=502", 0, answered(502, pageType, "<html>")},
		{"html-after-commit=502", 1, answered(502, pageType, "<html>")},
		{"throttle", 0, func(b *bench, a attempt) bool {
			return answered(429, jsonType, "rate limit exceeded")(b, a) && a.header.Values("Retry-After") == nil
		}},
		{"redirect=307", 0, func(b *bench, a attempt) bool {
			return a.status == 307 && a.header.Get("Location") == "/moved"+b.secrets()
		}},
		{"content-type", 1, answered(201, "text/html", `"env_key":"A"`)},
		{"content-type=text/plain", 1, answered(201, "text/plain", `"env_key":"A"`)},
		{"truncate", 1, func(_ *bench, a attempt) bool {
			return errors.Is(a.err, io.ErrUnexpectedEOF) && a.status == 201 && strings.HasPrefix(a.body, `{"id":"sec_`)
		}},
		{"endless", 1, func(_ *bench, a attempt) bool {
			return a.err == nil && a.status == 201 && len(a.body) == 1<<20 && strings.HasSuffix(strings.TrimRight(a.body, " "), "}\n")
		}},
		{"endless=100000", 1, func(_ *bench, a attempt) bool {
			return a.err == nil && strings.Count(a.body, " ") == 100000
		}},
		{"drip=1us", 1, answered(201, jsonType, `"env_key":"A"`)},
		{"race=create,B", 2, answered(201, jsonType, `"env_key":"A"`)},
		{"race-after-commit=duplicate", 2, answered(201, jsonType, `"env_key":"A"`)},
		{"content-type=a/b truncate", 1, func(_ *bench, a attempt) bool {
			return errors.Is(a.err, io.ErrUnexpectedEOF) && a.header.Get("Content-Type") == "a/b"
		}},
	}
	tested := map[string]bool{}
	for _, test := range tests {
		name, _, _ := strings.Cut(test.fault, "=")
		tested[name] = true
	}
	for _, name := range nairitest.FaultNames() {
		if !tested[name] {
			t.Errorf("%s is not tested", name)
		}
	}
	everywhere(t, func(t *testing.T, b *bench) {
		for _, test := range tests {
			t.Run(test.fault, func(t *testing.T) {
				b := b.again(t)
				b.script("create:" + test.fault)
				a := b.try(t.Context(), "POST", "", value)
				if !test.want(b, a) {
					t.Errorf("got %d %v with %d bytes, %v; connected: %v", a.status, a.header, len(a.body), a.err, a.connected)
				}
				if got := len(b.Secrets(b.VaultID)); got != test.committed {
					t.Errorf("%d secrets, want %d", got, test.committed)
				}
				if got := b.try(t.Context(), "GET", "", ""); got.err != nil || got.status != 200 {
					t.Errorf("the next request: %d, %v", got.status, got.err)
				}
			})
		}
	})
}

// TestAnswersWithoutABodyGetOne: a 204 can be neither cut nor stretched.
func TestAnswersWithoutABodyGetOne(t *testing.T) {
	everywhere(t, func(t *testing.T, b *bench) {
		for fault, want := range map[string]string{"truncate": "{", "endless=3": "{}\n   ", "drip=1us": "{}\n"} {
			id := b.AddSecret(b.VaultID, nairitest.Stored{EnvKey: "A", Value: "v"})
			b.script(fault)
			a := b.try(t.Context(), "DELETE", "/"+id, "")
			if a.status != 200 || a.body != want || (a.err != nil) != (fault == "truncate") {
				t.Errorf("%s: %d %q, %v; want %q", fault, a.status, a.body, a.err, want)
			}
			if got := len(b.Secrets(b.VaultID)); got != 0 {
				t.Errorf("%s: %d secrets, want none", fault, got)
			}
		}
	})
}

func TestRetryAfterForms(t *testing.T) {
	everywhere(t, func(t *testing.T, b *bench) {
		for argument, want := range map[string]string{
			"none":              "",
			"seconds":           "1",
			"seconds,90s":       "90",
			"imf-fixdate,30s":   "Sat, 25 Apr 2026 12:00:30 GMT",
			"rfc850,30s":        "Saturday, 25-Apr-26 12:00:30 GMT",
			"asctime,30s":       "Sat Apr 25 12:00:30 2026",
			"imf-fixdate,-1h":   "Sat, 25 Apr 2026 11:00:00 GMT",
			"seconds,-5s":       "-5",
			"garbage":           "in a while",
			"huge":              "99999999999999999999",
			"asctime,23h59m30s": "Sun Apr 26 11:59:30 2026",
		} {
			b.script("throttle=" + argument)
			a := b.try(t.Context(), "GET", "", "")
			if got := a.header.Get("Retry-After"); a.status != 429 || got != want {
				t.Errorf("%s: %d with %q, want 429 with %q", argument, a.status, got, want)
			}
			form, _, _ := strings.Cut(argument, ",")
			if _, err := http.ParseTime(want); (err == nil) != (form == "imf-fixdate" || form == "rfc850" || form == "asctime") {
				t.Errorf("%s: net/http reads a time: %v", argument, err)
			}
		}
	})
}

func TestRedirects(t *testing.T) {
	everywhere(t, func(t *testing.T, b *bench) {
		_, host, _ := strings.Cut(b.BaseURL, "://")
		for _, status := range []int{301, 302, 303, 307, 308} {
			for target, want := range map[string]string{
				"":                            "/moved" + b.secrets(),
				",same":                       "/moved" + b.secrets(),
				",downgrade":                  "http://" + host + b.secrets(),
				",https://other.example/a?b#": "https://other.example/a?b#",
			} {
				b.script(fmt.Sprintf("redirect=%d%s", status, target))
				a := b.try(t.Context(), "POST", "", `{"env_key":"A","value":"v"}`)
				if got := a.header.Get("Location"); a.status != status || got != want {
					t.Errorf("%d%s: %d to %q, want %q", status, target, a.status, got, want)
				}
			}
		}
		if got := len(b.Secrets(b.VaultID)); got != 0 {
			t.Errorf("%d secrets, want none", got)
		}
	})
}

// TestClientThatGoesAway ends what would take hours, and learns nothing.
func TestClientThatGoesAway(t *testing.T) {
	everywhere(t, func(t *testing.T, b *bench) {
		for fault, committed := range map[string]int{"delay=1h": 0, "delay-after-commit=1h": 1, "drip=1h": 1, "endless": 1} {
			b := b.again(t)
			b.script(fault)
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				for len(b.Requests()) == 0 || len(b.Requests()[0].Body) == 0 || len(b.Secrets(b.VaultID)) < committed {
					time.Sleep(time.Millisecond)
				}
				cancel()
			}()
			a := b.try(ctx, "POST", "", `{"env_key":"A","value":"v"}`)
			if fault != "endless" && !errors.Is(a.err, context.Canceled) {
				t.Errorf("%s: %d, %v; want to be cancelled", fault, a.status, a.err)
			}
			cancel()
			if got := len(b.Secrets(b.VaultID)); got != committed {
				t.Errorf("%s: %d secrets, want %d", fault, got, committed)
			}
		}
	})
}

func TestServerThatGoesAway(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{Script: nairitest.Script(t, "delay=1h")})
	go func() {
		for len(b.Requests()) == 0 || len(b.Requests()[0].Body) == 0 {
			time.Sleep(time.Millisecond)
		}
		b.Close()
	}()
	a := b.try(t.Context(), "POST", "", `{"env_key":"A","value":"v"}`)
	if a.err == nil || len(b.Secrets(b.VaultID)) != 0 {
		t.Errorf("got %d, %v and %d secrets; want neither answer nor secret", a.status, a.err, len(b.Secrets(b.VaultID)))
	}
}
