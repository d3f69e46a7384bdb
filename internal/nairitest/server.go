package nairitest

import (
	"crypto/tls"
	"net/http/httptest"
	"time"
)

// Server is an emulator that listens on 127.0.0.1 for the length of a test.
type Server struct {
	*Emulator
	BaseURL string // without the path, as in NAIRI_BASE_URL
	Key     string // the API key that was accepted at the start
	VaultID string // of a vault that is there and empty
	CA      []byte // of StartTLS: the certificate to trust, as PEM

	http *httptest.Server
}

// TB is what this package needs of a testing.TB. Package testing itself would be
// linked into cmd/nairi-emulator, with its flags.
type TB interface {
	Helper()
	Cleanup(func())
	Fatal(args ...any)
}

// Start serves a new emulator until the test ends.
func Start(t TB, o Options) *Server {
	t.Helper()
	s := newServer(t, o)
	s.http.Start()
	s.BaseURL = s.http.URL
	return s
}

// StartTLS is Start with HTTPS, by a certificate authority of its own. It
// speaks HTTP/1.1 alone: in HTTP/2 there is no connection of a request to break.
func StartTLS(t TB, o Options) *Server {
	t.Helper()
	certificate, ca, err := NewCertificate(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(t, o)
	s.CA = ca
	s.http.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	s.http.StartTLS()
	s.BaseURL = s.http.URL
	return s
}

func newServer(t TB, o Options) *Server {
	e := New(o)
	s := &Server{Emulator: e, Key: e.Options().Key, VaultID: e.AddVault("default")}
	s.http = httptest.NewUnstartedServer(e)
	t.Cleanup(s.Close)
	return s
}

// Close cuts every connection and stops listening. Calls after the first do
// nothing.
func (s *Server) Close() {
	s.http.CloseClientConnections()
	s.http.Close()
}
