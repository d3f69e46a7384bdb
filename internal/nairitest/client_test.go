package nairitest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Well-formed IDs of nothing.
const (
	noVault  = "vlt_01KEQ6963XS96YDP3NF9NKB7QJ"
	noSecret = "sec_01KQ27AQH800XQTQPJZ0DH14SJ"
)

// noon is a time that is not at the start of a second.
var noon = time.Date(2026, 4, 25, 12, 0, 0, 400e6, time.UTC)

// bench is a started emulator and a client of it. Its clock stands at noon
// until a test moves it.
type bench struct {
	*nairitest.Server
	t        testing.TB
	now      time.Time // changed by at
	http     *http.Client
	inMemory bool // http is over Transport
}

func start(t testing.TB, o nairitest.Options) *bench {
	t.Helper()
	b := &bench{t: t, now: noon, http: &http.Client{Transport: &http.Transport{}}}
	if o.Now == nil {
		o.Now = func() time.Time { return b.now }
	}
	b.Server = nairitest.Start(t, o)
	t.Cleanup(b.http.CloseIdleConnections)
	return b
}

// at moves the clock to a time after noon.
func (b *bench) at(afterNoon time.Duration) {
	b.Set(func(*nairitest.Options) { b.now = noon.Add(afterNoon) })
}

// reply is what a client saw.
type reply struct {
	status int
	header http.Header
	body   string
}

func (b *bench) send(method, path, body string, header ...string) (reply, error) {
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.BaseURL+path, strings.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("Authorization", "Bearer "+b.Key)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Del(header[i])
		if header[i+1] != "" {
			req.Header.Set(header[i], header[i+1])
		}
	}
	resp, err := b.http.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	return reply{resp.StatusCode, resp.Header, string(text)}, err
}

// call is a request below /vaults that must be answered.
func (b *bench) call(method, path, body string, header ...string) reply {
	b.t.Helper()
	r, err := b.send(method, "/api/public/v1/vaults"+path, body, header...)
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

// object decodes the body, which must be a JSON object and be called so.
func (r reply) object(t testing.TB) map[string]any {
	t.Helper()
	var object map[string]any
	r.decode(t, &object)
	return object
}

func (r reply) decode(t testing.TB, into any) {
	t.Helper()
	if got := r.header.Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type = %q, want application/json", got)
	}
	if err := json.Unmarshal([]byte(r.body), into); err != nil {
		t.Fatalf("status %d with a body that does not decode: %v", r.status, err)
	}
}

// want checks the status and, unless it is "", the text of a JSON error.
func (r reply) want(t testing.TB, status int, text string) {
	t.Helper()
	if r.status != status {
		t.Fatalf("status = %d, want %d; body %q", r.status, status, r.body)
	}
	if text == "" {
		return
	}
	got := r.object(t)
	if len(got) != 1 || got["error"] != text {
		t.Errorf("body = %q, want the one error %q", r.body, text)
	}
}
