package action

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
)

// proxied is a host that only the proxy can find: no name server knows .test
// (RFC 6761, section 6.2).
const proxied = "api.nairi.test"

// proxy is one that connects whatever it is asked for to one server, and keeps
// all that goes through it.
type proxy struct {
	target string
	mu     sync.Mutex
	asked  []string // as in "CONNECT host:port"
	heard  bytes.Buffer
}

// Write keeps what clients say.
func (p *proxy) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.heard.Write(b)
}

// connect answers a CONNECT and carries bytes until either side has no more.
func (p *proxy) connect(client net.Conn) {
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
	var carrying sync.WaitGroup
	defer carrying.Wait()
	carrying.Go(func() { _, _ = io.Copy(server, from); _ = server.Close() })
	_, _ = io.Copy(client, server)
	_ = client.Close()
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

// newProxiedStage is a stage whose server has a name that only a proxy can find, at
// the URL.
func newProxiedStage(t *testing.T) (s *stage, p *proxy, url string) {
	t.Helper()
	s = newStage(t)
	certificate := certificateFor(t, proxied)
	server := new(served).serve(s, func(server *httptest.Server) {
		server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
		server.StartTLS()
	})
	s.with["base_url"] = "https://" + proxied
	p = &proxy{target: server.Listener.Addr().String()}
	return s, p, "http://" + listen(t, p.connect)
}

func TestAProxyLearnsTheHostAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"HTTPS_PROXY", "https_proxy"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, p, url := newProxiedStage(t)
			s.env[name] = url
			s.with["ca_cert"] = file(t, s.with["ca_cert"])
			s.start(rotation).rotates()
			asked, heard := p.seen()
			same(t, "the proxy was asked for", []string{"CONNECT " + proxied + ":443"}, asked)
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
func TestAProxyToAnotherServerIsFoundOut(t *testing.T) {
	t.Parallel()
	s, _, url := newProxiedStage(t)
	s.env["HTTPS_PROXY"] = url
	s.with["base_url"] = "https://other.nairi.test"
	got := s.start(rotation).ends(report.ExitFailed, "failed", problem.TLS)
	if len(got.requests) > 0 {
		t.Errorf("requests %q", got.requests)
	}
}

func TestNoProxyIsAskedForHostsThatAreExempt(t *testing.T) {
	t.Parallel()
	for _, hosts := range []string{proxied, ".nairi.test", "*"} {
		t.Run(hosts, func(t *testing.T) {
			t.Parallel()
			s, p, url := newProxiedStage(t)
			s.env["HTTPS_PROXY"], s.env["NO_PROXY"] = url, hosts
			s.with["timeout"] = "1s"
			got := s.start(rotation).wait()
			asked, _ := p.seen()
			if got.code != report.ExitFailed || got.outputs["result"] != "failed" || len(asked)+len(got.requests) > 0 {
				t.Errorf("exit code %d, result %s; the proxy was asked for %q", got.code, got.outputs["result"], asked)
			}
		})
	}
}
