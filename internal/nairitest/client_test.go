package nairitest_test

import (
	"fmt"
	"net/http"
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
	b.t.Helper()
	a := b.do(b.t.Context(), method, path, body, header...)
	return a.reply, a.err
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

// want checks the status and, unless it is "", the text of a JSON error.
func (r reply) want(t testing.TB, status int, text string) {
	t.Helper()
	if want := fmt.Sprintf("{\"error\":%q}\n", text); r.status != status || text != "" && r.body != want {
		t.Errorf("got %d %q, want %d and the error %q", r.status, r.body, status, text)
	}
}
