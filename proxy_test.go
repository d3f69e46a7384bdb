package main

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/report"
)

// proxied is a host that only the proxy can find: no name server knows .test
// (RFC 6761, section 6.2).
const proxied = "api.nairi.test"

// proxy is one that connects whatever it is asked for to one server, and keeps
// all that goes through it.
type proxy struct {
	listener net.Listener
	target   string
	mu       sync.Mutex
	asked    []string // as in "CONNECT host:port"
	heard    bytes.Buffer
	serving  sync.WaitGroup
}

func startProxy(t *testing.T, target string) *proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: listener, target: target}
	p.serving.Go(p.accept)
	t.Cleanup(func() { _ = listener.Close(); p.serving.Wait() })
	return p
}

func (p *proxy) url() string { return "http://" + p.listener.Addr().String() }

func (p *proxy) accept() {
	for {
		conn, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.serving.Go(func() { p.connect(conn) })
	}
}

// Write keeps what clients say.
func (p *proxy) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.heard.Write(b)
}

// connect answers a CONNECT and carries bytes until either side has no more.
func (p *proxy) connect(client net.Conn) {
	defer func() { _ = client.Close() }()
	from := bufio.NewReader(io.TeeReader(client, p))
	r, err := http.ReadRequest(from)
	if err != nil {
		return
	}
	p.mu.Lock()
	p.asked = append(p.asked, r.Method+" "+r.RequestURI)
	p.mu.Unlock()
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	_, _ = io.WriteString(client, "HTTP/1.1 200 Connection established\r\n\r\n")
	p.serving.Go(func() { _, _ = io.Copy(server, from); _ = server.Close() })
	_, _ = io.Copy(client, server)
}

// seen returns what the proxy was asked for and what else it could read.
func (p *proxy) seen() (asked []string, heard string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked, p.heard.String()
}

// certificateFor makes a certificate of one host that vouches for itself.
func certificateFor(t *testing.T, host string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{host}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// newProxiedStage is a stage whose server has a name that only a proxy can find.
func newProxiedStage(t *testing.T) (*stage, *proxy) {
	t.Helper()
	s := newStage(t)
	certificate := certificateFor(t, proxied)
	server := new(served).serve(s, func(server *httptest.Server) {
		server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
		server.StartTLS()
	})
	s.with["base_url"] = "https://" + proxied
	s.with["ca_cert"] = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]}))
	return s, startProxy(t, server.Listener.Addr().String())
}

// A proxy learns the host and nothing else.
func TestProxy(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"HTTPS_PROXY", "https_proxy"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, p := newProxiedStage(t)
			s.env[name] = p.url()
			s.with["ca_cert"] = file(t, s.with["ca_cert"])
			s.start(rotation).rotates()
			asked, heard := p.seen()
			if d := gocmp.Diff([]string{"CONNECT " + proxied + ":443"}, asked); d != "" {
				t.Error(d)
			}
			for i, hidden := range append(s.hidden, "Authorization", tokenID, s.VaultID) {
				if strings.Contains(heard, hidden) {
					t.Errorf("the proxy could read secret %d", i)
				}
			}
			if !strings.Contains(heard, proxied) {
				t.Error("the proxy's record holds nothing")
			}
		})
	}
}

// A certificate is that of the host asked for, whatever the proxy connects to.
func TestProxyToAnotherServer(t *testing.T) {
	t.Parallel()
	s, p := newProxiedStage(t)
	s.env["HTTPS_PROXY"] = p.url()
	s.with["base_url"] = "https://other.nairi.test"
	got := s.start(rotation).ends(report.ExitFailed, "failed", string(report.TLS))
	if len(got.requests) > 0 {
		t.Errorf("requests %q", got.requests)
	}
}

func TestNoProxy(t *testing.T) {
	t.Parallel()
	for _, hosts := range []string{proxied, ".nairi.test", "*"} {
		t.Run(hosts, func(t *testing.T) {
			t.Parallel()
			s, p := newProxiedStage(t)
			s.env["HTTPS_PROXY"], s.env["NO_PROXY"] = p.url(), hosts
			s.with["timeout"] = "1s"
			got := s.start(rotation).wait()
			asked, _ := p.seen()
			if got.code != report.ExitFailed || got.outputs["result"] != "failed" || len(asked)+len(got.requests) > 0 {
				t.Errorf("exit code %d, result %s; the proxy was asked for %q", got.code, got.outputs["result"], asked)
			}
		})
	}
}
