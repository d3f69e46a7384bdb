package network_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/network"
)

func TestRetryAfterIsSecondsOrADate(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 4, 25, 11, 45, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"7":          7 * time.Second,
		"0":          0,
		"2147483647": 2147483647 * time.Second,
		"2147483648": 2147483647 * time.Second,

		"99999999999999999999": 2147483647 * time.Second, // more than 64 bits hold

		"Sat, 25 Apr 2026 11:45:09 GMT":    9 * time.Second,
		"Saturday, 25-Apr-26 11:45:09 GMT": 9 * time.Second,
		"Sat Apr 25 11:45:09 2026":         9 * time.Second,
		"Sat, 25 Apr 2026 11:44:59 GMT":    0, // it is over
	} {
		if got, ok := network.RetryAfter(http.Header{"Retry-After": {text}}, now); !ok || got != want {
			t.Errorf("%q: %s, %v; want %s", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "-7", "+7", "1.5", "7s", " 7 seconds", "soon", "2026-04-25T11:45:09Z"} {
		if got, ok := network.RetryAfter(http.Header{"Retry-After": {text}}, now); ok || got != 0 {
			t.Errorf("%q: %s, %v; want none", text, got, ok)
		}
	}
}

// A runner's clock may be wrong; how long the server wants to be left alone is
// the time between two times of its own.
func TestRetryAfterGoesByTheServersClock(t *testing.T) {
	t.Parallel()
	server := time.Date(2026, 4, 25, 11, 45, 0, 0, time.UTC)
	for _, off := range []time.Duration{0, 10 * time.Minute, -10 * time.Minute} {
		header := http.Header{
			"Date":        {server.Format(http.TimeFormat)},
			"Retry-After": {server.Add(30 * time.Second).Format(http.TimeFormat)},
		}
		if got, ok := network.RetryAfter(header, server.Add(off)); !ok || got != 30*time.Second {
			t.Errorf("%s off: %s, %v; want 30s", off, got, ok)
		}
	}
}
