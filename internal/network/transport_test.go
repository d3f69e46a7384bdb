package network_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"io/fs"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/network"
)

// machine is an environment with files, which notes those that are asked for.
type machine struct {
	env.Env
	mu    sync.Mutex
	asked []string
}

func newMachine(files map[string]string, pairs ...string) *machine {
	m := &machine{}
	m.Lookup = variables(pairs...)
	m.Open = func(name string) (io.ReadCloser, error) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.asked = append(m.asked, name)
		text, found := files[name]
		if !found {
			return nil, fs.ErrNotExist
		}
		return io.NopCloser(strings.NewReader(text)), nil
	}
	return m
}

// tlsServer is a server whose certificate no system trusts.
type tlsServer struct {
	*httptest.Server
	cert   string // in PEM
	bodies []string
}

func newTLSServer(t *testing.T, config *tls.Config) *tlsServer {
	t.Helper()
	s := &tlsServer{}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.bodies = append(s.bodies, string(body))
	}))
	s.TLS = config
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	s.cert = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}))
	return s
}

// pool is a system that trusts the server.
func (s *tlsServer) pool() (*x509.CertPool, error) {
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return pool, nil
}

func newTransport(t *testing.T, o network.Options) *network.Transport {
	t.Helper()
	if o.Env.Lookup == nil {
		o.Env = newMachine(nil).Env
	}
	if o.Host == "" {
		o.Host = "127.0.0.1" // where all servers of these tests are
	}
	transport := network.NewTransport(o)
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// send sends a text and returns how that failed.
func send(t *testing.T, transport http.RoundTripper, address, body string) error {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := transport.RoundTrip(r)
	if err == nil {
		_ = resp.Body.Close()
	}
	return err
}

// wantTrust checks that a server is trusted, and that nothing is sent to one
// that is not.
func wantTrust(t *testing.T, s *tlsServer, transport http.RoundTripper, trusted bool) {
	t.Helper()
	err := send(t, transport, s.URL, "text")
	var unverified *tls.CertificateVerificationError
	switch {
	case trusted && (err != nil || len(s.bodies) != 1):
		t.Errorf("%v, and %d requests arrived", err, len(s.bodies))
	case !trusted && (!errors.As(err, &unverified) || len(s.bodies) != 0):
		t.Errorf("%v, and %d requests arrived; want an unknown authority", err, len(s.bodies))
	}
}

// forNobody is a CACert that speaks for no server.
const forNobody = "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n"

func TestServersAreTrustedByTheSystemOrByTheCACert(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options func(*tlsServer) network.Options
		trusted bool
	}{
		"nobody speaks for it": {func(*tlsServer) network.Options { return network.Options{} }, false},
		"the CA certificate":   {func(s *tlsServer) network.Options { return network.Options{CACert: []byte(s.cert)} }, true},
		"the system": {func(s *tlsServer) network.Options {
			return network.Options{CACert: []byte(forNobody), SystemRoots: s.pool}
		}, true},
		"the CA certificate on a system without any": {func(s *tlsServer) network.Options {
			return network.Options{CACert: []byte(s.cert), SystemRoots: func() (*x509.CertPool, error) { return nil, errors.New("none") }}
		}, true},
		"neither": {func(*tlsServer) network.Options {
			return network.Options{CACert: []byte(forNobody), SystemRoots: func() (*x509.CertPool, error) { return x509.NewCertPool(), nil }}
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTLSServer(t, nil)
			wantTrust(t, s, newTransport(t, test.options(s)), test.trusted)
		})
	}
}

func TestACertificateOfAnotherHostIsNotTrusted(t *testing.T) {
	t.Parallel()
	s := newTLSServer(t, nil)
	s.URL = strings.Replace(s.URL, "127.0.0.1", "localhost", 1) // which the certificate does not name
	wantTrust(t, s, newTransport(t, network.Options{CACert: []byte(s.cert)}), false)
}

func TestOldVersionsOfTLSAreRefused(t *testing.T) {
	t.Parallel()
	s := newTLSServer(t, &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11})
	if err := send(t, newTransport(t, network.Options{CACert: []byte(s.cert)}), s.URL, "text"); err == nil || len(s.bodies) != 0 {
		t.Errorf("%v, and %d requests arrived", err, len(s.bodies))
	}
}

// A bundle that is not enough costs a handshake, and no request: its body, which
// the first attempt has closed, arrives whole and once.
func TestARequestArrivesOnceWhenTheBundleIsNotEnough(t *testing.T) {
	t.Parallel()
	s := newTLSServer(t, nil)
	transport := newTransport(t, network.Options{CACert: []byte(forNobody), SystemRoots: s.pool})
	for _, body := range []string{"first", "second"} {
		if err := send(t, transport, s.URL, body); err != nil {
			t.Error(err)
		}
	}
	if d := cmp.Diff([]string{"first", "second"}, s.bodies); d != "" {
		t.Error(d)
	}
}

func TestTheProxyIsTheOneThatIsHandedIn(t *testing.T) {
	t.Parallel()
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked = append(asked, r.RequestURI) }))
	t.Cleanup(proxy.Close)
	transport := newTransport(t, network.Options{Proxy: func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }})
	if err := send(t, transport, "http://nairi.invalid/path", "text"); err != nil {
		t.Error(err)
	}
	if d := cmp.Diff([]string{"http://nairi.invalid/path"}, asked); d != "" {
		t.Error(d)
	}
}

func TestTheHeaderOfAnAnswerIsBounded(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X", strings.Repeat("x", 1<<20))
	}))
	t.Cleanup(server.Close)
	if err := send(t, newTransport(t, network.Options{}), server.URL, "text"); err == nil {
		t.Error("a header of 1 MiB was read")
	}
}

// To look for certificates takes longer than a whole run: nothing is read that
// no connection needs.
func TestNothingIsReadBeforeTheFirstConnection(t *testing.T) {
	t.Parallel()
	m := newMachine(nil)
	plain := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(plain.Close)
	transport := network.NewTransport(network.Options{
		Env: m.Env,
		SystemRoots: func() (*x509.CertPool, error) {
			t.Error("the system's certificates were read")
			return nil, errors.New("not asked for")
		},
	})
	if err := send(t, transport, plain.URL, "text"); err != nil {
		t.Error(err)
	}
	transport.CloseIdleConnections()
	if len(m.asked) != 0 {
		t.Errorf("read %q for a connection without TLS", m.asked)
	}
}
