package action

import (
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
)

// rotation is the step of most tests of the network, and checked the one that
// compares the secret before it writes it.
var (
	rotation = inputs{"secret_id": tokenID, "value": value}
	checked  = inputs{"secret_id": tokenID, "env_key": "TOKEN", "value": value}
)

// rotates checks that a rotation of the stage's secret was done.
func (p *process) rotates() {
	p.t.Helper()
	got := p.ends(report.ExitDone, "updated", "")
	same(p.t, "requests", []string{rotate}, got.requests)
	same(p.t, "the vault", []string{rotated}, p.stored())
}

// newSecureStage is newStage with HTTPS, by an authority that nobody knows, and
// the authority's certificate.
func newSecureStage(t *testing.T) (s *stage, ca string) {
	t.Helper()
	s = newStage(t)
	s.Server = nairitest.StartTLS(t, s.Options())
	s.AddSecret(s.VaultID, token())
	s.with = inputs{"api_key": s.Key, "base_url": s.BaseURL, "vault_id": s.VaultID}
	return s, string(s.CA)
}

// file writes a file and returns its name.
func file(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// An authority that only the user knows is trusted where the user names it.
func TestAuthoritiesThatTheUserNamesAreTrusted(t *testing.T) {
	t.Parallel()
	trusts := map[string]func(s *stage, ca string){
		"as PEM":  func(s *stage, ca string) { s.with["ca_cert"] = ca },
		"as file": func(s *stage, ca string) { s.with["ca_cert"] = file(s.t, ca) },
	}
	if runtime.GOOS == "linux" { // where crypto/x509 reads it
		trusts["of the system"] = func(s *stage, ca string) { s.env["SSL_CERT_FILE"] = file(s.t, ca) }
		trusts["in a folder"] = func(s *stage, ca string) { s.env["SSL_CERT_DIR"] = filepath.Dir(file(s.t, ca)) }
		trusts["in a folder, and no bundle"] = func(s *stage, ca string) {
			s.env["SSL_CERT_DIR"], s.env["SSL_CERT_FILE"] = filepath.Dir(file(s.t, ca)), filepath.Join(s.t.TempDir(), "none")
		}
	}
	atOnce(t, trusts, func(t *testing.T, trust func(*stage, string)) {
		s, ca := newSecureStage(t)
		trust(s, ca)
		s.start(rotation).rotates()
	})
}

// A server whose certificate nobody vouches for gets no request, and is not asked
// again: its certificate will not be trusted a moment later.
func TestUnknownAuthorityGetsNoRequest(t *testing.T) {
	t.Parallel()
	_, other := newSecureStage(t)
	atOnce(t, map[string]string{"none is given": "", "another is given": other}, func(t *testing.T, ca string) {
		s, _ := newSecureStage(t)
		s.with["ca_cert"] = ca
		got := s.start(rotation).wait()
		got.fails(t, problem.TLS)
		if len(got.requests) > 0 || strings.Contains(got.log, again) {
			t.Errorf("requests %q: %s", got.requests, got.log)
		}
	})
}

// served is another server of a stage's emulator, which also counts.
type served struct{ connections, requests, major2 atomic.Int32 }

// serve moves the stage to the server.
func (n *served) serve(s *stage, start func(*httptest.Server)) *httptest.Server {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.requests.Add(1)
		if r.ProtoMajor == 2 {
			n.major2.Add(1)
		}
		s.ServeHTTP(w, r)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // handshakes are to fail
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			n.connections.Add(1)
		}
	}
	start(server)
	s.t.Cleanup(server.Close)
	s.with["base_url"] = server.URL
	if server.TLS != nil {
		s.with["ca_cert"] = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	}
	return server
}

// got checks how much came, all of it over one connection.
func (n *served) got(t *testing.T, requests, major2 int32) {
	t.Helper()
	same(t, "connections, requests, and those by HTTP/2", [3]int32{1, requests, major2},
		[3]int32{n.connections.Load(), n.requests.Load(), n.major2.Load()})
}

func startHTTP2(server *httptest.Server) { server.EnableHTTP2 = true; server.StartTLS() }

func TestRequestsOfAStepShareAConnectionInEitherVersionOfHTTP(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		start  func(*httptest.Server)
		major2 int32
	}{
		"HTTP/1.1":          {(*httptest.Server).Start, 0},
		"HTTP/1.1 over TLS": {(*httptest.Server).StartTLS, 0},
		"HTTP/2":            {startHTTP2, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, n := newStage(t), new(served)
			s.env["GITHUB_STEP_SUMMARY"] = "" // which would ask for the name of the vault at the same time
			n.serve(s, tt.start)
			s.start(checked).ends(report.ExitDone, "updated", "")
			n.got(t, 2, tt.major2)
		})
	}
}

// listen is a server that serves each connection as told, until the test ends.
func listen(t *testing.T, serve func(net.Conn)) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { defer func() { _ = conn.Close() }(); serve(conn) })
		}
	})
	t.Cleanup(func() { _ = listener.Close(); serving.Wait() })
	return listener.Addr().String()
}

// A server that does not come to its end is left at the deadline of the step,
// however long one request may take.
func TestAServerThatHangsIsLeftAtTheDeadline(t *testing.T) {
	t.Parallel()
	const timeout = 3 * time.Second
	for name, tt := range map[string]struct {
		with   inputs
		faults []string
		error  problem.Code
	}{
		"a look that drips":    {checked, []string{"always*look:drip=100ms"}, problem.Timeout},
		"a list that drips":    {checked, []string{"always*look:status=404", "always*list:drip=100ms"}, problem.Timeout},
		"a list, to find it":   {rotation, []string{"always*update:status=404", "always*list:drip=100ms"}, problem.Timeout},
		"an update that drips": {rotation, []string{"always*update:drip=100ms"}, problem.UnknownState},
		"all of it drips":      {checked, []string{"always*drip=20ms"}, problem.Timeout},
		"a look that hangs":    {checked, []string{"always*look:delay=1m"}, problem.Timeout},
		"an update that hangs": {rotation, []string{"always*update:delay-after-commit=1m"}, problem.UnknownState},
	} {
		for _, ofRequest := range []string{"1s", "1m"} {
			inBubble(t, name+", "+ofRequest+" a request", func(s *stage) {
				s.script(tt.faults...)
				s.with["timeout"], s.with["request_timeout"] = timeout.String(), ofRequest
				began := time.Now()
				s.step(tt.with).fails(s.t, tt.error)
				if took := time.Since(began); took > timeout {
					s.t.Errorf("it took %v, over %v", took, timeout)
				}
			})
		}
	}
}

// So is one that says nothing at all, not even in a handshake. What it was sent by
// then is a write that may be done.
func TestASilentServerIsLeftAtTheDeadline(t *testing.T) {
	t.Parallel()
	type silence struct {
		scheme string
		with   inputs
		code   int
		result string
		error  problem.Code
	}
	atOnce(t, map[string]silence{
		"a look":  {"http", checked, report.ExitFailed, "failed", problem.Timeout},
		"a write": {"http", rotation, report.ExitUnknown, "unknown", problem.UnknownState},
		"in TLS":  {"https", rotation, report.ExitFailed, "failed", problem.Timeout},
	}, func(t *testing.T, tt silence) {
		s := newStage(t)
		silent := listen(t, func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) })
		s.with["base_url"], s.with["timeout"] = tt.scheme+"://"+silent, "1s"
		s.start(tt.with).ends(tt.code, tt.result, tt.error)
	})
}

// What the other steps of the job trust is trusted, and a line says so.
func TestAuthoritiesThatTheOtherStepsTrustAreTrusted(t *testing.T) {
	t.Parallel()
	s, ca := newSecureStage(t)
	s.env["NODE_EXTRA_CA_CERTS"] = file(t, ca)
	got := s.start(rotation).ends(report.ExitDone, "updated", "")
	const line = "The certificates in the file of NODE_EXTRA_CA_CERTS are trusted too."
	if !strings.Contains(got.log, line) {
		t.Errorf("%q is not in the log: %s", line, got.log)
	}
}
