package action

import (
	"bufio"
	"bytes"
	"cmp"
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
	"sync/atomic"
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
	mu     sync.Mutex        // of all below
	others map[string]string // servers in the target's place, by what is asked for
	asked  []string          // as in "CONNECT host:port"
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
	target := cmp.Or(p.others[r.RequestURI], p.target)
	p.mu.Unlock()
	server, err := net.Dial("tcp", target)
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
	return certificateValid(t, host, time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
}

// certificateValid is certificateFor with a time of its own.
func certificateValid(t *testing.T, host string, from, until time.Time) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{host}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: from, NotAfter: until, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
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

// refuses answers every CONNECT in the same way, and counts them.
func refuses(answer string, asked *atomic.Int32) func(net.Conn) {
	return func(client net.Conn) {
		if _, err := http.ReadRequest(bufio.NewReader(client)); err == nil {
			asked.Add(1)
			_, _ = io.WriteString(client, answer)
		}
	}
}

// What a proxy refuses is the proxy's: one attempt where another would be refused
// as well, and words about the proxy.
func TestWhatTheProxyRefusesIsTold(t *testing.T) {
	t.Parallel()
	const ends = "Content-Length: 0\r\nConnection: close\r\n\r\n"
	for name, tt := range map[string]struct {
		answer, user string
		code         problem.Code
		attempts     int32
		says         string
		hint         string
	}{
		"no user name": {
			"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=zq7\r\n" + ends, "",
			problem.Blocked, 1, "The proxy asks for a user name and a password.", problem.HintCredentials,
		},
		"a wrong password": {
			"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n" + ends, "user:zq7stray@",
			problem.Blocked, 1, "The proxy does not accept the user name and password in its address.", problem.HintCredentials,
		},
		"another scheme": {
			"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n" + ends, "",
			problem.Blocked, 1, "a password, by Negotiate or NTLM, and only Basic is supported here.", problem.HintCredentials,
		},
		"a host that is not allowed": {
			"HTTP/1.1 403 Forbidden\r\n" + ends, "",
			problem.Blocked, 1, "The proxy refuses to connect to the server.", problem.HintProxy,
		},
		"no way to the server": {
			"HTTP/1.1 502 Bad Gateway\r\n" + ends, "",
			problem.Network, 6, "The proxy has no connection to the server, in 6 attempts.", problem.HintProxy,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.hidden = append(s.hidden, "zq7stray")
			s.with["base_url"] = "https://" + proxied
			var asked atomic.Int32
			address := listen(t, refuses(tt.answer, &asked))
			s.env["HTTPS_PROXY"] = "http://" + tt.user + address
			got := s.start(rotation).ends(report.ExitFailed, "failed", tt.code)
			got.says(t, tt.says)
			got.advises(t, tt.hint)
			if asked.Load() != tt.attempts {
				t.Errorf("the proxy was asked %d times, want %d", asked.Load(), tt.attempts)
			}
			if !strings.Contains(got.log, "Requests go through the proxy http://"+address+" (HTTPS_PROXY).") {
				t.Errorf("the proxy is not named: %s", got.log)
			}
		})
	}
}

// A proxy that cannot be used is never gone around.
func TestAProxyThatCannotBeUsedSendsNothing(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"http://user:zq7%stray@proxy:3128", "http://proxy:3128\n", "http://:3128", "none"} {
		for _, variable := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"} {
			s := newStage(t)
			s.hidden = append(s.hidden, "zq7%stray")
			s.env[variable] = text
			got := s.step(rotation)
			got.ends(t, report.ExitBadInput, "failed", problem.BadInput)
			got.says(t, variable)
			if len(got.requests) > 0 {
				t.Errorf("%s=%q: requests %q", variable, text, got.requests)
			}
		}
	}
}

// A certificate whose time is over points at the clock, on either side.
func TestAnExpiredCertificatePointsAtTheClock(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	certificate := certificateValid(t, "127.0.0.1", time.Now().Add(-48*time.Hour), time.Now().Add(-24*time.Hour))
	new(served).serve(s, func(server *httptest.Server) {
		server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
		server.StartTLS()
	})
	got := s.start(rotation).ends(report.ExitFailed, "failed", problem.TLS)
	got.says(t, "The server's certificate has expired or is not valid yet by the clock of this machine")
	got.says(t, problem.HintClock)
	if want := "Certificate 1 of ca_cert expired at "; !strings.Contains(got.log, want) || len(got.requests) > 0 {
		t.Errorf("%q is not in the log, or there are requests %q: %s", want, got.requests, got.log)
	}
}
