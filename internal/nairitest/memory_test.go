package nairitest_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// inBubble is a bench without a listener, in a time of its own that begins at
// midnight of 2000.
func inBubble(t *testing.T, test func(t *testing.T, b *bench)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := nairitest.New(nairitest.Options{})
		s := &nairitest.Server{Emulator: e, BaseURL: "https://nairi.example", Key: e.Options().Key, VaultID: e.AddVault("v")}
		test(t, &bench{Server: s, t: t, http: &http.Client{Transport: e.Transport()}, inMemory: true})
	})
}

// TestBubbleDrivesWhatTakesTime sees hours pass exactly, and by the end of the
// bubble that nothing is left running.
func TestBubbleDrivesWhatTakesTime(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		for fault, want := range map[string]time.Duration{
			"delay=1h":              time.Hour,
			"delay-after-commit=3h": 3 * time.Hour,
			"delay=1m delay=1s delay-after-commit=1ms": time.Minute + time.Second + time.Millisecond,
			"drip=1s":  2 * time.Second, // [, ] and a line end
			"truncate": 0,
		} {
			b.script(fault)
			begun := time.Now()
			a := b.try(t.Context(), "GET", "", "")
			if took := time.Since(begun); took != want || a.status != 200 {
				t.Errorf("%s: %d after %v, want 200 after %v", fault, a.status, took, want)
			}
		}
	})
}

func TestBubbleTimesOut(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		for _, fault := range []string{"delay=2h", "delay-after-commit=2h", "drip=2h", "endless"} {
			b.script(fault)
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			begun := time.Now()
			req, _ := http.NewRequestWithContext(ctx, http.MethodGet, b.BaseURL+b.secrets(), nil)
			resp, err := b.http.Do(req)
			if err == nil {
				if fault == "endless" {
					time.Sleep(2 * time.Hour) // a client that does not read
				}
				_, err = io.ReadAll(resp.Body)
				_ = resp.Body.Close()
			}
			if took := time.Since(begun); !errors.Is(err, context.DeadlineExceeded) || took < time.Hour || took > 2*time.Hour {
				t.Errorf("%s: %v after %v, want the deadline", fault, err, took)
			}
			cancel()
		}
	})
}

// TestBubbleSurvivesEarlyAnswers has more body than a connection takes at once.
func TestBubbleSurvivesEarlyAnswers(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		body := `{"env_key":"A","value":"` + strings.Repeat("v", 900<<10) + `"}`
		for _, fault := range []string{"refuse", "reset-before-body", "reset-after-body"} {
			b.script(fault)
			if a := b.try(t.Context(), "POST", "", body); a.err == nil {
				t.Errorf("%s: answered with %d", fault, a.status)
			}
		}
		if a := b.try(t.Context(), "POST", "", body); a.err != nil || a.status != 201 {
			t.Errorf("without a fault: %d, %v", a.status, a.err)
		}
		// Over the limit: the answer comes while the body is still on its way.
		if a := b.try(t.Context(), "POST", "", body+strings.Repeat(" ", 4<<20)); a.err == nil && a.status != 400 {
			t.Errorf("too large a body: %d", a.status)
		}
	})
}

func TestRefusedConnectionIsNoRequest(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.script("2*refuse")
		for range 2 {
			a := b.try(t.Context(), "GET", "", "")
			var op *net.OpError
			if !errors.As(a.err, &op) || op.Op != "dial" || op.Addr.String() != "nairi.example:443" || a.connected {
				t.Errorf("%v, connected: %v; want a refused connection to nairi.example:443", a.err, a.connected)
			}
		}
		if got := len(b.Requests()); got != 0 {
			t.Errorf("%d requests recorded, want none", got)
		}
	})
}

// TestFaultStaysWithItsRequest sends many at once, each of which wants its own.
func TestFaultStaysWithItsRequest(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		statuses := map[string]int{"GET": 501, "PATCH": 502, "DELETE": 503, "PUT": 504}
		for range 20 {
			var group sync.WaitGroup
			b.script("GET:status=501", "PATCH:status=502", "DELETE:status=503", "PUT:status=504")
			for method, status := range statuses {
				group.Go(func() {
					if a := b.try(t.Context(), method, "", ""); a.err != nil || a.status != status {
						t.Errorf("%s: %d, %v; want %d", method, a.status, a.err, status)
					}
				})
			}
			group.Wait()
		}
	})
}
