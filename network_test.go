package main

import (
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/report"
)

// rotation is the step of most tests of the network.
var rotation = inputs{"secret_id": tokenID, "value": value}

// rotates checks that a rotation of the stage's secret was done.
func (p *process) rotates() {
	p.t.Helper()
	got := p.ends(report.ExitDone, "updated", "")
	if d := gocmp.Diff([]string{look, rotate}, got.requests); d != "" {
		p.t.Error(d)
	}
	if d := gocmp.Diff([]string{rotated}, p.stored()); d != "" {
		p.t.Error(d)
	}
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

func TestPrivateAuthority(t *testing.T) {
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

// A certificate that is not trusted will not be so a moment later.
func TestUnknownAuthority(t *testing.T) {
	t.Parallel()
	_, other := newSecureStage(t)
	atOnce(t, map[string]inputs{"none is given": {}, "another is given": {"ca_cert": other}}, func(t *testing.T, also inputs) {
		s, _ := newSecureStage(t)
		for name, text := range also {
			s.with[name] = text
		}
		got := s.start(rotation).ends(report.ExitFailed, "failed", string(report.TLS))
		if len(got.requests) > 0 || strings.Contains(got.log, again) {
			t.Errorf("requests %q: %s", got.requests, got.log)
		}
	})
}

// served moves a stage to another server of its emulator, which also counts.
type served struct{ connections, requests, major2 atomic.Int32 }

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

// Both requests of a step go over one connection, by either version of HTTP.
func TestVersionsOfHTTP(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		start  func(*httptest.Server)
		major2 int32
	}{
		"HTTP/1.1":          {(*httptest.Server).Start, 0},
		"HTTP/1.1 over TLS": {(*httptest.Server).StartTLS, 0},
		"HTTP/2":            {func(server *httptest.Server) { server.EnableHTTP2 = true; server.StartTLS() }, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, n := newStage(t), new(served)
			n.serve(s, tt.start)
			s.start(rotation).rotates()
			if n.connections.Load() != 1 || n.requests.Load() != 2 || n.major2.Load() != tt.major2 {
				t.Errorf("%d connections, %d requests, %d of them by HTTP/2", n.connections.Load(), n.requests.Load(), n.major2.Load())
			}
		})
	}
}

// silence is a server that accepts connections and says nothing.
func silence(t *testing.T) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			defer func() { _ = conn.Close() }()
			go func() { _, _ = io.Copy(io.Discard, conn) }()
		}
	}()
	t.Cleanup(func() { _ = listener.Close(); <-ended })
	return listener.Addr().String()
}

// A server that does not come to its end is left at the deadline of the step.
func TestDeadline(t *testing.T) {
	t.Parallel()
	const timeout = 3 * time.Second
	type slow struct {
		faults []string
		scheme string // of a server that is silent; "" for the emulator
		code   int
		result string
		error  report.Code
	}
	tests := map[string]slow{
		"a look that drips":    {[]string{"always*look:drip=100ms"}, "", report.ExitFailed, "failed", report.Timeout},
		"a list that drips":    {[]string{"always*look:status=404", "always*list:drip=100ms"}, "", report.ExitFailed, "failed", report.Timeout},
		"an update that drips": {[]string{"always*update:drip=100ms"}, "", report.ExitUnknown, "unknown", report.UnknownState},
		"all of it drips":      {[]string{"always*drip=20ms"}, "", report.ExitFailed, "failed", report.Timeout},
		"a look that hangs":    {[]string{"always*look:delay=1m"}, "", report.ExitFailed, "failed", report.Timeout},
		"an update that hangs": {[]string{"always*update:delay-after-commit=1m"}, "", report.ExitUnknown, "unknown", report.UnknownState},
		"a silent server":      {nil, "http", report.ExitFailed, "failed", report.Timeout},
		"a silent TLS server":  {nil, "https", report.ExitFailed, "failed", report.Timeout},
	}
	for name, tt := range tests {
		for _, ofRequest := range []time.Duration{time.Second, time.Minute} {
			tests[fmt.Sprintf("%s, %v a request", name, ofRequest)] = tt
		}
		delete(tests, name)
	}
	atOnce(t, tests, func(t *testing.T, tt slow) {
		s := newStage(t)
		s.Set(func(o *nairitest.Options) { o.Script = nairitest.Script(t, tt.faults...) })
		if tt.scheme != "" {
			s.with["base_url"] = tt.scheme + "://" + silence(t)
		}
		s.with["timeout"] = timeout.String()
		if strings.Contains(t.Name(), "1s_a_request") {
			s.with["request_timeout"] = "1s"
		}
		p, began := s.start(rotation), time.Now()
		p.ends(tt.code, tt.result, string(tt.error))
		if took := time.Since(began); took > timeout+time.Second {
			t.Errorf("it took %v, over a second more than %v", took, timeout)
		}
	})
}
